"""Codes: officers of the owner draw and keep; a table is opened by its holder alone, whatever the role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.review.codes import queries
from portal.lifecycle.review.codes.models import FIRST, CodeTable

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

OFFICERS = (Role.CHECKER, Role.MANAGER)
DECODERS = (*OFFICERS, Role.SUPERVISOR)
READERS = (*DECODERS, Role.AUDITOR)


@register_policy
class CodesPolicy(Policy):
    """``obj`` is the review stage, or a file of marks of one."""

    name = "codes"
    actions = ("view", "draw", "open", "mark", "decode")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, *READERS)

    def can_draw(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, *OFFICERS)

    def can_open(self, actor: Actor, obj: Any) -> Decision:
        """Before decoding nobody but the holder, not even the supervisor."""
        decision = self._at(actor, obj, *OFFICERS)
        if decision and obj is not None and not _held(actor, _stage_of(obj)):
            return refuse("not_holder", "密码表由抽签的保管人一人查看，解密前其他人都不能看。")
        return decision

    def can_mark(self, actor: Actor, obj: Any) -> Decision:
        """With one layer its holder knows whose every code is, and therefore neither records nor reads marks."""
        decision = self._at(actor, obj, *OFFICERS)
        stage = _stage_of(obj)
        if decision and stage is not None and queries.layers_of(stage) == FIRST and _held(actor, stage):
            return refuse("holder", "一次加密的保管人知道每个码是谁的，不能录入或查看成绩。")
        return decision

    def can_decode(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, *DECODERS)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        """Tables of which the actor is the holder."""
        self._bare(action)
        return CodeTable.objects.filter(stage__cycle__owner__path=actor.path, holder_id=actor.user_id)

    def _at(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        if obj is not None:
            return at_own(actor, _stage_of(obj).cycle.owner, *roles)
        decision = has_role(actor, *roles)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("not_here", "抽签加密由主办工会组织。")
        return decision if not decision else ALLOWED


def _stage_of(obj: Any) -> Any:
    return getattr(obj, "stage", obj)


def _held(actor: Actor, stage: Any) -> bool:
    return CodeTable.objects.filter(stage=stage, is_current=True, holder_id=actor.user_id).exists()
