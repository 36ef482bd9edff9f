"""年度交流任务: list, page, setting many at once, reporting, checking."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.exchange import forms, queries
from competitions.exchange.domain import duties
from competitions.exchange.enums import DutyState
from competitions.exchange.tables import DutyFilters, DutyTable
from competitions.exchange.views.base import TABS, action, crumb
from portal.core.dates import local_date
from portal.core.errors import DomainError
from portal.core.policies import may
from portal.web.formats import cn_date, cn_datetime
from portal.web.ui import Crumb, Fact, PageContext, SavedView
from portal.web.views import BulkActionView, DetailView, FormView, ListView, Tabbed


class DutyList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "duty.view"
    table_class = DutyTable
    filters_class = DutyFilters
    title = _("年度交流任务")
    subtitle = _("获得命名的典型每年至少交流几次，由布置的工会检查；次数按登记的案例、活动、参观计算。")
    export_name = _("典型年度交流任务")
    saved_views = (
        SavedView(_("待完成"), "state=open"),
        SavedView(_("待检查"), "state=reported"),
        SavedView(_("逾期未报告"), "late=on"),
    )

    def get_queryset(self) -> Any:
        return queries.duties()


class DutySet(BulkActionView):
    policy_action = "duty.set"
    label = _("布置年度交流任务")
    form_class = forms.DutyForm

    def get_queryset(self) -> Any:
        this_year = local_date(self.now).year
        return queries.holders(this_year) | queries.holders(this_year - 1)

    def back_url(self) -> str:
        return reverse("competitions:sharing.list")

    def row_title(self, obj: Any) -> str:
        return f"{obj}（{obj.organisation.label}）"

    def perform(self, objects: list[Any], data: dict[str, Any]) -> HttpResponse:
        try:
            made, passed = duties.set_duties(actor=self.actor, entries=objects, now=self.now, **data)
        except DomainError as error:
            return self.fail(error.message, self.back_url())
        words = _t("已布置%d项，会出现在其工会的工作台。") % made
        words += _t("%d项本年度已经布置过。") % passed if passed else ""
        return self.done(words, reverse("competitions:duty.list"))


class OneDuty:
    view_action = "duty.view"
    context_name = "duty"

    def get_queryset(self) -> Any:
        return queries.duties()

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("duty.list"), Crumb(self.object.entry.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class DutyDetail(OneDuty, DetailView):
    policy_action = "duty.view"
    template_name = "competitions/duty_detail.html"

    def page(self) -> PageContext:
        row, found = self.object, []
        if may(self.actor, "duty.report", row):
            label = _("修改报告") if row.state == DutyState.REPORTED else _("报告完成情况")
            found.append(action(label, "duty.report", row.pk, icon="edit", kind="primary"))
        overdue = row.state == DutyState.OPEN and local_date(self.now) > row.due_on
        if (row.state == DutyState.REPORTED or overdue) and may(self.actor, "duty.check", row):
            found.append(action(_("检查"), "duty.check", row.pk, icon="check", kind="primary"))
        return PageContext(
            title=row.entry.title, subtitle=_t("%d年交流任务") % row.year, badge=row.badge, crumbs=[crumb("duty.list")],
            actions=found,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        settled = row.state in {DutyState.PASSED, DutyState.FAILED}
        return {
            "times": row.done_times if settled else queries.shared_in(row),
            "facts": [
                Fact(_("所属工会"), row.organisation.name),
                Fact(_("项目"), row.entry.cycle.programme.title),
                Fact(_("布置"), f"{row.set_from.name}，{cn_datetime(row.set_at)}"),
                Fact(_("完成期限"), cn_date(row.due_on)),
                Fact(_("任务内容"), row.words, wide=True),
            ],
        }


class DutyReport(OneDuty, FormView):
    policy_action = "duty.report"
    form_class = forms.DutyReportForm
    title = _("报告交流任务完成情况")
    submit_label = _("报告")

    def get_initial(self) -> dict[str, Any]:
        return {"report": self.object.report}

    def perform(self, form: Any) -> HttpResponse:
        row = duties.report_duty(actor=self.actor, duty=self.object, report=form.cleaned_data["report"], now=self.now)
        return self.done(_("已报告，等待检查。"), row.get_absolute_url())


class DutyCheck(OneDuty, FormView):
    policy_action = "duty.check"
    form_class = forms.DutyCheckForm
    title = _("检查交流任务")
    submit_label = _("提交检查结论")

    @property
    def intro(self) -> Any:
        words = {"a": self.object.wanted, "b": queries.shared_in(self.object)}
        return _("要求交流%(a)d次，平台登记%(b)d次。") % words

    def perform(self, form: Any) -> HttpResponse:
        row = duties.check_duty(actor=self.actor, duty=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已检查。"), row.get_absolute_url())
