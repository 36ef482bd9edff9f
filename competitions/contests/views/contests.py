"""The register, the year's plan, the page of a contest, and what its host does to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.contests import forms, overview, queries
from competitions.contests.domain import draw, entry, plan, results
from competitions.contests.tables import ContestFilters, ContestTable
from competitions.contests.views.base import PLAN, ROOM, OfContestPart, OfOneContest, list_crumb, url
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext, SavedView, Tab
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, PageView, Tabbed


def _plan_actions(actor: Any) -> list[Action]:
    if not may(actor, "contest.plan"):
        return []
    return [
        Action(_("列入计划"), reverse("competitions:contest.add"), icon="plus", kind="primary"),
        Action(_("Excel 列入"), reverse("competitions:contest.plan_load"), icon="file-spreadsheet"),
    ]


class ContestList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "contest.view"
    table_class = ContestTable
    filters_class = ContestFilters
    title = _("技能竞赛")
    subtitle = _("从计划、报名、资格审核、抽签、比赛、成绩公示到等级晋升。")
    export_name = _("技能竞赛登记表")
    saved_views = (
        SavedView(_("正在报名"), "state=registration"),
        SavedView(_("比赛中"), "state=running"),
        SavedView(_("成绩公示"), "state=published"),
        SavedView(_("本级主办"), "mine=on"),
    )

    def get_queryset(self) -> Any:
        return queries.contests()

    def page_actions(self) -> list[Action]:
        return _plan_actions(self.actor)


class OfYear:
    @property
    def year(self) -> int:
        asked = self.request.GET.get("year", "")
        return int(asked) if asked.isdigit() and len(asked) == 4 else local_date(self.now).year

    def year_tabs(self) -> list[Tab]:
        found = sorted({*queries.years()[:4], self.year}, reverse=True)
        here = self.request.path
        return [Tab(_t("%d年") % year, f"{here}?year={year}", current=year == self.year) for year in found]


class YearPlanPage(Tabbed, OfYear, PageView):
    """Level × field, counts against the target of the year."""

    room_tabs = PLAN
    policy_action = "contest.view"
    template_name = "competitions/contest_plan.html"
    title = _("年度工种计划")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def page_actions(self) -> list[Action]:
        actions = _plan_actions(self.actor)
        if may(self.actor, "contest.aim"):
            target = f"{reverse('competitions:contest.target')}?year={self.year}"
            actions.append(Action(_("设定目标"), target, icon="target"))
            load = reverse("competitions:contest.trades_load")
            actions.append(Action(_("载入工种目录"), load, icon="download", post=True))
        return actions

    def context(self) -> dict[str, Any]:
        return overview.plan_page(self.year) | {"years": self.year_tabs()}


class Calendar(Tabbed, OfYear, PageView):
    room_tabs = PLAN
    policy_action = "contest.view"
    template_name = "competitions/contest_calendar.html"
    title = _("竞赛日历")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(year=self.year, months=queries.by_month(self.year), years=self.year_tabs())


class Target(OfYear, FormView):
    policy_action = "contest.aim"
    form_class = forms.TargetForm
    title = _("设定年度目标")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("年度工种计划"), reverse("competitions:contest.plan"))]

    def get_initial(self) -> dict[str, Any]:
        found = queries.plan_of(self.year)
        return {"target": found.target if found else 100, "basis": found.basis if found else ""}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        plan.set_target(actor=self.actor, owner=owner, year=self.year, now=self.now, **form.cleaned_data)
        return self.done(_("年度目标已设定。"), f"{reverse('competitions:contest.plan')}?year={self.year}")


class TradesLoad(ActionView):
    policy_action = "contest.aim"

    def get_failure_url(self) -> str:
        return reverse("competitions:contest.plan")

    def perform(self) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        count = plan.load_trades(actor=self.actor, owner=owner, now=self.now)
        return self.done(_t("工种目录已载入，新增%d个工种。") % count, self.get_failure_url())


class ContestAdd(FormView):
    policy_action = "contest.plan"
    form_class = forms.ContestForm
    title = _("列入年度计划")
    submit_label = _("列入计划")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_initial(self) -> dict[str, Any]:
        return {"year": local_date(self.now).year, "ties": plan_ties()}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = plan.plan_contest(actor=self.actor, owner=owner, facts=form.facts, weights=form.weights, now=self.now)
        message = _t("已列入计划，编号%s。下一步：安排场次，发布技术文件，开放报名。") % row.number
        return self.done(message, row.get_absolute_url())


def plan_ties() -> list[str]:
    return ["time", "practical", "theory"]


class ContestDetail(OfOneContest, DetailView):
    policy_action = "contest.view"
    template_name = "competitions/contest_detail.html"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.name, subtitle=f"{row.number} · {row.get_klass_display()} · {row.owner.name}", badge=row.badge,
            crumbs=[list_crumb()], actions=overview.actions_of(row, self.actor), tabs=self.contest_tabs(),
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        return overview.page_of(self.object, actor=self.actor, now=self.now)


class ContestEdit(OfOneContest, FormView):
    policy_action = "contest.manage"
    form_class = forms.ContestForm
    title = _("修改赛项")

    def get_initial(self) -> dict[str, Any]:
        return forms.ContestForm.initial_of(self.object)

    def perform(self, form: Any) -> HttpResponse:
        row = plan.change_contest(
            actor=self.actor, contest=self.object, facts=form.facts, weights=form.weights, now=self.now
        )
        return self.done(_("赛项已修改。"), row.get_absolute_url())


class SessionAdd(OfOneContest, FormView):
    policy_action = "contest.manage"
    form_class = forms.SessionForm
    title = _("增加场次")
    submit_label = _("增加")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"contest": self.object}

    def perform(self, form: Any) -> HttpResponse:
        facts = dict(form.cleaned_data)
        part = facts.pop("part")
        plan.add_session(actor=self.actor, contest=self.object, part=part, facts=facts, now=self.now)
        return self.done(_("场次已增加。"), self.object.get_absolute_url())


class SessionRemove(OfContestPart, ActionView):
    policy_action = "contest.manage"

    def get_queryset(self) -> Any:
        return queries.sessions()

    def perform(self) -> HttpResponse:
        row = plan.remove_session(actor=self.actor, session=self.object, now=self.now)
        return self.done(_("场次已移除。"), row.get_absolute_url())


class DocumentAdd(OfOneContest, FormView):
    policy_action = "contest.manage"
    form_class = forms.DocumentForm
    title = _("发布技术文件")
    submit_label = _("发布")

    def perform(self, form: Any) -> HttpResponse:
        row = plan.publish_document(actor=self.actor, contest=self.object, now=self.now, **form.cleaned_data)
        return self.done(_t("技术文件第%d版已发布。") % row.version, self.object.get_absolute_url())


class ContestFileDownload(OfContestPart, FileDownloadView):
    policy_action = "contest.view"

    def get_queryset(self) -> Any:
        return queries.files().filter(purpose="document")

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file, self.object.name, self.object.content_type


class Step(OfOneContest, ActionView):
    """One step on the way of a contest."""

    abstract = True
    policy_action = "contest.manage"
    act: Any = None
    said: Any = ""

    def perform(self) -> HttpResponse:
        self.act(actor=self.actor, contest=self.object, now=self.now)
        return self.done(self.said, self.object.get_absolute_url())


class ContestOpen(Step):
    act = staticmethod(plan.open_entries)
    said = _("已开放报名，下属工会的工作台会列出本赛项。")


class ContestClose(Step):
    act = staticmethod(entry.close_entries)
    said = _("资格审核已完成。下一步：抽签。")


class ContestDraw(Step):
    act = staticmethod(draw.draw)
    said = _("已抽签：抽签号、加密号、场次和工位均已排定，抽签种子已存证。")


class ContestStart(Step):
    act = staticmethod(draw.start)
    said = _("已开赛，可以登记成绩。")


class ContestLock(Step):
    act = staticmethod(results.lock_marks)
    said = _("成绩已锁定，名次已计算。下一步：公示。")


class ContestPublish(Step):
    act = staticmethod(results.publish)
    said = _("成绩已在公众网站公示，24小时内可以申诉。")


class ContestConfirm(Step):
    act = staticmethod(results.confirm)
    said = _("成绩已确认，晋升名单和荣誉人选已列出。")


class ContestArchive(Step):
    act = staticmethod(results.archive)
    said = _("已归档，今后只能查看。")


class ContestCheck(OfOneContest, ActionView):
    policy_action = "contest.manage"

    def perform(self) -> HttpResponse:
        passed, failed = entry.check_all(actor=self.actor, contest=self.object, now=self.now)
        message = _t("已审核：通过%(passed)d人，不通过%(failed)d人。") % {"passed": passed, "failed": failed}
        return self.done(message, url("contest.people", self.object.pk))


class ContestCancel(OfOneContest, FormView):
    policy_action = "contest.cancel"
    form_class = forms.ReasonForm
    title = _("取消赛项")
    submit_label = _("取消赛项")
    confirm = _("取消后不能恢复，已报名的选手可以改报其他赛项。")

    def perform(self, form: Any) -> HttpResponse:
        plan.cancel_contest(actor=self.actor, contest=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("赛项已取消。"), self.object.get_absolute_url())


class ContestNarrow(OfOneContest, FormView):
    policy_action = "contest.cancel"
    form_class = forms.ReasonForm
    title = _("成绩只用于选拔")
    submit_label = _("确定")
    confirm = _("人数不足但须选拔参加上级大赛：只排名次，不设奖，不晋升等级。")

    def perform(self, form: Any) -> HttpResponse:
        plan.narrow_contest(actor=self.actor, contest=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已改为成绩只用于选拔。"), self.object.get_absolute_url())
