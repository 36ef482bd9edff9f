"""Pages of employers and their yearly figures."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.domain.employers import change_employer, confirm_year, create_employer
from portal.accounts.forms.employers import EmployerForm, YearForm
from portal.accounts.models import CodeList, Employer
from portal.accounts.queries import codes
from portal.accounts.queries import employers as queries
from portal.accounts.queries.organisations import units
from portal.accounts.tables import EmployerFilters, EmployerTable
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView, Tab
from portal.web.views import DetailView, FormView, FragmentView, HistoryView, ListView

FACTS = (
    "name", "economic_type", "ownership", "emerging_kind", "district_code", "address", "established_on"
)  # fmt: skip


def list_crumb() -> Crumb:
    return Crumb(_t("用人单位"), reverse("accounts:employer.list"))


def page_of(employer: Employer) -> str:
    return reverse("accounts:employer.detail", kwargs={"pk": employer.pk})


class EmployerMixin:
    context_name = "employer"

    def get_queryset(self) -> QuerySet[Employer]:
        return Employer.objects.select_related("organisation")

    def policy_object(self) -> Any:
        return self.object.organisation

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.object.name, page_of(self.object))]

    def get_cancel_url(self) -> str:
        return page_of(self.object)


class EmployerList(ListView):
    policy_action = "organisation.view"
    table_class = EmployerTable
    filters_class = EmployerFilters
    title = _("用人单位")
    export_name = _("用人单位")
    saved_views = (
        SavedView(_("本年度待确认"), "unconfirmed=on"),
        SavedView(_("规模以上"), "above=on"),
        SavedView(_("非公单位"), "ownership=non_public"),
    )

    @property
    def year(self) -> int:
        return local_date(self.now).year

    def get_queryset(self) -> QuerySet[Employer]:
        return queries.employer_list(actor=self.actor, year=self.year)

    def table_context(self) -> dict[str, Any]:
        return {"year": self.year}

    def page_actions(self) -> list[Action]:
        upload = f"{reverse('accounts:import.create')}?kind=employers"
        return [
            Action(_("批量导入"), upload, icon="table-import", policy_action="organisation.import"),
            Action(
                _("登记单位"),
                reverse("accounts:employer.create"),
                icon="plus",
                kind="primary",
                policy_action="organisation.employer",
            ),
        ]


class EmployerPick(FragmentView):
    policy_action = "organisation.view"
    fragment_name = "accounts/_employer_options.html"

    def context(self) -> dict[str, Any]:
        return {"options": queries.find_employers(self.request.GET.get("q", "").split("（")[0], limit=12)}


class EmployerDetail(EmployerMixin, DetailView):
    policy_action = "organisation.view"
    template_name = "accounts/employer_detail.html"

    def page(self) -> PageContext:
        employer, here = self.object, {"pk": self.object.pk}
        organisation = employer.organisation
        return PageContext(
            title=employer.name,
            subtitle=organisation.name,
            crumbs=[list_crumb()],
            tabs=detail_tabs(employer, "accounts:employer.detail"),
            actions=[
                Action(
                    _("修改"),
                    reverse("accounts:employer.change", kwargs=here),
                    icon="edit",
                    policy_action="organisation.employer",
                    policy_object=organisation,
                ),
                Action(
                    _("确认年度信息"),
                    reverse("accounts:employer.year", kwargs=here),
                    icon="clipboard-check",
                    kind="primary",
                    policy_action="organisation.employer",
                    policy_object=organisation,
                ),
            ],
        )

    def context(self) -> dict[str, Any]:
        employer = self.object
        return {
            "years": queries.years_of(employer),
            "may_confirm": may(self.actor, "organisation.employer", employer.organisation),
            "facts": [
                Fact(_t("统一社会信用代码"), employer.credit_code or "—"),
                Fact(_t("经济类型"), codes.label_of(CodeList.ECONOMIC_TYPE, employer.economic_type) or "—"),
                Fact(_t("所有制"), employer.get_ownership_display()),
                Fact(_t("三新和八大群体"), employer.get_emerging_kind_display() or _t("都不是")),
                Fact(_t("行业"), codes.industry_label(employer.industry) or "—"),
                Fact(
                    _t("规模"),
                    employer.get_size_class_display(),
                    help=_t("按最近一个已确认年度的人数、营业收入和资产判定"),
                ),
                Fact(_t("所在区"), codes.label_of(CodeList.DISTRICT, employer.district_code) or "—"),
                Fact(_t("成立日期"), employer.established_on or "—"),
                Fact(_t("经营地址"), employer.address or "—", wide=True),
            ],
        }


def detail_tabs(employer: Employer, current: str) -> list[Tab]:
    names = (("accounts:employer.detail", _("概况")), ("accounts:employer.history", _("办理记录")))
    return [Tab(label, reverse(name, kwargs={"pk": employer.pk}), name == current) for name, label in names]


class EmployerHistory(EmployerMixin, HistoryView):
    policy_action = "organisation.view"

    def page_title(self) -> str:
        return self.object.name

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def page_tabs(self) -> list[Tab]:
        return detail_tabs(self.object, "accounts:employer.history")


class EmployerCreate(FormView):
    policy_action = "organisation.employer"
    form_class = EmployerForm
    title = _("登记用人单位")
    submit_label = _("登记")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        wanted = self.request.GET.get("organisation", "")
        rows = units(self.actor)
        found = (
            rows.filter(pk=wanted).first()
            if wanted.isdigit()
            else rows.filter(pk=self.actor.desk.organisation_id).first()
        )
        return {"organisation": found} if found else {}

    def perform(self, form: EmployerForm) -> HttpResponse:
        employer = create_employer(
            actor=self.actor, organisation=form.cleaned_data["organisation"], facts=form.facts(), now=self.now
        )
        message = _t("已登记“%(name)s”，请接着确认本年度信息。") % {"name": employer.name}
        return self.done(message, page_of(employer))


class EmployerChange(EmployerMixin, FormView):
    policy_action = "organisation.employer"
    form_class = EmployerForm
    title = _("修改用人单位信息")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        employer = self.object
        values = {name: getattr(employer, name) for name in FACTS}
        industry, division = employer.industry[:1], employer.industry[1:]
        code = employer.credit_code or ""
        return values | {
            "organisation": employer.organisation, "industry": industry, "division": division, "credit_code": code
        }  # fmt: skip

    def perform(self, form: EmployerForm) -> HttpResponse:
        change_employer(
            actor=self.actor,
            employer=self.object,
            organisation=form.cleaned_data["organisation"],
            facts=form.facts(),
            now=self.now,
        )
        return self.done(_t("单位信息已更新。"), page_of(self.object))


class EmployerYearConfirm(EmployerMixin, FormView):
    """Figures of a year; the present year's are offered as they were last stated."""

    policy_action = "organisation.employer"
    form_class = YearForm
    title = _("确认年度信息")
    submit_label = _("确认")

    def get_initial(self) -> dict[str, Any]:
        wanted = self.request.GET.get("year", "")
        year = int(wanted) if wanted.isdigit() and len(wanted) == 4 else local_date(self.now).year
        rows = queries.years_of(self.object)
        known = rows.filter(year=year).first() or rows.first()
        if known is None:
            return {"year": year}
        names = ("employees", "members", "frontline", "migrant", "revenue", "assets")
        above = {True: "yes", False: "no"}.get(known.is_above_scale, "")
        return {"year": year, "is_above_scale": above} | {name: getattr(known, name) for name in names}

    def perform(self, form: YearForm) -> HttpResponse:
        row = confirm_year(
            actor=self.actor,
            employer=self.object,
            year=form.cleaned_data["year"],
            figures=form.figures(),
            now=self.now,
        )
        return self.done(_t("%(year)s年度信息已确认。") % {"year": row.year}, page_of(self.object))
