"""No review of a contest is complete before its result has been confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.blueprints.vocabulary import ReviewMethod
from portal.lifecycle.engine.registry import check
from portal.lifecycle.review.imported.models import ContestResult, ResultState

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act

REASONS = {
    None: "还没有录入竞赛成绩。",
    ResultState.RECORDED: "竞赛成绩还没有由第二人确认。",
    ResultState.RETURNED: "竞赛成绩已退回核对，还没有重新确认。",
}


@check("complete_review")
def result_is_confirmed(act: Act) -> Decision:
    if act.params.get("method") != ReviewMethod.IMPORTED_MARKS:
        return ALLOWED
    state = ContestResult.objects.filter(entry_id=act.entry.pk).values_list("state", flat=True).first()
    return ALLOWED if state == ResultState.CONFIRMED else refuse("result", REASONS[state])
