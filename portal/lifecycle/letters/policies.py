"""Letters: the cycle's owner drafts and sends; everybody reads what was sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.letters.models import Channel, Delivery, Letter, LetterBatch

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class LetterPolicy(Policy):
    """``obj`` is a cycle, a batch or a letter of one."""

    name = "letter"
    actions = ("view", "draft", "send")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, Role.CHECKER, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)

    def can_draft(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, Role.CHECKER, Role.MANAGER)

    def can_send(self, actor: Actor, obj: Any) -> Decision:
        return self._at(actor, obj, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return LetterBatch.objects.filter(cycle__owner__path=actor.path)

    def _at(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        if obj is not None:
            batch = obj.batch if isinstance(obj, Letter) else obj
            cycle = batch.cycle if isinstance(batch, LetterBatch) else batch
            return at_own(actor, cycle.owner, *roles)
        decision = has_role(actor, *roles)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("not_here", "函件由主办工会起草。")
        return decision


@register_policy
class MessagePolicy(Policy):
    """``obj`` is a delivery on the site; it is the person's own."""

    name = "message"
    actions = ("view", "remind")

    def can_view(self, actor: Actor, obj: Delivery | None) -> Decision:
        decision = has_role(actor, *ALL_STAFF, Role.EXPERT)
        if not decision or obj is None:
            return decision
        mine = obj.user_id == actor.user_id and obj.channel == Channel.SITE
        return ALLOWED if mine else refuse("not_yours", "这封函件不是发给您的。")

    def can_remind(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF, Role.EXPERT)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return Delivery.objects.filter(user_id=actor.user_id, channel=Channel.SITE)
