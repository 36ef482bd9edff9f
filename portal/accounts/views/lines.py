"""What hangs on an organisation: reporting lines and covered employers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.domain.employers import cover_employer, uncover_employer
from portal.accounts.domain.reporting import clear_reporting_parent, set_reporting_parent
from portal.accounts.forms.organisations import CoverageForm, ReportingForm
from portal.accounts.queries.organisations import covered_employers
from portal.accounts.queries.reporting import reporting_lines
from portal.accounts.views.organisations import OrganisationMixin, page_of
from portal.web.navigation import provided
from portal.web.views import ActionView, FormView


class ReportingSet(OrganisationMixin, FormView):
    policy_action = "organisation.reporting_line"
    form_class = ReportingForm
    title = _("设定推荐关系")
    intro = _("每个组织对每个项目、每个年度只有一个推荐单位；同时设定多条时，范围最具体的一条生效。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor, "schemes": provided("programme_choices", self.request, [])}

    def perform(self, form: ReportingForm) -> HttpResponse:
        data = form.cleaned_data
        set_reporting_parent(
            actor=self.actor,
            organisation=self.object,
            parent=data["parent"],
            scheme=data["scheme"],
            year=data["year"],
            now=self.now,
        )
        return self.done(_t("今后经由“%(name)s”推荐。") % {"name": data["parent"].name}, page_of(self.object))


class ReportingClear(OrganisationMixin, ActionView):
    policy_action = "organisation.reporting_line"

    def perform(self) -> HttpResponse:
        line = reporting_lines(self.object).filter(pk=self.kwargs["line"]).first()
        if line is None:
            raise Http404
        clear_reporting_parent(actor=self.actor, line=line, now=self.now)
        return self.done(_t("已取消这条推荐关系。"), page_of(self.object))


class CoverageAdd(OrganisationMixin, FormView):
    policy_action = "organisation.change"
    form_class = CoverageForm
    title = _("增加覆盖单位")
    intro = _("联合基层工会可以覆盖多个用人单位；单位自身的登记不变。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, form: CoverageForm) -> HttpResponse:
        employer = form.cleaned_data["employer"]
        cover_employer(actor=self.actor, organisation=self.object, employer=employer, now=self.now)
        return self.done(_t("已覆盖“%(name)s”。") % {"name": employer.name}, page_of(self.object))


class CoverageEnd(OrganisationMixin, ActionView):
    policy_action = "organisation.change"

    def perform(self) -> HttpResponse:
        employer = covered_employers(self.object).filter(pk=self.kwargs["employer"]).first()
        if employer is None:
            raise Http404
        uncover_employer(actor=self.actor, organisation=self.object, employer=employer, now=self.now)
        return self.done(_t("已取消覆盖“%(name)s”。") % {"name": employer.name}, page_of(self.object))
