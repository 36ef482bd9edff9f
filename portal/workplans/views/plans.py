"""The plan, its tasks and its years; the board."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.exports import workbook_response
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import DetailView, FormView, ListView
from portal.workplans.domain.plans import open_year
from portal.workplans.enums import Light
from portal.workplans.forms import YearForm
from portal.workplans.models import Plan, PlanTask, PlanYear
from portal.workplans.queries import board as boards
from portal.workplans.queries import reading
from portal.workplans.tables import PlanTable, StandingTable, TaskTable


def plans_crumb() -> Crumb:
    return Crumb(_("方案任务分解"), reverse("workplans:plan.list"))


def plan_crumb(plan: Plan) -> Crumb:
    return Crumb(plan.title, plan.get_absolute_url())


class PlanList(ListView):
    policy_action = "workplan.view"
    table_class = PlanTable
    title = _("方案任务分解")

    def get_queryset(self) -> Any:
        return reading.plans()


class PlanDetail(DetailView):
    policy_action = "workplan.view"
    template_name = "workplans/plan_detail.html"
    context_name = "plan"

    def get_queryset(self) -> Any:
        return reading.plans()

    def page(self) -> PageContext:
        plan = self.object
        url = reverse("workplans:year.open", kwargs={"pk": plan.pk})
        decision = may(self.actor, "workplan.open", plan)
        actions = [Action(_("部署年度任务"), url, icon="send", kind="primary")] if decision else []
        return PageContext(title=plan.title, subtitle=plan.period, crumbs=[plans_crumb()], actions=actions)

    def context(self) -> dict[str, Any]:
        plan, follows = self.object, bool(may(self.actor, "workplan.follow"))
        return {
            "tasks": TaskTable(PlanTask.objects.filter(plan=plan), actor=self.actor, context={"linked": follows}),
            "years": list(PlanYear.objects.filter(plan=plan)) if follows else [],
            "published": list(reading.published(plan)[:200]),
        }


class YearOpen(FormView):
    policy_action = "workplan.open"
    form_class = YearForm
    title = _("部署年度任务")
    submit_label = _("部署到各单位")
    confirm = _("将为每个区总工会，局、集团公司工会建立本年度实施方案，并进入其工作台。")

    def get_queryset(self) -> Any:
        return reading.plans()

    def page_crumbs(self) -> list[Crumb]:
        return [plans_crumb(), plan_crumb(self.object)]

    def get_initial(self) -> dict[str, Any]:
        return {"year": local_date(self.now).year}

    def perform(self, form: Any) -> HttpResponse:
        opened = open_year(actor=self.actor, plan=self.object, now=self.now, **form.cleaned_data)
        message = _("%d年度任务已部署，各单位可以编制实施方案。") % opened.year
        return self.done(message, opened.get_absolute_url())


class BoardView(DetailView):
    """Tasks × unions. The query string holds the filters; ``export=xlsx`` the same as a workbook."""

    policy_action = "workplan.follow"
    template_name = "workplans/board.html"
    context_name = "year"

    def get_queryset(self) -> Any:
        return reading.years()

    @property
    def chosen(self) -> dict[str, str]:
        return {key: self.request.GET.get(key, "") for key in ("chapter", "lead", "union", "light")}

    def page(self) -> PageContext:
        year = self.object
        query = self.request.GET.urlencode()
        print_url = reverse("workplans:board.print", kwargs={"pk": year.pk})
        actions = [
            Action(_("打印"), f"{print_url}?{query}", icon="printer"),
            Action(_("导出"), f"?{query}&export=xlsx", icon="file-spreadsheet", download=True),
        ]
        title = _("%(year)s任务进度表") % {"year": year}
        return PageContext(title=title, crumbs=[plans_crumb(), plan_crumb(year.plan)], actions=actions)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = boards.board(year=self.object, now=self.now, chosen=self.chosen)
        if request.GET.get("export") == "xlsx":
            return self._workbook(found)
        return self.render(board=found)

    def context(self) -> dict[str, Any]:
        rows = PlanTask.objects.filter(plan=self.object.plan_id).order_by("position")
        facts = list(rows.values_list("chapter", "lead"))
        return {
            "chosen": self.chosen,
            "chapters": list(dict.fromkeys(chapter for chapter, _lead in facts)),
            "leads": list(dict.fromkeys(lead for _chapter, lead in facts)),
            "lights": Light.choices,
        }

    def _workbook(self, found: boards.Board) -> HttpResponse:
        heads = [_("编号"), _("任务"), _("牵头部门"), *(s.organisation.label for s in found.unions)]
        lines = (
            [row.task.code, row.task.title, row.task.lead, *("" if c is None else self._cell(c) for c in row.cells)]
            for row in found.rows
        )
        return workbook_response(str(self.page().title), heads, lines)

    def _cell(self, cell: boards.Standing) -> str:
        label = str(cell.light.label)
        return label if cell.percent is None else f"{label}（{cell.percent}%）"


class BoardPrint(BoardView):
    layout = "print"
    template_name = "workplans/board_print.html"

    def page(self) -> PageContext:
        year = self.object
        title = _("%(year)s任务进度表") % {"year": year}
        address = f"{reverse('workplans:board', kwargs={'pk': year.pk})}?{self.request.GET.urlencode()}"
        return PageContext(title=title, crumbs=[Crumb(_("返回进度表"), address)])


class TaskDetail(DetailView):
    """One task at all unions in scope, in its latest year."""

    policy_action = "workplan.follow"
    template_name = "workplans/task_detail.html"
    context_name = "task"

    def get_queryset(self) -> Any:
        return reading.tasks()

    def page(self) -> PageContext:
        task = self.object
        return PageContext(title=str(task), crumbs=[plans_crumb(), plan_crumb(task.plan)])

    def context(self) -> dict[str, Any]:
        task = self.object
        year = PlanYear.objects.filter(plan=task.plan).first()
        lines = boards.lines_with_reports().filter(task=task, scheme__year=year).order_by("scheme__organisation__path")
        rows = boards.standings(lines, self.now) if year else []
        target = task.city_target
        return {
            "year": year,
            "table": StandingTable(rows, actor=self.actor, context={"of_task": True}),
            "facts": [
                Fact(_("方案原文"), task.text, wide=True),
                Fact(
                    _("章节"),
                    _("%(chapter)s（原文第%(lines)s行）") % {"chapter": task.chapter, "lines": task.source_lines},
                ),
                Fact(_("牵头部门"), task.lead),
                Fact(_("衡量指标"), task.measure, unit=_("（%s）") % task.unit),
                Fact(
                    _("全市年度目标"),
                    _("没有统一规定") if target is None else f"{target.normalize():f}",
                    unit="" if target is None else task.unit,
                ),
                Fact(_("实施年度"), f"{task.first_year}—{task.last_year}"),
            ],
        }
