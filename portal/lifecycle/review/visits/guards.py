"""A review with required visits is not complete before the visit has been filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.registry import check
from portal.lifecycle.review.visits.models import Visit, VisitState

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act


@check("complete_review")
def visit_filed(act: Act) -> Decision:
    visit = act.params.get("visit")
    if not visit or not visit.get("required", True):
        return ALLOWED
    if Visit.objects.filter(entry=act.entry, state=VisitState.FILED).exists():
        return ALLOWED
    return refuse("visit", "还没有归档实地考察记录，不能完成评审。")
