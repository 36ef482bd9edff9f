"""Pages of the selection room: stages, rounds, the decision table, ties, approval, the meeting's paper (lines: line_views)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.decisions import Decision, refuse
from portal.core.policies import may
from portal.lifecycle.programmes.queries import in_turn, params_of
from portal.lifecycle.review.vote.queries import votes_of_stage
from portal.lifecycle.selection import domain, queries
from portal.lifecycle.selection.countersigning.queries import Signing, signing_of
from portal.lifecycle.selection.countersigning.standing import countersigned
from portal.lifecycle.selection.forms import ApproveForm, DecisionForm, TieForm
from portal.lifecycle.selection.models import Outcome, RoundStatus
from portal.lifecycle.selection.ratios import ratios_of
from portal.lifecycle.selection.snapshot import goes_by_places, has_marks, is_batch, is_budget
from portal.lifecycle.selection.tables import (
    DecisionFilters,
    DecisionTable,
    LinesTable,
    RoundTable,
    StageFilters,
    StageTable,
    UnmarkedLinesTable,
    UnmarkedTable,
    round_status,
)
from portal.web.navigation import url_of
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import ActionView, FormView, ListView, PageView

PAPER_LIMIT = 2000


class RoundList(ListView):
    """Selection stages of the cycles this desk runs."""

    policy_action = "round.view"
    table_class = StageTable
    filters_class = StageFilters
    title = gettext_lazy("评选")
    saved_views = (SavedView(gettext_lazy("进行中"), "status=open"),)

    def get_queryset(self) -> Any:
        return in_turn(queries.selection_stages(actor=self.actor))


class StagePage(PageView):
    """One selection stage: its rounds, and producing the next."""

    policy_action = "round.view"
    template_name = "lifecycle/round_stage.html"
    context_name = "stage"

    def get_queryset(self) -> Any:
        return queries.selection_stages(actor=self.actor)

    def page(self) -> PageContext:
        stage = self.object
        url = reverse("lifecycle:round.produce", args=[stage.pk])
        text = _("将冻结当前名单和评分，未审定的上一轮会被取代。确认产生吗？")
        label = _("产生评选结果") if not stage.round_count else _("重新产生一轮")
        actions = [
            Action(label, url, icon="calculator", kind="primary", post=True, confirm=text, decision=self.decision())
        ]
        return PageContext(
            title=_("%(cycle)s · 评选") % {"cycle": stage.cycle},
            crumbs=[Crumb(_("评选"), reverse("lifecycle:round.list"))],
            actions=actions if may(self.actor, "round.produce", stage) else [],
        )

    def decision(self) -> Decision:
        """Why a round cannot be produced now, or that it can."""
        stage = self.object
        if stage.last_status == RoundStatus.APPROVED or self.has_approved:
            return refuse("approved", _("评选结果已经审定。"))
        if stage.status != "open":
            return refuse("closed", _("评选环节没有开放，请先在届次页面开启。"))
        if not stage.waiting:
            return refuse("empty", _("还没有可以评选的申报件。"))
        return may(self.actor, "round.produce", stage)

    @cached_property
    def has_approved(self) -> bool:
        return any(r.status == RoundStatus.APPROVED for r in self.rounds)

    @cached_property
    def rounds(self) -> list[Any]:
        return list(queries.rounds_of(self.object))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        job = queries.last_job(self.object)
        return self.render(
            table=RoundTable(self.rounds, actor=self.actor, request=request),
            params=params_of(self.object),
            job=job,
            job_url=reverse("jobs:run.detail", args=[job.pk]) if job and url_of("jobs:run.list") else "",
        )


class ProduceRound(ActionView):
    """Starts the job."""

    policy_action = "round.produce"

    def get_queryset(self) -> Any:
        return queries.selection_stages(actor=self.actor)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:round.stage", args=[self.object.pk])

    def perform(self) -> HttpResponse:
        domain.start_round(actor=self.actor, stage=self.object, now=self.now)
        return self.done(_("正在产生评选结果，可以离开本页，完成后在此查看。"), self.get_failure_url())


class RoundMixin:
    """A page about one round."""

    policy_action = "round.view"
    view_action = "round.view"

    @cached_property
    def round(self) -> Any:
        found = queries.rounds(actor=self.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def policy_object(self) -> Any:
        return self.round

    def page_title(self) -> Any:
        return _("%(cycle)s 第%(n)s轮评选") % {"cycle": self.round.stage.cycle, "n": self.round.number}

    def page_crumbs(self) -> list[Crumb]:
        stage = self.round.stage
        return [
            Crumb(_("评选"), reverse("lifecycle:round.list")),
            Crumb(str(stage.cycle), reverse("lifecycle:round.stage", args=[stage.pk])),
        ]

    def table_context(self) -> dict[str, Any]:
        rule = self.round.snapshot["rule"]
        ratios = {r.code: r.title for r in self.round.stage.cycle.blueprint.rules.ratios}
        export = self.request.GET.get("export") == "xlsx"
        known = {"criteria": rule["criteria"], "by_track": rule["by_track"], "ratios": ratios, "export": export}
        return known | {"budget": is_budget(self.round.snapshot), "votes": self._votes()}

    def _votes(self) -> dict[int, int] | None:
        """Votes by entry, beside the total and never in it; None without a vote that has closed."""
        cycle = self.round.stage.cycle
        review = cycle.blueprint.rules.stage("review")
        if review is None or review.params.vote is None:
            return None
        stage = cycle.stages.filter(kind="review").values_list("pk", flat=True).first()
        return votes_of_stage(stage, self.now)


class RoundDetail(RoundMixin, ListView):
    """The decision table (archetype 6): ranking, marks, flags, outcome, reason; places and caps in sight."""

    table_class = DecisionTable
    filters_class = DecisionFilters
    template_name = "lifecycle/round_detail.html"
    export_name = gettext_lazy("评选结果")
    saved_views = (
        SavedView(gettext_lazy("入选"), f"outcome={Outcome.SELECTED}"),
        SavedView(gettext_lazy("递补"), f"outcome={Outcome.RESERVE}"),
        SavedView(gettext_lazy("未入选"), f"outcome={Outcome.NOT_SELECTED}"),
    )

    def get_queryset(self) -> Any:
        return queries.selections(self.round)

    @cached_property
    def may_settle(self) -> bool:
        return bool(self.round.status == RoundStatus.DRAFT and may(self.actor, "round.approve", self.round))

    def get_table(self, queryset: Any, *, filtered: bool) -> Any:
        marked = has_marks(self.round.snapshot)
        if self.may_settle and is_batch(self.round.snapshot):
            kind = LinesTable if marked else UnmarkedLinesTable
        else:
            kind = DecisionTable if marked else UnmarkedTable
        return kind.paged(
            queryset, self.request.GET, actor=self.actor, request=self.request, filtered=filtered,
            context=self.table_context(),
        )  # fmt: skip

    def page(self) -> PageContext:
        page = super().page()
        page.badge = round_status(self.round.status)
        return page

    def page_actions(self) -> list[Action]:
        here = self.round
        paper = [Action(_("会议材料"), reverse("lifecycle:round.paper", args=[here.pk]), icon="printer")]
        if goes_by_places(here.snapshot) and has_marks(here.snapshot) and may(self.actor, "round.view", here):
            paper.append(Action(_("试算"), reverse("lifecycle:round.what_if", args=[here.pk]), icon="calculator"))
        if here.status not in {RoundStatus.DRAFT, RoundStatus.BLOCKED} or not may(self.actor, "round.approve", here):
            return paper
        reject = Action(_("否决"), reverse("lifecycle:round.reject", args=[here.pk]), kind="ghost")
        url = reverse("lifecycle:round.approve", args=[here.pk])
        return [*paper, reject, Action(_("审定结果"), url, icon="gavel", kind="primary", decision=self.decision())]

    def decision(self) -> Decision:
        """Why the round cannot be approved now, or that it can."""
        here = self.round
        if here.status == RoundStatus.BLOCKED:
            return refuse("blocked", _("两套算法的结果不一致，须核对后重新产生。"))
        if here.needs_decision:
            return refuse("tie", "；".join(question["sentence"] for question in here.needs_decision) + "。")
        if broken := [r for r in self.ratios if r.blocks]:
            return refuse("ratio", "；".join(r.sentence for r in broken))
        if not (signed := countersigned(here, self.signing)):
            return signed
        return may(self.actor, "round.approve", here)

    @cached_property
    def ratios(self) -> list[Any]:
        return ratios_of(self.round)

    def context(self) -> dict[str, Any]:
        return {
            "round": self.round,
            "meters": queries.meters(self.round),
            "ratios": self.ratios,
            "counts": queries.outcome_counts(self.round),
            "may_settle": self.may_settle,
            "is_batch": is_batch(self.round.snapshot),
            "swapped": queries.swapped(self.round) if self.ratios else 0,
            "sign_lines": [(line, self._may_answer(line)) for line in self.signing.lines],
            "paper_signers": self.signing.on_paper,
        }

    @cached_property
    def signing(self) -> Signing:
        return signing_of(self.round)

    def _may_answer(self, line: Any) -> bool:
        return bool(line.is_refused and may(self.actor, "countersign.answer", line.signature))


class DecideRound(FormView):
    """What approving and rejecting share."""

    abstract = True
    policy_action = "round.approve"
    view_action = "round.view"
    form_class = DecisionForm
    context_name = "round"

    def get_queryset(self) -> Any:
        return queries.rounds(actor=self.actor)

    def url(self) -> str:
        return reverse("lifecycle:round.detail", args=[self.object.pk])

    def page_crumbs(self) -> list[Crumb]:
        title = _("%(cycle)s 第%(n)s轮评选") % {"cycle": self.object.stage.cycle, "n": self.object.number}
        return [Crumb(_("评选"), reverse("lifecycle:round.list")), Crumb(title, self.url())]


class ApproveRound(DecideRound):
    title, submit_label = gettext_lazy("审定评选结果"), gettext_lazy("审定通过")
    form_class = ApproveForm
    template_name = "lifecycle/round_approve.html"
    confirm = gettext_lazy("审定后，入选、递补和未入选将一并生效，本届次不能再产生新的一轮。确认审定吗？")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"unproved": len(self.object.unproved)}

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "counts": queries.outcome_counts(self.object),
            "meters": queries.meters(self.object),
            "ratios": ratios_of(self.object),
            "params": params_of(self.object.stage),
        }

    def perform(self, form: Any) -> HttpResponse:
        domain.approve_round(actor=self.actor, round_=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("评选结果已审定，尚未公开。下一步在“公示与异议”中拟定公示。"), self.url())


class RejectRound(DecideRound):
    title, submit_label = gettext_lazy("否决评选结果"), gettext_lazy("否决本轮")
    submit_kind = "danger"
    intro = gettext_lazy("否决后申报件仍为“已评审”，可以重新产生一轮。")

    def perform(self, form: Any) -> HttpResponse:
        domain.reject_round(actor=self.actor, round_=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("本轮已否决，可以重新产生。"), reverse("lifecycle:round.stage", args=[self.object.stage_id]))


class SettleTie(DecideRound):
    """Puts tied entries in order, with the reason."""

    form_class = TieForm
    title, submit_label = gettext_lazy("议定并列名次"), gettext_lazy("确认次序")

    @cached_property
    def tie(self) -> dict[str, Any]:
        ties = queries.open_ties(self.object)
        number = self.kwargs["number"]
        if number >= len(ties):
            raise Http404
        return ties[number]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"rows": self.tie["rows"]}

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "intro": self.tie["sentence"] + "。" + _("冻结的评分不变，按议定的次序重新核算名额。")
        }

    def perform(self, form: Any) -> HttpResponse:
        domain.settle_tie(
            actor=self.actor, round_=self.object, codes=form.codes, reason=form.cleaned_data["reason"], now=self.now
        )
        return self.done(_("已记录议定次序，名额已重新核算。"), self.url())
