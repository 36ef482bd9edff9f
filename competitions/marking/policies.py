"""The organiser prepares, judges mark what they sit at, a second person confirms, the chief judge locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.marking.enums import PartState
from competitions.marking.models import Judge, Mark, Marking, Seat, SubCriterion
from portal.accounts.enums import Role
from portal.accounts.policies import above_or_at, at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
LOOKING = (*STAFF, Role.SUPERVISOR, Role.AUDITOR)
NOT_STARTED = refuse("not_started", "还没有开始评分：请等主办单位启用评分方案。")
NO_SEAT = refuse("no_seat", "您在这个小项没有席位，请联系裁判长。")
CLOSED = refuse("closed", "成绩已移交，不能再改。")


@register_policy
class MarkingPolicy(Policy):
    """``obj`` is a marking, or – for what is done at one – a sub-criterion."""

    name = "marking"
    actions = ("view", "organise", "score", "confirm", "lock", "reopen", "paper", "totals", "board")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        """The organiser and those above it; judges by the scope, which shows them their contests only."""
        decision = has_role(actor, *LOOKING, Role.EXPERT)
        if not decision or obj is None or actor.role == Role.EXPERT:
            return decision
        return above_or_at(actor, _marking(obj).owner.path, *LOOKING)

    def can_organise(self, actor: Actor, obj: Any) -> Decision:
        if obj is None:
            return has_role(actor, *STAFF)
        decision = at_own(actor, _marking(obj).owner, *STAFF)
        return CLOSED if decision and _marking(obj).closed_at else decision

    def can_board(self, actor: Actor, obj: Any) -> Decision:
        """The board outlives the marking: it is revealed when the marks have been handed over."""
        return has_role(actor, *STAFF) if obj is None else at_own(actor, _marking(obj).owner, *STAFF)

    def can_totals(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *LOOKING) if obj is None else at_own(actor, _marking(obj).owner, *LOOKING)

    def can_score(self, actor: Actor, obj: SubCriterion | None) -> Decision:
        decision = has_role(actor, Role.EXPERT)
        if not decision or obj is None:
            return decision
        if not (decision := _open(obj)):
            return decision
        seated = Seat.objects.filter(part=obj, judge__user_id=actor.user_id).exists()
        return ALLOWED if seated else NO_SEAT

    def can_paper(self, actor: Actor, obj: SubCriterion | None) -> Decision:
        """Typing paper sheets: the organiser's staff."""
        decision = self.can_organise(actor, obj)
        return _open(obj) if decision and obj is not None else decision

    def can_confirm(self, actor: Actor, obj: SubCriterion | None) -> Decision:
        decision = has_role(actor, *STAFF, Role.EXPERT)
        if not decision or obj is None:
            return decision
        if actor.role != Role.EXPERT and not (decision := at_own(actor, _marking(obj).owner, *STAFF)):
            return decision
        if not (decision := _open(obj)):
            return decision
        if Mark.objects.filter(aspect__part=obj, entered_by_id=actor.user_id, is_current=True).exists():
            return refuse("own", "您在这个小项评过分，须由另一人复核。")
        return ALLOWED

    def can_lock(self, actor: Actor, obj: SubCriterion | None) -> Decision:
        decision = self._chief(actor, obj)
        if not decision or obj is None:
            return decision
        if obj.state != PartState.CONFIRMED:
            return refuse("state", "复核之后才能锁定。")
        if obj.confirmed_by_id == actor.user_id:
            return refuse("own", "这个小项由您复核，须由另一人锁定。")
        return ALLOWED

    def can_reopen(self, actor: Actor, obj: SubCriterion | None) -> Decision:
        decision = self._chief(actor, obj)
        if not decision or obj is None:
            return decision
        return refuse("state", "这个小项正在评分。") if obj.state == PartState.OPEN else ALLOWED

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare, rows = self._bare(action), Marking.objects.all()
        if bare in {"organise", "paper"}:
            return rows.filter(owner__path=actor.path, closed_at=None)
        return rows.filter(owner__path=actor.path) if bare in {"board", "totals"} else rows

    def _chief(self, actor: Actor, obj: SubCriterion | None) -> Decision:
        decision = has_role(actor, Role.EXPERT)
        if not decision or obj is None:
            return decision
        if _marking(obj).closed_at:
            return CLOSED
        chief = Judge.objects.filter(marking=_marking(obj), user_id=actor.user_id, is_chief=True).exists()
        return ALLOWED if chief else refuse("chief", "由裁判长办理。")


def _marking(obj: Any) -> Marking:
    return obj if isinstance(obj, Marking) else obj.scheme.marking


def _open(part: SubCriterion) -> Decision:
    marking = part.scheme.marking
    if marking.closed_at:
        return CLOSED
    if marking.started_at is None or not part.scheme.is_in_force:
        return NOT_STARTED
    if part.state == PartState.CONFIRMED:
        return refuse("confirmed", "本小项已复核，不能再评；需要更正时请裁判长退回。")
    return refuse("locked", "本小项已锁定，不能再评。") if part.state == PartState.LOCKED else ALLOWED
