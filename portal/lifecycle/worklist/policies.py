"""The work list is every desk's own home; what it shows is decided by the sources' policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, has_role
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.core.decisions import Decision


@register_policy
class WorklistPolicy(Policy):
    name = "worklist"
    actions = ("view", "search")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF, Role.EXPERT)

    def can_search(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)
