"""Reports of the periods: list, page, reporting, accepting, returning."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects import forms, overview, queries
from competitions.projects.domain import progress
from competitions.projects.domain.progress import FIGURES
from competitions.projects.enums import PeriodState
from competitions.projects.tables import PeriodFilters, PeriodTable
from competitions.projects.views.base import ROOM_TABS, OfOnePart, list_crumb
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FormView, ListView, Tabbed


class PeriodList(Tabbed, ListView):
    room_tabs = ROOM_TABS
    policy_action = "period.view"
    table_class = PeriodTable
    filters_class = PeriodFilters
    title = _("工程进展")
    export_name = _("重点工程进展")
    saved_views = (
        SavedView(_("待审核"), "state=submitted"),
        SavedView(_("逾期未报"), "late=on"),
        SavedView(_("已开始的"), "begun=on"),
    )

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_queryset(self) -> Any:
        return queries.periods()


class OnePeriod(OfOnePart):
    view_action = "period.view"
    asks_project = False

    def get_queryset(self) -> Any:
        return queries.periods()

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class PeriodDetail(OnePeriod, DetailView):
    policy_action = "period.view"
    template_name = "competitions/period_detail.html"
    context_name = "period"

    def page(self) -> PageContext:
        period = self.object
        possible = (
            ("report", _("报送进展") if period.state == PeriodState.WAITING else _("修改后重报"), "report", "send", ""),
            ("accept", _("审核通过"), "decide", "check", _("通过后计入进度灯和进度曲线。")),
            ("return", _("退回补充"), "decide", "arrow-back-up", ""),
        )
        actions = [
            Action(
                label, reverse(f"competitions:period.{name}", kwargs={"pk": period.pk}), icon=icon, post=bool(confirm),
                confirm=confirm, kind="secondary" if name == "return" else "primary",
            )
            for name, label, action, icon, confirm in possible
            if may(self.actor, f"period.{action}", period)
        ]  # fmt: skip
        return PageContext(title=str(period), badge=period.badge, crumbs=self.page_crumbs(), actions=actions)

    def context(self) -> dict[str, Any]:
        return {
            "facts": overview.report_facts(self.object),
            "files": list(queries.files().filter(period=self.object)),
            "is_owed": self.object.state in queries.OWED,
        }


class PeriodReport(OnePeriod, FormView):
    policy_action = "period.report"
    form_class = forms.ReportForm
    submit_label = _("报送进展")

    def page_title(self) -> Any:
        return _("报送%s进展") % self.object.label

    def get_initial(self) -> dict[str, Any]:
        names = (*FIGURES, "words", "difficulties")
        return {name: getattr(self.object, name) for name in names}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        period = progress.report_period(
            actor=self.actor, period=self.object, figures=form.figures, words=data["words"],
            difficulties=data["difficulties"], files=data["files"], now=self.now,
        )  # fmt: skip
        return self.done(_("%s进展已报送，等待管理工会审核。") % period.label, period.get_absolute_url())


class PeriodAccept(OnePeriod, ActionView):
    policy_action = "period.decide"

    def perform(self) -> HttpResponse:
        period = progress.accept_period(actor=self.actor, period=self.object, now=self.now)
        return self.done(_("%s进展已审核，进度灯已更新。") % period.label, period.project.get_absolute_url())


class PeriodReturn(OnePeriod, FormView):
    policy_action = "period.decide"
    form_class = forms.ReturnForm
    title = _("退回补充")
    submit_label = _("退回补充")

    def perform(self, form: Any) -> HttpResponse:
        period = progress.return_period(actor=self.actor, period=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，填报单位的工作台会提示新的期限。"), period.get_absolute_url())
