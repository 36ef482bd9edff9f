"""The organiser's side of one review stage: progress, entries, entering and completing the review."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import may
from portal.lifecycle.blueprints.vocabulary import MARKING_METHODS, SHEET_METHODS, ReviewMethod
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage, Track
from portal.lifecycle.programmes.queries import in_turn, params_of
from portal.lifecycle.review.queries import board
from portal.lifecycle.review.results import load_marks
from portal.lifecycle.review.tables import (
    ExpertProgressTable,
    StageEntriesFilters,
    StageEntriesTable,
    StageFilters,
    StageTable,
)
from portal.web.ui import Action, Crumb, SavedView, Tab
from portal.web.views import BulkActionView, ListView, PageView
from portal.web.views.bulk import BulkRow

SHOWN = 20


class StageMixin:
    """A page below one review stage of this desk: the stage, its crumbs and tabs."""

    policy_action = "review.marks"
    view_action = "review.marks"

    @cached_property
    def stage(self) -> CycleStage:
        stage = board.review_stages(actor=self.actor).filter(pk=self.kwargs["pk"]).first()
        if stage is None:
            raise Http404
        return stage

    def policy_object(self) -> Any:
        return self.stage

    def page_title(self) -> Any:
        return _("%(cycle)s · 专家评审") % {"cycle": self.stage.cycle}

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("评审组织"), reverse("lifecycle:review.stages"))]

    def page_tabs(self) -> list[Tab]:
        method = self.stage.params.get("method", ReviewMethod.RUBRIC_PANEL)
        names = [("review.stage", _("进度")), ("review.entries", _("申报件"))]
        if method in SHEET_METHODS:
            names.append(("review.panels", _("评审组与分配")))
        if method == ReviewMethod.IMPORTED_MARKS:
            names.append(("result.list", _("竞赛成绩")))
        if method in MARKING_METHODS:
            names.append(("review.marks", _("打分")))
        if self.stage.params.get("meeting"):
            names.append(("meeting.list", _("评审会")))
        here = self.request.resolver_match.url_name
        return [Tab(label, reverse(f"lifecycle:{name}", args=[self.stage.pk]), name == here) for name, label in names]


class StageList(ListView):
    """Review stages of the cycles this desk runs."""

    policy_action = "review.marks"
    table_class = StageTable
    filters_class = StageFilters
    title = gettext_lazy("评审组织")
    subtitle = gettext_lazy("组成评审组、分配申报件、查看打分、召开评审会；点届次办理。")
    saved_views = (SavedView(gettext_lazy("进行中"), "status=open"),)

    def get_queryset(self) -> Any:
        return in_turn(board.review_stages(actor=self.actor))


class StageProgress(StageMixin, PageView):
    """How far the review is: figures, experts, whom to remind."""

    template_name = "lifecycle/review_stage.html"
    has_object = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.stage.params.get("method") == ReviewMethod.IMPORTED_MARKS:  # nobody marks: results are the progress
            return self.redirect(reverse("lifecycle:result.list", args=[self.stage.pk]))
        progress = board.expert_progress(self.stage)
        params = params_of(self.stage)
        short = board.entries_without_enough(self.stage, params.experts_per_entry)
        late = [p for p in progress if p.open]
        return self.render(
            stage=self.stage,
            params=params,
            table=ExpertProgressTable(progress, actor=self.actor, context={"now": self.now}),
            late=late,
            reminder=self.reminder(late),
            short=list(short[:SHOWN]),
            short_count=(count := short.count()),
            short_text=_("共 %(n)s 件") % {"n": count} if count > SHOWN else "",
            sheets_text=_("共 %(n)s 份") % {"n": self.stage.sheets},
            can_organise=may(self.actor, "review.organise", self.stage),
        )

    def reminder(self, late: list[board.ExpertProgress]) -> str:
        """Text to paste into a message: who still has how many, until when."""
        if not late:
            return ""
        names = "、".join(f"{p.name}（{p.open}件）" for p in late)
        return _("%(cycle)s专家评审请于截止前完成评分，尚未完成的专家：%(names)s。") % {
            "cycle": self.stage.cycle, "names": names,
        }  # fmt: skip


class StageEntries(StageMixin, ListView):
    """Entries before, in and after the review, with marks in, spread and outliers."""

    table_class = StageEntriesTable
    filters_class = StageEntriesFilters
    export_name = gettext_lazy("评审进度")
    saved_views = (
        SavedView(gettext_lazy("待进入评审"), "state=recommended"),
        SavedView(gettext_lazy("评审中"), "state=in_review"),
        SavedView(gettext_lazy("已评审"), "state=reviewed"),
    )

    def get_queryset(self) -> Any:
        return board.review_entries(self.stage)

    def filter_context(self) -> dict[str, Any]:
        return {
            "tracks": Track.objects.filter(cycle_id=self.stage.cycle_id),
            "per_entry": params_of(self.stage).experts_per_entry,
        }

    def get_table(self, queryset: Any, *, filtered: bool) -> Any:
        table = super().get_table(queryset, filtered=filtered)
        marked = [row.pk for row in table.rows if row.submitted]
        if marked:
            table.context["marks"] = load_marks(self.stage, marked)
        return table

    def table_context(self) -> dict[str, Any]:
        if self.request.GET.get("export") == "xlsx":
            return {"marks": load_marks(self.stage)}
        return {}


class ReviewBulk(BulkActionView):
    """Shows per entry whether the door would let it pass, and why not."""

    abstract = True
    policy_action = "cycle.run"
    transition = ""

    def get_queryset(self) -> Any:
        rows = Entry.objects.filter(cycle__owner__path=self.actor.path)
        return rows.select_related("cycle__owner", "organisation").prefetch_related("cycle__stages").order_by("code")

    def row_title(self, obj: Entry) -> str:
        return f"{obj.code} {obj.title}"

    def decision(self, entry: Entry) -> Decision:
        refusals = preview(entry, self.transition, actor=self.actor, now=self.now)
        return refuse(refusals[0].code, "；".join(r.message for r in refusals)) if refusals else ALLOWED

    def preview(self) -> list[BulkRow]:
        return [BulkRow(row.object, row.title, self.decision(row.object)) for row in super().preview()]

    def back_url(self) -> str:
        wanted = [pk for pk in self.request.POST.getlist("selected") if pk.isdigit()][:1]
        entry = self.get_queryset().filter(pk__in=wanted).first()
        stage = next((s for s in entry.cycle.stages.all() if s.kind == "review"), None) if entry else None
        return reverse("lifecycle:review.entries", args=[stage.pk]) if stage else reverse("lifecycle:review.stages")

    def perform_one(self, obj: Entry, data: dict[str, Any]) -> None:
        perform(obj, self.transition, actor=self.actor, now=self.now)


class BeginReview(ReviewBulk):
    transition = "begin_review"
    label = gettext_lazy("进入评审")


class CompleteReview(ReviewBulk):
    transition = "complete_review"
    label = gettext_lazy("完成评审")


def organise_actions(view: Any) -> list[Action]:
    """The organiser's buttons of a stage page."""
    stage = view.stage
    if not may(view.actor, "review.organise", stage):
        return []
    return [
        Action(_("新建评审组"), reverse("lifecycle:review.panel_create", args=[stage.pk]), icon="plus", kind="primary")
    ]
