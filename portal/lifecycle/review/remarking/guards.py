"""An entry whose marks are being given anew does not leave the review before people have decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.registry import check
from portal.lifecycle.review.remarking.models import RemarkedSheet, RemarkingState

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act


@check("complete_review")
def remarking_is_decided(act: Act) -> Decision:
    rows = RemarkedSheet.objects.filter(assignment__entry=act.entry, remarking__state=RemarkingState.OPEN)
    if rows.exists():
        return refuse("remarking", "申报件正在整组复评，决定采用新评分或恢复原评分后才能完成评审。")
    return ALLOWED
