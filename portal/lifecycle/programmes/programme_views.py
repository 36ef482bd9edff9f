"""项目与方案: programmes, the versions of their blueprints, and publishing a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.policies import may
from portal.lifecycle.blueprints.loader import BlueprintInvalid, definition_from_toml, from_definition
from portal.lifecycle.programmes import domain, queries
from portal.lifecycle.programmes.tables import ProgrammeFilters, ProgrammeTable
from portal.lifecycle.programmes.views import section_tabs
from portal.web.forms import BaseForm
from portal.web.ui import Action, Badge, Crumb, PageContext, Tab
from portal.web.views import DetailView, FormView, ListView

MAX_BYTES = 512 * 1024


def programme_crumb() -> Crumb:
    return Crumb(_("项目与方案"), reverse("lifecycle:programme.list"))


class ProgrammeList(ListView):
    policy_action = "cycle.view"
    table_class = ProgrammeTable
    filters_class = ProgrammeFilters
    title = _("届次与日历")

    def get_queryset(self) -> Any:
        return queries.programmes(actor=self.actor)

    def page_tabs(self) -> list[Tab]:
        return section_tabs("programme.list")

    def page_actions(self) -> list[Action]:
        return [
            Action(_("装入方案"), reverse("lifecycle:blueprint.load"), icon="upload", policy_action="cycle.create"),
        ]


class ProgrammeDetail(DetailView):
    """A programme with its stages, the values that still need the federation's word, versions and cycles."""

    policy_action = "cycle.view"
    template_name = "lifecycle/programme_detail.html"
    context_name = "programme"

    def get_queryset(self) -> Any:
        return queries.programmes(actor=self.actor)

    def page(self) -> PageContext:
        programme = self.object
        actions = []
        if may(self.actor, "cycle.create", programme):
            url = f"{reverse('lifecycle:cycle.create')}?programme={programme.pk}"
            actions.append(Action(_("开设届次"), url, icon="plus", kind="primary"))
        actions += self._workshop()
        badge = Badge(_("在用"), "ok") if programme.is_active else Badge(_("停用"), "neutral")
        return PageContext(title=programme.title, badge=badge, crumbs=[programme_crumb()], actions=actions)

    def _workshop(self) -> list[Action]:
        """Ways into the workshop: the programme's next version, or a new programme after its model."""
        newest = self.object.blueprints.order_by("-version").first()
        if newest is None or not may(self.actor, "draft.create"):
            return []
        copy = f"{reverse('lifecycle:draft.copy')}?blueprint={newest.pk}"
        actions = [Action(_("复制为新项目"), copy, icon="copy")]
        if may(self.actor, "cycle.create", self.object):
            revise = f"{reverse('lifecycle:draft.revise')}?programme={self.object.pk}"
            actions.insert(0, Action(_("修改方案"), revise, icon="edit"))
        return actions

    def context(self) -> dict[str, Any]:
        versions = list(self.object.blueprints.order_by("-version"))
        shown = next((b for b in versions if str(b.version) == self.request.GET.get("version")), None)
        shown = shown or next(iter(versions), None)
        older = next((b for b in versions if shown and b.version < shown.version), None)
        return {
            "versions": versions,
            "shown": shown,
            "rules": shown.rules if shown else None,
            "older": older,
            "changes": queries.blueprint_changes(older, shown) if older else [],
            "cycles": queries.cycles(actor=self.actor).filter(programme=self.object)[:20],
        }


class BlueprintForm(BaseForm):
    """A programme file; what is wrong in it is listed with its place in the file."""

    file = forms.FileField(
        label=_("方案文件（.toml）"), help_text=_("保存前会逐项检查；与现行版本相同时不会产生新版本。")
    )
    reason = forms.CharField(
        label=_("修改说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_file(self) -> dict[str, Any]:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(_t("文件超过512KB，不像是方案文件。"))
        try:
            definition = definition_from_toml(upload.read().decode("utf-8"))
            from_definition(definition)
        except UnicodeDecodeError as error:
            raise ValidationError(_t("文件不是UTF-8编码，请另存为UTF-8后再装入。")) from error
        except BlueprintInvalid as error:
            raise ValidationError([str(problem) for problem in error.errors[:50]]) from error
        return definition


class BlueprintLoad(FormView):
    policy_action = "cycle.create"
    form_class = BlueprintForm
    title, submit_label = _("装入方案"), _("检查并发布")
    intro = _("装入后成为该项目的最新版本；进行中的届次仍按开设时的版本办理。")

    def page_crumbs(self) -> list[Crumb]:
        return [programme_crumb()]

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.desk.organisation_id)
        loaded = domain.load_blueprint(
            definition=form.cleaned_data["file"],
            owner=owner,
            actor=self.actor,
            now=self.now,
            reason=form.cleaned_data["reason"],
        )
        url = reverse("lifecycle:programme.detail", kwargs={"pk": loaded.programme.pk})
        if not loaded.is_new:
            return self.done(_t("内容与现行第%(n)s版相同，没有产生新版本。") % {"n": loaded.blueprint.version}, url)
        return self.done(_t("第%(n)s版已发布，以后开设的届次按这一版办理。") % {"n": loaded.blueprint.version}, url)
