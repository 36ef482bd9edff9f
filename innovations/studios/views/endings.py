"""摘牌 by two people; change of the leader and end of a studio."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from innovations.studios import forms, queries
from innovations.studios.domain import endings
from innovations.studios.views.base import OneStudio, home_crumb
from portal.core.dates import local_date
from portal.web.ui import Crumb
from portal.web.views import FormView


class RemovalPropose(OneStudio, FormView):
    policy_action = "studio.propose"
    form_class = forms.RemovalForm
    title = _("提出摘牌")
    submit_label = _("提交复核")
    submit_kind = "danger"

    @property
    def intro(self) -> Any:
        return f"{self.object.name}　{self.object.level_label}　{self.object.naming_number}"

    def perform(self, form: Any) -> HttpResponse:
        endings.propose_removal(actor=self.actor, studio=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已提出，等另一人复核。"), self.object.get_absolute_url())


class RemovalDecide(FormView):
    policy_action = "studio.remove"
    view_action = "studio.view"
    form_class = forms.DecideForm
    title = _("复核摘牌")
    submit_label = _("提交")

    def get_queryset(self) -> Any:
        return queries.removals()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(self.object.studio.name, self.object.get_absolute_url())]

    @property
    def intro(self) -> Any:
        return _("拟摘牌：%(studio)s。提出人：%(who)s。原因：%(why)s") % {
            "studio": self.object.studio, "who": self.object.proposed_by, "why": self.object.reason,
        }  # fmt: skip

    def perform(self, form: Any) -> HttpResponse:
        agreed = form.cleaned_data["agreed"] == "1"
        endings.decide_removal(
            actor=self.actor, removal=self.object, agreed=agreed, words=form.cleaned_data["words"], now=self.now
        )
        message = _("已摘牌，请收回牌匾。") if agreed else _("工作室保留。")
        return self.done(message, self.object.get_absolute_url())


class RequestAdd(OneStudio, FormView):
    policy_action = "studio.ask"
    form_class = forms.RequestForm
    title = _("申请变更、注销")
    submit_label = _("提交申请")
    intro = _("领衔人退休、调离的申请变更领衔人；单位关停、迁出或不再运行的申请注销。由命名单位另一人审核后生效。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"studio": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        endings.ask_change(
            actor=self.actor, studio=self.object, facts=form.facts, file=form.cleaned_data["file"], now=self.now
        )
        return self.done(_("已提交，等命名单位审核。"), self.object.get_absolute_url())


class RequestDecide(FormView):
    policy_action = "studio.decide"
    view_action = "studio.view"
    form_class = forms.RequestDecideForm
    title = _("审核变更、注销申请")
    submit_label = _("提交")

    def get_queryset(self) -> Any:
        return queries.requests()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(self.object.studio.name, self.object.get_absolute_url())]

    @property
    def intro(self) -> Any:
        row = self.object
        new = _("新领衔人：%s。") % f"{row.new_leader}（{row.new_post or '—'}）" if row.new_leader else ""
        return f"{row.get_kind_display()}，{row.get_reason_display()}，{row.on}。{new}{row.words}"

    def perform(self, form: Any) -> HttpResponse:
        endings.decide_change(
            actor=self.actor, request=self.object, agreed=form.cleaned_data["agreed"] == "1",
            opinion=form.cleaned_data["opinion"], now=self.now,
        )  # fmt: skip
        return self.done(_("已审核。"), self.object.get_absolute_url())
