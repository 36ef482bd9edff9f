"""Pages of the results: stages, the list with progress, file with dry run, one by hand, confirmation."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.decisions import Decision, refuse
from portal.core.policies import may
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage, Track
from portal.lifecycle.programmes.queries import in_turn, params_of
from portal.lifecycle.review.imported import domain, queries
from portal.lifecycle.review.imported.forms import ConfirmAllForm, ResultForm, ReturnForm
from portal.lifecycle.review.imported.models import ContestResult
from portal.lifecycle.review.imported.tables import (
    BatchTable,
    ResultFilters,
    ResultStageFilters,
    ResultStageTable,
    ResultTable,
)
from portal.lifecycle.review.sheet import StoredMark, make_sheet
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import BulkActionView, FormView, ListView
from portal.web.views.bulk import BulkRow

RECENT = 5


def list_crumb() -> Crumb:
    return Crumb(_("竞赛成绩"), reverse("lifecycle:result.stages"))


def url_of_stage(stage: CycleStage) -> str:
    return reverse("lifecycle:result.list", args=[stage.pk])


def stage_crumbs(stage: CycleStage) -> list[Crumb]:
    return [list_crumb(), Crumb(str(stage.cycle), url_of_stage(stage))]


class ResultStages(ListView):
    """Contests of this desk whose marks are results."""

    policy_action = "result.view"
    table_class = ResultStageTable
    filters_class = ResultStageFilters
    title = gettext_lazy("竞赛成绩")
    subtitle = gettext_lazy("录入或导入各项比赛的成绩，由另一人核对确认；点届次办理。")
    saved_views = (SavedView(gettext_lazy("进行中"), "status=open"),)

    def get_queryset(self) -> Any:
        return in_turn(queries.result_stages(actor=self.actor))


class OfStage:
    """A page below one review stage of this desk."""

    view_action = "result.view"

    @cached_property
    def stage(self) -> CycleStage:
        stage = queries.result_stages(actor=self.actor).filter(pk=self.kwargs["pk"]).first()
        if stage is None:
            raise Http404
        return stage

    @property
    def object(self) -> CycleStage:
        return self.stage

    def policy_object(self) -> Any:
        return self.stage

    def get_failure_url(self) -> str:
        return url_of_stage(self.stage)


class ResultList(OfStage, ListView):
    """The contest's results: how far they are, each entry's parts, and what to do next."""

    policy_action = "result.view"
    table_class = ResultTable
    filters_class = ResultFilters
    template_name = "lifecycle/result_list.html"
    export_name = gettext_lazy("竞赛成绩")
    saved_views = (
        SavedView(gettext_lazy("待录入"), "state=missing"),
        SavedView(gettext_lazy("待确认"), "state=recorded"),
        SavedView(gettext_lazy("退回核对"), "state=returned"),
        SavedView(gettext_lazy("已确认"), "state=confirmed"),
    )

    def get_queryset(self) -> Any:
        return queries.result_entries(self.stage)

    @cached_property
    def params(self) -> Any:
        return params_of(self.stage)

    @cached_property
    def is_coded(self) -> bool:
        return queries.is_coded(self.stage)

    @cached_property
    def tracks(self) -> Any:
        return Track.objects.filter(cycle_id=self.stage.cycle_id)

    def filter_context(self) -> dict[str, Any]:
        return {"tracks": self.tracks}

    def table_context(self) -> dict[str, Any]:
        return {
            "params": self.params,
            "by_track": self.tracks.exists(),
            "total_of": self.total_of,
            "is_open": self.stage.is_open_at(self.now) and not self.is_coded,
        }

    def total_of(self, result: ContestResult) -> Decimal | None:
        """What the parts add up to by the rubric's weights."""
        if result.absent:
            return None
        marks = {code: StoredMark(Decimal(value)) for code, value in result.marks.items()}
        return make_sheet(self.params, marks).total

    def page(self) -> PageContext:
        return PageContext(
            title=_("%(cycle)s · 竞赛成绩") % {"cycle": self.stage.cycle},
            crumbs=[list_crumb()],
            actions=self._actions(),
        )

    def _actions(self) -> list[Action]:
        stage, here = self.stage, [self.stage.pk]
        if self.is_coded and may(self.actor, "codes.view", stage):
            url = reverse("lifecycle:codes.page", args=here)
            return [Action(_("去抽签加密"), url, icon="lock", kind="primary")]
        if self.is_coded or not may(self.actor, "result.record", stage):
            return []
        waiting = queries.results_to_confirm(stage, self.actor).exists()
        if stage.in_review and not (stage.missing or stage.recorded or stage.returned):
            url = reverse("lifecycle:review.entries", args=here)
            return [Action(_("去完成评审"), url, icon="arrow-right", kind="primary", decision=self._open())]
        actions = [
            Action(_("下载成绩单模板"), reverse("lifecycle:result.template", args=here), icon="download", download=True),
            Action(
                _("导入成绩单"), reverse("lifecycle:result.upload", args=here), icon="upload",
                kind="secondary" if waiting else "primary", decision=self._open(),
            ),
        ]  # fmt: skip
        if waiting:
            url = reverse("lifecycle:result.confirm_all", args=here)
            actions.append(Action(_("全部确认"), url, icon="checks", kind="primary", decision=self._open()))
        return actions

    def _open(self) -> Decision | None:
        if self.stage.is_open_at(self.now):
            return None
        return refuse("closed", _("评审环节没有开放，成绩暂不能录入或改动。"))

    def context(self) -> dict[str, Any]:
        files = queries.batches(actor=self.actor).filter(stage=self.stage)[:RECENT]
        return {
            "stage": self.stage,
            "is_coded": self.is_coded,
            "params": self.params,
            "all_results": self.stage.missing + self.stage.recorded + self.stage.returned + self.stage.confirmed,
            "files": BatchTable(list(files), actor=self.actor) if files else None,
        }


