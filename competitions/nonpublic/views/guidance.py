"""Schemes by kind of enterprise: found by what a unit is, downloaded, taken over into a new filing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings.views.filings import PREFILL
from competitions.nonpublic import forms, queries
from competitions.nonpublic.domain import guidance
from competitions.nonpublic.domain.guidance import FACTS
from competitions.nonpublic.models.guidance import KINDS
from competitions.nonpublic.papers import guidance_docx
from competitions.nonpublic.tables import GuidanceFilters, GuidanceTable
from competitions.nonpublic.views.base import FOLLOWING
from portal.accounts.models import Employer, Organisation
from portal.core.policies import may
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def list_crumb() -> Crumb:
    return Crumb(_("分类指导模板"), reverse("competitions:guidance.list"))


class GuidanceList(Tabbed, ListView):
    room_tabs = FOLLOWING
    policy_action = "guidance.view"
    table_class = GuidanceTable
    filters_class = GuidanceFilters
    title = _("分类指导模板")
    subtitle = _("按企业类型备好的竞赛方案：选上本单位的类型，下载修改，或者直接用它立项。")
    export_name = _("分类指导模板")
    saved_views = (SavedView(_("已发布"), "status=published"),)

    def get_queryset(self) -> Any:
        return queries.guidance(self.actor)

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "guidance.write"):
            return []
        return [Action(_("起草模板"), reverse("competitions:guidance.write"), icon="plus", kind="primary")]


class OneTemplate:
    view_action = "guidance.view"

    def get_queryset(self) -> Any:
        return queries.guidance(self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class GuidanceDetail(OneTemplate, DetailView):
    policy_action = "guidance.view"
    template_name = "competitions/guidance_detail.html"
    context_name = "template"

    def page(self) -> PageContext:
        row = self.object
        posts = {"use", "publish", "discard", "next"}
        confirm = {
            "publish": _("发布后全市各级工会和单位都能看到，不能再修改；前一版同时停用。"),
            "discard": _("草稿删除后不能恢复。"),
        }
        possible = (
            ("use", _("用此模板立项"), "guidance.use", "file-plus", "primary"),
            ("publish", _("发布"), "guidance.change", "send", "primary"),
            ("paper", _("下载Word"), "guidance.view", "download", "secondary"),
            ("change", _("修改"), "guidance.change", "edit", "secondary"),
            ("next", _("起草新版本"), "guidance.withdraw", "versions", "secondary"),
            ("withdraw", _("撤回"), "guidance.withdraw", "arrow-back-up", "secondary"),
            ("discard", _("删除草稿"), "guidance.change", "trash", "danger"),
        )
        actions = [
            Action(
                label, reverse(f"competitions:guidance.{name}", kwargs={"pk": row.pk}), icon=icon, kind=kind,
                post=name in posts, confirm=confirm.get(name, ""),
            )
            for name, label, policy, icon, kind in possible
            if may(self.actor, policy, row) and not (name == "use" and may(self.actor, "guidance.change", row))
        ]  # fmt: skip
        return PageContext(
            title=row.title, subtitle=row.kinds_label, badge=row.badge, crumbs=[list_crumb()], actions=actions
        )

    def context(self) -> dict[str, Any]:
        row = self.object
        names = {name: row._meta.get_field(name).verbose_name for name in FACTS}
        facts = [Fact(names[name], row.words_of(name)) for name in KINDS]
        facts += [Fact(_("发布工会"), row.owner.name), Fact(_("版本"), row.version)]
        if row.withdrawn_reason:
            facts.append(Fact(_("撤回原因"), row.withdrawn_reason, wide=True))
        parts = [
            Fact(names[name], getattr(row, name), wide=True) for name in ("aims", "indicators", "procedure", "rewards")
        ]
        versions = [v for v in self.get_queryset().filter(series=row.series).order_by("-version") if v.pk != row.pk]
        return {"facts": facts, "parts": parts, "versions": versions}


class GuidanceWrite(FormView):
    policy_action = "guidance.write"
    form_class = forms.GuidanceForm
    title = _("起草模板")
    submit_label = _("保存草稿")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = guidance.write_guidance(actor=self.actor, owner=owner, facts=form.cleaned_data, now=self.now)
        return self.done(_("草稿已保存，核对后发布。"), row.get_absolute_url())


class GuidanceChange(OneTemplate, FormView):
    policy_action = "guidance.change"
    form_class = forms.GuidanceForm
    title = _("修改模板")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form: Any) -> HttpResponse:
        guidance.change_guidance(actor=self.actor, template=self.object, facts=form.cleaned_data, now=self.now)
        return self.done(_("已修改。"), self.object.get_absolute_url())


class GuidancePublish(OneTemplate, ActionView):
    policy_action = "guidance.change"

    def perform(self) -> HttpResponse:
        row = guidance.publish_guidance(actor=self.actor, template=self.object, now=self.now)
        return self.done(_("已发布。"), row.get_absolute_url())


class GuidanceDiscard(OneTemplate, ActionView):
    policy_action = "guidance.change"

    def perform(self) -> HttpResponse:
        guidance.discard_draft(actor=self.actor, template=self.object, now=self.now)
        return self.done(_("草稿已删除。"), reverse("competitions:guidance.list"))


class GuidanceNext(OneTemplate, ActionView):
    policy_action = "guidance.withdraw"

    def perform(self) -> HttpResponse:
        row = guidance.next_version(actor=self.actor, template=self.object, now=self.now)
        return self.done(_("新版本的草稿已建好，修改后发布。"), row.get_absolute_url())


class GuidanceWithdraw(OneTemplate, FormView):
    policy_action = "guidance.withdraw"
    form_class = forms.WithdrawForm
    title = _("撤回模板")
    submit_label = _("撤回")
    submit_kind = "danger"

    def perform(self, form: Any) -> HttpResponse:
        guidance.withdraw_guidance(actor=self.actor, template=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已撤回。"), self.object.get_absolute_url())


class GuidancePaper(OneTemplate, FileDownloadView):
    """``?employer=`` writes the unit's name into the paper; a desk of one unit needs not say which."""

    policy_action = "guidance.view"

    def get_file(self) -> tuple[Any, str, str]:
        rows = Employer.objects.filter(organisation__path=self.actor.path)
        asked = self.request.GET.get("employer", "")
        unit = (Employer.objects.filter(pk=asked).first() if asked.isdigit() else None) or rows.first()
        return guidance_docx(self.object, unit=unit.name if unit else ""), f"{self.object.title}.docx", DOCX


class GuidanceUse(OneTemplate, ActionView):
    """Leads to the form of a new filing with the scheme written in; nothing is stored before that form is."""

    policy_action = "guidance.use"

    def perform(self) -> HttpResponse:
        row = self.object
        layer = row.layers[0] if len(row.layers) == 1 else ""
        self.request.session[PREFILL] = {
            "topic": row.aims, "scheme": f"{row.procedure}\n\n竞赛指标：\n{row.indicators}", "awards": row.rewards,
            "layer": layer,
        }  # fmt: skip
        return self.done(
            _("已按模板填好目标、方案和奖励办法，请补充名称和竞赛形式。"),
            f"{reverse('competitions:filing.create')}?prefill=1",
        )
