"""Delegations and competitors: entry by form and workbook, qualification, withdrawal."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.contests import forms, overview, queries, workbooks
from competitions.contests.domain import entry, imports
from competitions.contests.enums import ImportedSheet
from competitions.contests.tables import CompetitorFilters, CompetitorTable
from competitions.contests.views.base import OfContestPart, OfOneContest, contest_or_404, url
from competitions.contests.views.loading import WorkbookLoad
from portal.accounts.imports.template import template
from portal.core.policies import may
from portal.web.exports import XLSX
from portal.web.ui import Action, Crumb, PageContext, Tab
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView


class ContestPeople(OfOneContest, ListView):
    """The contest's competitors, as far as the desk sees them."""

    policy_action = "contest.people"
    table_class = CompetitorTable
    filters_class = CompetitorFilters
    export_name = _("参赛选手花名册")

    @cached_property
    def object(self) -> Any:
        return contest_or_404(self.kwargs["pk"])

    def policy_object(self) -> Any:
        return self.object

    def page(self) -> PageContext:
        row = self.object
        return PageContext(title=row.name, subtitle=_("参赛选手"), badge=row.badge, crumbs=self.page_crumbs(),
                           tabs=self.contest_tabs())  # fmt: skip

    def get_queryset(self) -> Any:
        return queries.competitors().filter(contest=self.object)


class DelegationAdd(OfOneContest, FormView):
    policy_action = "contest.enter"
    form_class = forms.DelegationForm
    title = _("组队报名")
    submit_label = _("建立代表队")

    def perform(self, form: Any) -> HttpResponse:
        row = entry.enter_delegation(actor=self.actor, contest=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("代表队已建立。下一步：登记选手。"), row.get_absolute_url())


class OfDelegation(OfContestPart):
    view_action = "delegation.view"
    context_name = "delegation"

    def get_queryset(self) -> Any:
        return queries.delegations()

    def policy_object(self) -> Any:
        return self.object

    def page_crumbs(self) -> list[Crumb]:
        return [*super().page_crumbs(), Crumb(str(self.object), self.object.get_absolute_url())]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class DelegationDetail(OfDelegation, DetailView):
    policy_action = "delegation.view"
    template_name = "competitions/contest_delegation.html"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(title=str(row), subtitle=row.contest.name, badge=row.contest.badge,
                           crumbs=OfContestPart.page_crumbs(self), actions=self.page_actions())  # fmt: skip

    def page_actions(self) -> list[Action]:
        row, actions = self.object, []
        if may(self.actor, "delegation.change", row):
            actions.append(Action(_("登记选手"), url("competitor.add", row.pk), icon="user-plus", kind="primary"))
            actions.append(Action(_("Excel 导入"), url("delegation.load", row.pk), icon="file-spreadsheet"))
        if may(self.actor, "delegation.appeal", row):
            actions.append(Action(_("提出申诉"), url("contest_appeal.add", row.pk), icon="gavel"))
        return actions

    def context(self) -> dict[str, Any]:
        people = list(queries.competitors().filter(delegation=self.object))
        return {"people": people, "appeals": list(queries.appeals().filter(delegation=self.object))}


class CompetitorAdd(OfDelegation, FormView):
    policy_action = "delegation.change"
    form_class = forms.CompetitorForm
    title = _("登记选手")
    submit_label = _("登记")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"now": self.now}

    def perform(self, form: Any) -> HttpResponse:
        entry.enter_competitors(actor=self.actor, delegation=self.object, people=[form.cleaned_data], now=self.now)
        return self.done(_("选手已登记，等待资格审核。"), self.object.get_absolute_url())


class RosterTemplate(FileDownloadView):
    policy_action = "contest.view"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(workbooks.COMPETITORS)), _t("参赛选手报名模板.xlsx"), XLSX


class DelegationLoad(OfDelegation, WorkbookLoad):
    """All lines or none, with every error and its place; longer sheets go on as a job."""

    policy_action = "delegation.change"
    title = _("导入选手")
    kind = ImportedSheet.COMPETITORS

    @property
    def delegation(self) -> Any:
        return self.object

    def context(self) -> dict[str, Any]:
        return super().context() | {"template_url": reverse("competitions:contest.roster_template")}

    def load(self, content: bytes) -> HttpResponse:
        count = imports.load_competitors(actor=self.actor, delegation=self.object, content=content, now=self.now)
        return self.done(_t("已登记%d名选手。") % count, self.object.get_absolute_url())


class OfCompetitor(OfContestPart):
    view_action = "competitor.view"
    context_name = "competitor"

    def get_queryset(self) -> Any:
        return queries.competitors()

    def policy_object(self) -> Any:
        return self.object

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class CompetitorDetail(OfCompetitor, DetailView):
    policy_action = "competitor.view"
    template_name = "competitions/contest_competitor.html"

    def page(self) -> PageContext:
        row = self.object
        actions = []
        if may(self.actor, "competitor.decide", row):
            actions.append(
                Action(_("审核资格"), url("competitor.decide", row.pk), icon="clipboard-check", kind="primary")
            )
        if may(self.actor, "competitor.withdraw", row) and row.state != "withdrawn":
            sure = _("退出后不能恢复，须重新报名。确定退出？")
            actions.append(
                Action(_("退出比赛"), url("competitor.withdraw", row.pk), icon="logout", post=True, confirm=sure)
            )
        return PageContext(title=row.masked_name, subtitle=row.contest.name, badge=row.badge, crumbs=self.page_crumbs(),
                           actions=actions)  # fmt: skip

    def page_tabs(self) -> list[Tab]:
        return []

    def context(self) -> dict[str, Any]:
        row = self.object
        promotion = queries.promotions().filter(competitor=row).first()
        may_promote = bool(promotion and may(self.actor, "promotion.manage", promotion))
        return {
            "facts": overview.competitor_facts(row),
            "may_grant": may_promote and promotion.state == "sent",
            "may_drop": may_promote and promotion.state in {"proposed", "sent"},
            "may_print": bool(may(self.actor, "competitor.certify", row)),
            "result": getattr(row, "result", None),
            "places": list(row.places.select_related("session__part")),
            "marks": list(row.marks.select_related("part")) if row.contest.locked_at else [],
            "promotion": promotion,
            "honours": list(queries.honours().filter(competitor=row)),
        }


class CompetitorDecide(OfCompetitor, FormView):
    policy_action = "competitor.decide"
    form_class = forms.DecideForm
    title = _("审核资格")

    def perform(self, form: Any) -> HttpResponse:
        entry.decide(actor=self.actor, competitor=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("资格审核意见已登记。"), self.object.get_absolute_url())


class CompetitorWithdraw(OfCompetitor, ActionView):
    policy_action = "competitor.withdraw"

    def perform(self) -> HttpResponse:
        row = entry.withdraw(actor=self.actor, competitor=self.object, now=self.now)
        return self.done(_("选手已退出。"), row.delegation.get_absolute_url())
