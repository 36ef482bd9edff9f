"""Scorecards, visits, care for the workers, and files."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects import forms, overview, queries, scoring
from competitions.projects.domain import field
from competitions.projects.tables import CareFilters, CareTable, VisitFilters, VisitTable
from competitions.projects.views.base import ROOM_TABS, OfOnePart, OfOneProject, list_crumb
from competitions.projects.views.choosing import begin
from portal.core.dates import local_date
from portal.core.errors import Conflict
from portal.core.policies import may
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import DetailView, FileDownloadView, FormView, ListView, Tabbed


class ScorecardAdd(OfOneProject, FormView):
    policy_action = "project.inspect"
    form_class = forms.ScorecardForm
    title = _("五比一创评分")
    submit_label = _("登记评分")
    confirm = _("登记后不能修改；评错了请重新评一次，以最近一次为准。")

    @property
    def definition(self) -> Any:
        found = queries.newest_definition()
        if found is None:
            raise Conflict(_("还没有评分标准，请管理员用 scorecards load 载入。"))
        return found

    @property
    def intro(self) -> Any:
        return _("评分标准：%s。总分由系统计算。") % self.definition

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"definition": scoring.parse(self.definition.content)}

    def get_initial(self) -> dict[str, Any]:
        return {"scored_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        card = field.enter_scorecard(
            actor=self.actor, project=self.object, definition=self.definition, scored_on=data["scored_on"],
            marks=form.marks, veto=data["veto"], words=data["words"], now=self.now,
        )  # fmt: skip
        return self.done(_("评分已登记，总分%s分。") % card.total, card.get_absolute_url())


class ScorecardDetail(OfOnePart, DetailView):
    policy_action = "project.view"
    template_name = "competitions/scorecard_detail.html"
    context_name = "card"

    def get_queryset(self) -> Any:
        return queries.scorecards()

    def page_title(self) -> Any:
        return _("五比一创评分")

    def context(self) -> dict[str, Any]:
        card = self.object
        definition = scoring.parse(card.definition.content)
        return {
            "grade": overview.grade(card),
            "rows": [(d, Decimal(card.marks[d.code])) for d in definition.dimensions],
            "facts": [
                Fact(_("评分日期"), card.scored_on),
                Fact(_("评分单位"), card.organisation or ""),
                Fact(_("评分标准"), str(card.definition)),
                Fact(_("一票否决"), card.veto or _("没有"), tone="stopped" if card.veto else ""),
                Fact(_("评语"), card.words, wide=True),
            ],
        }


class VisitList(Tabbed, ListView):
    room_tabs = ROOM_TABS
    policy_action = "project.wall"
    table_class = VisitTable
    filters_class = VisitFilters
    title = _("调研指导")
    export_name = _("重点工程调研指导")
    saved_views = (SavedView(_("尚未登记情况"), "waiting=on"),)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_queryset(self) -> Any:
        return queries.visits()

    def page_actions(self) -> list[Action]:
        return [begin("visit")]


class VisitPlan(OfOneProject, FormView):
    policy_action = "project.inspect"
    form_class = forms.VisitForm
    title = _("安排调研")
    submit_label = _("安排")

    def perform(self, form: Any) -> HttpResponse:
        visit = field.plan_visit(actor=self.actor, project=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已列入调研计划，到期会出现在工作台。"), visit.get_absolute_url())


class OneVisit(OfOnePart):
    def get_queryset(self) -> Any:
        return queries.visits()


class VisitDetail(OneVisit, DetailView):
    policy_action = "project.view"
    template_name = "competitions/visit_detail.html"
    context_name = "visit"

    def page(self) -> PageContext:
        visit, actions = self.object, []
        if visit.visited_on is None and may(self.actor, "project.inspect", visit.project):
            url = reverse("competitions:inspection.record", kwargs={"pk": visit.pk})
            actions.append(Action(_("登记情况"), url, icon="edit", kind="primary"))
        if visit.visited_on and may(self.actor, "project.raise", visit.project):
            url = reverse("competitions:ticket.raise", kwargs={"pk": visit.project_id})
            actions.append(Action(_("提出问题"), f"{url}?visit={visit.pk}", icon="alert-triangle"))
        return PageContext(title=_("调研指导"), crumbs=self.page_crumbs(), actions=actions)

    def context(self) -> dict[str, Any]:
        visit = self.object
        return {
            "facts": [
                Fact(_("计划日期"), visit.planned_on),
                Fact(_("实际日期"), visit.visited_on or _("尚未登记")),
                Fact(_("带队及成员"), visit.team),
                Fact(_("组织单位"), visit.organisation or ""),
                Fact(_("安排"), visit.agenda, wide=True),
                Fact(_("现场评分"), visit.score, unit=_("分")),
                Fact(_("情况及意见"), visit.findings, wide=True),
            ],
            "photos_taken": list(queries.files().filter(visit=visit)),
            "tickets": list(queries.tickets().filter(visit=visit)),
        }


class VisitRecord(OneVisit, FormView):
    policy_action = "project.inspect"
    form_class = forms.VisitRecordForm
    title = _("登记调研情况")
    submit_label = _("登记")

    def get_initial(self) -> dict[str, Any]:
        return {"visited_on": min(self.object.planned_on, local_date(self.now))}

    def perform(self, form: Any) -> HttpResponse:
        visit = field.record_visit(actor=self.actor, visit=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("调研情况已登记。发现的问题请点“提出问题”转为问题单。"), visit.get_absolute_url())


class CareList(Tabbed, ListView):
    room_tabs = ROOM_TABS
    policy_action = "project.wall"
    table_class = CareTable
    filters_class = CareFilters
    title = _("职工慰问")
    export_name = _("重点工程慰问")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_queryset(self) -> Any:
        return queries.care_visits()

    def page_actions(self) -> list[Action]:
        return [begin("care")]


class CareAdd(OfOneProject, FormView):
    policy_action = "project.care"
    form_class = forms.CareForm
    title = _("登记慰问")
    submit_label = _("登记")

    def get_initial(self) -> dict[str, Any]:
        return {"on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        care = field.enter_care(
            actor=self.actor, project=self.object, facts=form.facts, files=form.cleaned_data["files"], now=self.now
        )
        return self.done(_("慰问已登记。"), care.get_absolute_url())


class CareDetail(OfOnePart, DetailView):
    policy_action = "project.view"
    template_name = "competitions/care_detail.html"
    context_name = "care"

    def get_queryset(self) -> Any:
        return queries.care_visits()

    def page_title(self) -> Any:
        return _("职工慰问")

    def context(self) -> dict[str, Any]:
        care = self.object
        return {
            "facts": [
                Fact(_("慰问日期"), care.on),
                Fact(_("带队领导"), care.leaders),
                Fact(_("慰问人数"), care.headcount, unit=_("人")),
                Fact(_("慰问单位"), care.organisation or ""),
                Fact(_("金额"), f"{care.amount:,.2f}", unit=_("元")),
                Fact(_("资金来源"), care.get_source_display()),
                Fact(_("审批文号"), care.approval_number),
                Fact(_("登记人"), care.entered_by or ""),
                Fact(_("慰问对象"), care.recipients, wide=True),
                Fact(_("慰问品清单"), care.goods, wide=True),
            ],
            "files": list(queries.files().filter(care=care)),
        }


class FileDownload(OfOnePart, FileDownloadView):
    policy_action = "project.view"
    inline = False

    def get_queryset(self) -> Any:
        return queries.files()

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type