class EditResult(FormView):
    """One result by hand."""

    policy_action = "result.record"
    view_action = "result.view"
    form_class = ResultForm
    title = gettext_lazy("录入成绩")
    submit_label = gettext_lazy("保存成绩")
    intro = gettext_lazy("保存后须由另一人核对确认，确认后才计入总分。")

    def get_queryset(self) -> Any:
        return queries.entries(actor=self.actor)

    @cached_property
    def stage(self) -> CycleStage:
        return queries.stage_of_entry(self.object)

    @cached_property
    def result(self) -> ContestResult | None:
        return getattr(self.object, "contest_result", None)

    def page(self) -> PageContext:
        entry: Entry = self.object
        below = " · ".join([entry.code, entry.organisation.name, *([entry.track.title] if entry.track else [])])
        title = _("成绩：%(title)s") % {"title": entry.title}
        return PageContext(title=title, subtitle=below, crumbs=stage_crumbs(self.stage), narrow=True)

    def get_cancel_url(self) -> str:
        return url_of_stage(self.stage)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"params": params_of(self.stage)}

    def get_initial(self) -> dict[str, Any]:
        if self.result is None:
            return {}
        marks = {f"mark_{code}": value for code, value in self.result.marks.items()}
        return marks | {"absent": self.result.absent, "note": self.result.note}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        domain.record_result(
            actor=self.actor, entry=self.object, typed=form.typed, absent=data["absent"], note=data["note"],
            now=self.now,
        )  # fmt: skip
        return self.done(_("成绩已保存，等待另一人确认。"), url_of_stage(self.stage))


class ResultBulk(BulkActionView):
    """Rows are entries; what is done concerns their result."""

    abstract = True

    def get_queryset(self) -> Any:
        return queries.entries(actor=self.actor).order_by("code")

    def row_title(self, obj: Entry) -> str:
        return f"{obj.code} {obj.title}"

    def preview(self) -> list[BulkRow]:
        return [BulkRow(row.object, row.title, self.decision(row.object)) for row in super().preview()]

    def decision(self, entry: Entry) -> Decision:
        result = getattr(entry, "contest_result", None)
        if result is None:
            return refuse("missing", _("还没有录入成绩。"))
        if entry.state != EntryState.IN_REVIEW:
            return refuse("over", _("评审已经完成，成绩不再变动。"))
        return self.of_result(result)

    def of_result(self, result: ContestResult) -> Decision:
        raise NotImplementedError

    def back_url(self) -> str:
        wanted = [pk for pk in self.request.POST.getlist("selected") if pk.isdigit()][:1]
        entry = self.get_queryset().filter(pk__in=wanted).first()
        return url_of_stage(queries.stage_of_entry(entry)) if entry else reverse("lifecycle:result.stages")


class ConfirmResults(ResultBulk):
    policy_action = "result.confirm"
    label = gettext_lazy("确认成绩")

    def of_result(self, result: ContestResult) -> Decision:
        if result.state != "recorded":
            return refuse("state", _("成绩现为“%(s)s”。") % {"s": result.get_state_display()})
        return may(self.actor, "result.confirm", result)

    def perform_one(self, obj: Entry, data: dict[str, Any]) -> None:
        domain.confirm_result(actor=self.actor, result=obj.contest_result, now=self.now)


class ReturnResults(ResultBulk):
    policy_action = "result.record"
    label = gettext_lazy("退回核对")
    form_class = ReturnForm

    def of_result(self, result: ContestResult) -> Decision:
        if result.state == "returned":
            return refuse("state", _("这项成绩已经退回。"))
        return may(self.actor, "result.record", result)

    def perform_one(self, obj: Entry, data: dict[str, Any]) -> None:
        domain.return_result(actor=self.actor, result=obj.contest_result, reason=data["reason"], now=self.now)


class ConfirmAll(OfStage, FormView):
    """Everything that somebody else has recorded, as one unit."""

    policy_action = "result.confirm"
    form_class = ConfirmAllForm
    title = gettext_lazy("全部确认")
    submit_label = gettext_lazy("确认成绩")

    def page_crumbs(self) -> list[Crumb]:
        return stage_crumbs(self.stage)

    def context(self) -> dict[str, Any]:
        count = queries.results_to_confirm(self.stage, self.actor).count()
        text = _("将确认由他人录入的 %(n)s 件成绩，确认后计入总分。发现不符的，请先返回列表勾选后“退回核对”。")
        return super().context() | {"intro": text % {"n": count}}

    def perform(self, form: Any) -> HttpResponse:
        count = domain.confirm_all(actor=self.actor, stage=self.stage, now=self.now)
        return self.done(_("已确认 %(n)s 件成绩，可以完成评审。") % {"n": count}, url_of_stage(self.stage))
