"""An entry that is to be talked about again, or whose marks are being given anew, does not leave the review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.registry import check
from portal.lifecycle.review.discussion.models import Discussion

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act


@check("complete_review")
def discussion_is_settled(act: Act) -> Decision:
    open_one = Discussion.objects.filter(entry=act.entry, settled_at=None).first()
    if open_one is None:
        return ALLOWED
    return refuse("discussion", f"申报件正在复议（{open_one.reason}），办结后才能完成评审。")
