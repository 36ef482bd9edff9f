"""统计与报表: ask for the yearly workbook, find earlier ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.jobs.models import JobRun
from portal.reports.domain import FIRST_YEAR, request_yearly_report
from portal.reports.registry import sheets
from portal.web.forms import BaseForm
from portal.web.views import FormView


class YearForm(BaseForm):
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    guard_leaving = False

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(y, f"{y}年") for y in range(this_year, FIRST_YEAR - 1, -1)]


class ReportHome(FormView):
    policy_action = "report.export"
    form_class = YearForm
    template_name = "reports/home.html"
    title = _("年度统计报表")
    submit_label = _("生成报表")
    narrow = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"this_year": local_date(self.now).year}

    def context(self) -> dict[str, Any]:
        runs = JobRun.objects.filter(
            kind="reports.yearly", organisation_path=self.actor.path, started_by=self.actor.user
        )
        return super().context() | {"sheets": sheets(), "runs": runs.prefetch_related("files")[:10]}

    def perform(self, form: Any) -> HttpResponse:
        run = request_yearly_report(year=form.cleaned_data["year"], actor=self.actor, now=self.now)
        return self.done("", reverse("jobs:run.detail", kwargs={"pk": run.pk}))
