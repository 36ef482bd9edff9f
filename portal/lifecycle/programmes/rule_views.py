"""调整规则 of a run: the form, the difference in words with those concerned, and only then the act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.crypto import blind_index
from portal.lifecycle.programmes import domain, queries
from portal.lifecycle.programmes.amendable import Setting, settings_of, version_obstacles
from portal.lifecycle.programmes.announcements import concerned_names
from portal.lifecycle.programmes.forms import REASON_MAX
from portal.lifecycle.programmes.models import Blueprint
from portal.lifecycle.programmes.views import CycleFormView
from portal.web.forms import BaseForm, dress
from portal.web.ui import Action, Section


class NoticeForm(BaseForm):
    """Why, and whether the public learns of it."""

    reason = forms.CharField(
        label=_("调整原因"),
        max_length=REASON_MAX,
        help_text=_("调整会记入办理记录，并通知有关的工会、单位和专家。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_public = forms.BooleanField(label=_("同时在公开的征集页面公布这次调整"), required=False, initial=True)


class RulesForm(NoticeForm):
    """One field for each value that may be changed."""

    def __init__(self, *args: Any, settings: list[Setting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.settings = settings
        groups: dict[str, list[str]] = {}
        for setting in settings:
            field = self._field(setting)
            dress(field)
            self.fields[setting.name] = field
            groups.setdefault(setting.group, []).append(setting.name)
        sections = [Section(group, tuple(names), key=f"group-{n}") for n, (group, names) in enumerate(groups.items())]
        self.sections = [*sections, Section(_("原因"), ("reason", "is_public"), key="reason")]

    def _field(self, setting: Setting) -> forms.Field:
        if setting.is_text:
            return forms.CharField(
                label=setting.label,
                initial=setting.value,
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        if setting.is_decimal:
            field: forms.Field = forms.DecimalField(
                label=setting.label, initial=setting.value, min_value=0, max_digits=14, decimal_places=2
            )
        else:
            field = forms.IntegerField(label=setting.label, initial=setting.value, min_value=0, max_value=100_000)
        if setting.least:
            field.help_text = _("只能延长")
        if setting.fixed:
            field.disabled, field.help_text = True, setting.fixed
        field.span = "third" if len(setting.path) < 4 else "half"  # names of levels are long
        return field

    def values(self) -> dict[str, Any]:
        """By field name; line ends as the blueprint has them."""
        data = self.cleaned_data
        return {s.name: data[s.name].replace("\r\n", "\n") if s.is_text else data[s.name] for s in self.settings}


class CycleRules(CycleFormView):
    policy_action = "cycle.amend"
    template_name = "lifecycle/cycle_rules.html"
    form_class = RulesForm
    title, submit_label = _("调整规则"), _("下一步：核对改动")
    intro = _(
        "只调整本届：名额、上限、期限、评审人数和去分办法、分数线、预算和文字。方案本身不变，下一届不受影响；评审办法、分数线和预算在该环节开始后不能再改，已完成的环节都不能再改。"
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"settings": settings_of(self.object)}

    def perform(self, form: Any) -> HttpResponse:
        """First the difference in words; the act when exactly that was confirmed."""
        values, reason = form.cleaned_data, form.cleaned_data["reason"]
        proposal = domain.propose(self.object, form.values(), now=self.now)
        seal = blind_index("\n".join(proposal.lines))
        if self.request.POST.get("confirmed") != seal:
            names, drafting, experts = concerned_names(self.object)
            return self.render(
                form=form, lines=proposal.lines, seal=seal, concerned=names, drafting=drafting, experts=experts
            )
        domain.amend_rules(
            cycle=self.object,
            values=form.values(),
            actor=self.actor,
            now=self.now,
            reason=reason,
            is_public=values["is_public"],
        )
        return self.done(_t("规则已调整，已通知有关工会、单位和专家。"), self.object.get_absolute_url())


class CycleVersion(CycleFormView):
    policy_action = "cycle.amend"
    template_name = "lifecycle/cycle_version.html"
    form_class = NoticeForm
    title, submit_label = _("改用新版方案"), _("改用新版并通知")
    confirm = _("确定本届改用新版方案吗？改用后不能换回旧版。")

    @cached_property
    def newest(self) -> Blueprint | None:
        """The newest published version when it is newer than the pinned one."""
        rows = self.object.programme.blueprints.filter(
            published_at__isnull=False, version__gt=self.object.blueprint.version
        )
        return rows.order_by("-version").first()

    def context(self) -> dict[str, Any]:
        found = super().context() | {"newest": self.newest}
        if self.newest is None:
            rules = reverse("lifecycle:cycle.rules", kwargs={"pk": self.object.pk})
            return found | {"to_rules": Action(_("调整规则"), rules, icon="adjustments")}
        names, drafting, experts = concerned_names(self.object)
        return found | {
            "obstacles": version_obstacles(self.object, self.newest),
            "changes": queries.blueprint_changes(self.object.blueprint, self.newest),
            "concerned": names,
            "drafting": drafting,
            "experts": experts,
        }

    def perform(self, form: Any) -> HttpResponse:
        if self.newest is None:
            return self.fail(
                _t("没有更新的方案版本。"), reverse("lifecycle:cycle.version", kwargs={"pk": self.object.pk})
            )
        domain.move_to_version(
            cycle=self.object, blueprint=self.newest, actor=self.actor, now=self.now, **form.cleaned_data
        )
        message = _t("本届已改用第%(n)s版方案，已通知有关工会、单位和专家。") % {"n": self.newest.version}
        return self.done(message, self.object.get_absolute_url())
