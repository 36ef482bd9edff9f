"""What the outcome of a round does to an entry; only an approved round may decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.registry import check, effect
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act

OUTCOME_OF = {
    "select": Outcome.SELECTED,
    "reserve": Outcome.RESERVE,
    "pass_over": Outcome.NOT_SELECTED,
    "promote": Outcome.SELECTED,
}


@effect("select")
def keep_rank(act: Act) -> None:
    act.entry.final_rank = act.payload.get("rank")
    act.facts["round"] = act.payload.get("round")


effect("reserve")(keep_rank)
effect("pass_over")(keep_rank)


@check("select", "reserve", "pass_over")
def has_come_this_far(act: Act) -> Decision:
    """A submitted entry is selected directly only where nobody recommends, a recommended one where nobody reviews."""
    if act.entry.state == EntryState.REVIEWED:
        return ALLOWED
    kinds = {stage.kind for stage in act.cycle.stages.all()}
    if act.entry.state == EntryState.SUBMITTED and "recommendation" in kinds:
        return refuse("not_recommended", "申报件还在逐级推荐中，不能评选。")
    if "review" in kinds:
        return refuse("not_reviewed", "申报件还没有完成评审，不能评选。")
    return ALLOWED


@check("select", "reserve", "pass_over", "promote")
def an_approved_round_says_so(act: Act) -> Decision:
    """Nobody is selected by hand: the approved round must hold exactly this outcome for the entry."""
    rows = Selection.objects.filter(
        entry_id=act.entry.pk, round__status=RoundStatus.APPROVED, outcome=OUTCOME_OF[act.transition.name]
    )
    if not rows.exists():
        return refuse("no_round", "评选结果须经审定的评选轮次产生，不能单独办理。")
    return ALLOWED
