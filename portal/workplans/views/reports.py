"""Quarterly progress."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.policies import may
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import DetailView, FormView
from portal.workplans.domain.reports import file_report
from portal.workplans.forms import ReportForm
from portal.workplans.models import Scheme
from portal.workplans.queries import reading
from portal.workplans.views.schemes import list_crumb


class _OneReport:
    view_action = "workplan.follow"

    def get_queryset(self) -> Any:
        return reading.reports()

    def page_crumbs(self) -> list[Crumb]:
        scheme = self.object.line.scheme
        return [list_crumb(), Crumb(str(scheme), scheme.get_absolute_url())]

    def page_title(self) -> Any:
        return _("%(task)s · 第%(n)d季度进展") % {"task": self.object.line.task, "n": self.object.quarter}


class ReportDetail(_OneReport, DetailView):
    policy_action = "workplan.follow"
    template_name = "workplans/report_detail.html"
    context_name = "report"

    def page(self) -> PageContext:
        report = self.object
        url = reverse("workplans:report.file", kwargs={"pk": report.pk})
        label = _("更正进展") if report.reported_at else _("报送进展")
        may_report = may(self.actor, "workplan.report", report.line.scheme)
        actions = [Action(label, url, icon="edit", kind="primary")] if may_report else []
        return PageContext(title=self.page_title(), crumbs=self.page_crumbs(), actions=actions)

    def context(self) -> dict[str, Any]:
        report = self.object
        task, line = report.line.task, report.line
        value, target = report.value, line.target
        return {
            "evidence": list(reading.evidence_of(report)),
            "facts": [
                Fact(_("报送单位"), line.scheme.organisation.name),
                Fact(_("报送截止"), report.due_at),
                Fact(task.measure, "" if value is None else f"{value.normalize():f}", unit=task.unit),
                Fact(_("本单位年度目标"), "" if target is None else f"{target.normalize():f}", unit=task.unit),
                Fact(_("报送人"), report.reported_by or ""),
                Fact(_("报送时间"), report.reported_at or ""),
                Fact(_("进展情况"), report.words, wide=True),
            ],
        }


class ReportFile(_OneReport, FormView):
    policy_action = "workplan.report"
    form_class = ReportForm
    submit_label = _("报送进展")

    def policy_object(self) -> Scheme:
        return self.object.line.scheme

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"line": self.object.line}

    def get_initial(self) -> dict[str, Any]:
        return {"value": self.object.value, "words": self.object.words}

    def get_cancel_url(self) -> str:
        return self.object.line.scheme.get_absolute_url()

    def perform(self, form: Any) -> HttpResponse:
        report = file_report(actor=self.actor, report=self.object, now=self.now, **form.cleaned_data)
        message = _("第%d季度进展已报送。") % report.quarter
        return self.done(message, self.object.line.scheme.get_absolute_url())
