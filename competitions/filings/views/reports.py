"""阶段报告、年中检查、年终总结, 表彰建议."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings import following_forms as forms
from competitions.filings import queries
from competitions.filings.domain import reports
from competitions.filings.domain.reports import FIGURES, WORDS
from competitions.filings.enums import ReportKind, ReportState
from competitions.filings.following_tables import (
    CommendationFilters,
    CommendationTable,
    ReportFilters,
    ReportTable,
)
from competitions.filings.models import BudgetLine, Commendation, FilingIndicator, FilingReport, ReportFile
from competitions.filings.views.base import OfOneFiling, OfOnePart, tabs, url_of
from portal.core.policies import may
from portal.web.ui import Action, Fact, PageContext, SavedView, Tab
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView


class ReportList(ListView):
    policy_action = "filingreport.view"
    table_class = ReportTable
    filters_class = ReportFilters
    title = _("竞赛报告")
    export_name = _("竞赛报告台账")
    saved_views = (
        SavedView(_("待本级审核"), "decide=on"),
        SavedView(_("本级报送"), "mine=on"),
        SavedView(_("逾期未报"), "late=on"),
        SavedView(_("年中检查"), "kind=midterm"),
        SavedView(_("年终总结"), "kind=summary"),
    )

    def get_queryset(self) -> Any:
        return queries.reports().filter(filing__owner__path__startswith=self.actor.path)

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, "filingreport.list")


class _OneReport(OfOnePart):
    view_action = "filingreport.view"
    asks_filing = False

    def get_queryset(self) -> Any:
        return queries.reports()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class ReportDetail(_OneReport, DetailView):
    policy_action = "filingreport.view"
    template_name = "competitions/filingreport_detail.html"
    context_name = "report"

    def page(self) -> PageContext:
        report = self.object
        label = _("报送报告") if report.state == ReportState.WAITING else _("修改后重报")
        possible = (
            ("write", label, "report", "send", "primary"),
            ("accept", _("审核通过"), "decide", "check", "primary"),
            ("return", _("退回补充"), "decide", "arrow-back-up", "secondary"),
        )
        actions = [
            Action(text, url_of(f"filingreport.{name}", report), icon=icon, kind=kind)
            for name, text, action, icon, kind in possible
            if may(self.actor, f"filingreport.{action}", report)
        ]
        return PageContext(
            title=report.title, subtitle=report.filing.title, badge=report.badge, crumbs=self.page_crumbs(),
            actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        report, meta = self.object, FilingReport._meta
        is_summary = report.kind == ReportKind.SUMMARY
        units = {"people": _("人"), "times": _("人次"), "units": _("个"), "events": _("场"), "promoted": _("人"),
                 "suggestions": _("条"), "benefit": _("万元")}  # fmt: skip
        return {
            "is_owed": report.state in queries.OWED,
            "figures": [
                Fact(meta.get_field(name).verbose_name, getattr(report, name), unit=units[name])
                for name in FIGURES if getattr(report, name) is not None
            ],
            "texts": [(meta.get_field(name).verbose_name, text) for name in WORDS if (text := getattr(report, name))],
            "indicators": list(FilingIndicator.objects.filter(filing=report.filing)) if is_summary else [],
            "budget": list(BudgetLine.objects.filter(filing=report.filing)) if is_summary else [],
            "files": list(ReportFile.objects.filter(report=report)),
        }  # fmt: skip


class ReportWrite(_OneReport, FormView):
    policy_action = "filingreport.report"
    form_class = forms.ReportForm
    submit_label = _("报送")

    def page_title(self) -> Any:
        return _("报送%s") % self.object.title

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"report": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in (*FIGURES, *WORDS)}

    def perform(self, form: Any) -> HttpResponse:
        row = reports.report(actor=self.actor, report=self.object, now=self.now, **form.answers)
        union = row.filing.reviewer
        message = _("已报送，由%s审核。") % union if union else _("已报送并登记。")
        return self.done(message, row.get_absolute_url())


class ReportAccept(_OneReport, FormView):
    policy_action = "filingreport.decide"
    form_class = forms.ReportAcceptForm
    title = _("审核报告")
    submit_label = _("审核通过")

    def perform(self, form: Any) -> HttpResponse:
        row = reports.accept_report(actor=self.actor, report=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已审核通过。"), row.get_absolute_url())


class ReportReturn(_OneReport, FormView):
    policy_action = "filingreport.decide"
    form_class = forms.ReportReturnForm
    title = _("退回报告")
    submit_label = _("退回补充")

    def perform(self, form: Any) -> HttpResponse:
        row = reports.return_report(actor=self.actor, report=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，主办工会的工作台会提示新的期限。"), row.get_absolute_url())


class ReportDownload(OfOnePart, FileDownloadView):
    policy_action = "filingreport.view"
    view_action = "filingreport.view"
    inline = False

    def get_queryset(self) -> Any:
        return ReportFile.objects.select_related("filing__owner")

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type


class CommendationList(ListView):
    policy_action = "filingreport.view"
    table_class = CommendationTable
    filters_class = CommendationFilters
    title = _("表彰建议")
    subtitle = _("竞赛中涌现的先进集体和个人，由主办工会建议；已移交的可导出，作为评选推荐的参考。")
    export_name = _("竞赛表彰建议")
    saved_views = (SavedView(_("已移交"), "handed=on"),)

    def get_queryset(self) -> Any:
        return queries.commendations()

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, "commendation.list")


class CommendationEdit(OfOneFiling, FormView):
    policy_action = "filingreport.commend"
    form_class = forms.CommendationForm
    template_name = "competitions/filing_form.html"
    title = _("表彰建议")
    submit_label = _("保存")
    narrow = False

    def page_actions(self) -> list[Action]:
        url = reverse("competitions:commendation.hand", kwargs={"pk": self.object.pk})
        return [Action(_("移交上级"), url, icon="send", post=True, confirm=_("请先保存。移交后不能再改。"))]

    def get_initial(self) -> dict[str, Any]:
        columns = ("subject", "name", "unit", "honour", "deeds")
        return {"rows": list(Commendation.objects.filter(filing=self.object).values(*columns))}

    def perform(self, form: Any) -> HttpResponse:
        rows = reports.save_commendations(
            actor=self.actor, filing=self.object, rows=form.cleaned_data["rows"], now=self.now
        )
        url = reverse("competitions:commendation.edit", kwargs={"pk": self.object.pk})
        return self.done(_("已保存%d条。核对无误后点“移交上级”。") % len(rows), url)


class CommendationHand(OfOneFiling, ActionView):
    policy_action = "filingreport.commend"

    def perform(self) -> HttpResponse:
        count = reports.hand_commendations(actor=self.actor, filing=self.object, now=self.now)
        return self.done(_("已移交%d条表彰建议。") % count, self.object.get_absolute_url())
