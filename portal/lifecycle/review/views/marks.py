"""All marks side by side, for the organiser and those who supervise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policies import may
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.domain.marking import reopen_sheet
from portal.lifecycle.review.forms import ReasonForm
from portal.lifecycle.review.queries import board
from portal.lifecycle.review.results import expert_key, load_marks
from portal.lifecycle.review.sheet import StoredMark, make_sheet
from portal.lifecycle.review.tables_marks import MarksTable
from portal.lifecycle.review.views.stages import StageMixin
from portal.web.ui import Action, Chart, Crumb, Series
from portal.web.views import DetailView, FormView, ListView, PageView

PRINT_LIMIT = 1000


class Marks(StageMixin, ListView):
    """Totals and criterion means of every entry, with two charts."""

    table_class = MarksTable
    template_name = "lifecycle/review_marks.html"
    export_name = gettext_lazy("评审打分")

    def get_queryset(self) -> Any:
        return board.marked_entries(self.stage)

    def page_actions(self) -> list[Action]:
        return [
            Action(_("平衡分与宽严"), reverse("lifecycle:review.balance", args=[self.stage.pk]), icon="scale"),
            Action(_("整组复评"), reverse("lifecycle:remarking.list", args=[self.stage.pk]), icon="refresh"),
            Action(_("打印"), reverse("lifecycle:review.marks_print", args=[self.stage.pk]), icon="printer"),
        ]

    def table_context(self) -> dict[str, Any]:
        if self.request.GET.get("export") == "xlsx":
            return {"params": params_of(self.stage), "marks": load_marks(self.stage), "export": True}
        return {"params": params_of(self.stage)}

    def get_table(self, queryset: Any, *, filtered: bool) -> Any:
        table = super().get_table(queryset, filtered=filtered)
        table.context["marks"] = load_marks(self.stage, [row.pk for row in table.rows])
        return table

    def context(self) -> dict[str, Any]:
        params = params_of(self.stage)
        means = board.criterion_means(self.stage)
        if not means:
            return {"stage": self.stage, "charts": []}
        rubric = [c for c in params.rubric if c.code in means]
        bins = board.sheet_distribution(self.stage, params)
        by_criterion = Chart(
            kind="hbar",
            title=_("各评分项平均得分率"),
            labels=[c.title for c in rubric],
            series=[Series(_("得分率"), [float(round(Decimal(100) * means[c.code] / c.max_score, 1)) for c in rubric])],
            unit="%",
            definition=_("已提交评分表中该项得分的平均数除以满分；弃权不计。"),
            label_heading=_("评分项"),
        )
        spread = Chart(
            kind="bar",
            title=_("专家评分分布"),
            labels=[label for label, _n in bins],
            series=[Series(_("份数"), [n for _label, n in bins])],
            unit=_("份"),
            definition=_("每份已提交评分表的合计分，弃权项计零参与本图，不影响得分计算。"),
            label_heading=_("分数段"),
        )
        return {"stage": self.stage, "charts": [by_criterion, spread]}


class MarksPrint(StageMixin, PageView):
    """The whole table on paper."""

    layout = "print"
    template_name = "lifecycle/review_marks_print.html"
    has_object = False

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("打分"), reverse("lifecycle:review.marks", args=[self.stage.pk]))]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        params, rows = params_of(self.stage), list(board.marked_entries(self.stage).order_by("code")[:PRINT_LIMIT])
        marks = load_marks(self.stage, [row.pk for row in rows])
        table = MarksTable(rows, actor=self.actor, request=request, context={"params": params, "marks": marks})
        return self.render(stage=self.stage, table=table, params=params, rule=marks.rule)


class EntryMarks(DetailView):
    """Every sheet of one entry: who gave what, what was dropped, what stands out."""

    policy_action = "review.marks"
    view_action = "review.marks"
    template_name = "lifecycle/review_entry.html"
    context_name = "entry"

    def get_queryset(self) -> Any:
        return board.entries(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        stage = self.stage
        return [
            Crumb(_("评审组织"), reverse("lifecycle:review.stages")),
            Crumb(str(self.object.cycle), reverse("lifecycle:review.entries", args=[stage.pk]) if stage else ""),
        ]

    def page_actions(self) -> list[Action]:
        actions = [
            Action(_("查看申报件"), reverse("lifecycle:entry.detail", args=[self.object.code]), icon="file-text")
        ]
        stage, open_one = self.stage, self.open_discussion
        if stage is None or open_one or self.object.state != EntryState.IN_REVIEW:
            return actions
        if may(self.actor, "review.organise", stage):
            url = reverse("lifecycle:discussion.raise", args=[self.object.pk])
            actions.append(Action(_("提出复议"), url, icon="message-report"))
        return actions

    @cached_property
    def discussions(self) -> list[Discussion]:
        """Re-discussions of the entry, newest first."""
        return list(Discussion.objects.filter(entry=self.object).select_related("raised_by", "settled_by"))

    @property
    def open_discussion(self) -> Discussion | None:
        return next((d for d in self.discussions if d.settled_at is None), None)

    @property
    def stage(self) -> Any:
        return next((s for s in self.object.cycle.stages.all() if s.kind == "review"), None)

    def context(self) -> dict[str, Any]:
        stage = self.stage
        if stage is None:
            return {"lines": [], "score": None}
        params = params_of(stage)
        marks = load_marks(stage, [self.object.pk])
        score = marks.score(self.object.pk) if marks.experts[self.object.pk] else None
        totals = {e.expert: e for e in score.experts} if score else {}
        lines = []
        for row in board.sheets_of_stage(stage).filter(entry=self.object).prefetch_related("scores").order_by("pk"):
            stored = {s.criterion: StoredMark(s.value, s.abstained) for s in row.scores.all()}
            visible = stored if row.is_submitted else {}
            lines.append((row, make_sheet(params, visible, comment=row.comment), totals.get(expert_key(row.expert_id))))
        return {
            "stage": stage,
            "params": params,
            "lines": lines,
            "score": score,
            "may_assign": may(self.actor, "review.assign", stage),
            "discussions": self.discussions,
        }


class ReopenSheet(FormView):
    """Gives a submitted sheet back to its expert."""

    policy_action = "review.assign"
    view_action = "review.marks"
    form_class = ReasonForm
    title, submit_label = gettext_lazy("退回重新评分"), gettext_lazy("退回专家")
    intro = gettext_lazy("退回后专家可以修改并重新提交；原因记入办理记录。")

    def get_queryset(self) -> Any:
        return board.sheets(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(str(self.object.entry), reverse("lifecycle:review.entry", args=[self.object.entry_id]))]

    def perform(self, form: Any) -> HttpResponse:
        reopen_sheet(actor=self.actor, assignment=self.object, now=self.now, **form.cleaned_data)
        return self.done(
            _("已退回，专家可以修改后重新提交。"), reverse("lifecycle:review.entry", args=[self.object.entry_id])
        )
