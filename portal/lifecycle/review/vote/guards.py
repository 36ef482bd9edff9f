"""Where the vote is all there is to the review, the review is not complete while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.blueprints.vocabulary import ReviewMethod
from portal.lifecycle.engine.registry import check
from portal.lifecycle.review.vote.models import VoteWindow

if TYPE_CHECKING:
    from portal.lifecycle.engine.perform import Act


@check("complete_review")
def vote_is_over(act: Act) -> Decision:
    if act.params.get("method") != ReviewMethod.VOTE:
        return ALLOWED
    window = VoteWindow.objects.filter(stage=act.stage).first()
    if window is None:
        return refuse("vote", "还没有开始投票，不能完成评审。")
    if not window.is_over_at(act.now):
        return refuse("vote", "投票还没有结束，不能完成评审。")
    return ALLOWED
