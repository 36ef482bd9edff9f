"""The register: everybody may read it; staff see their part of the tree at their desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awards.register.models import HonourRecord
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class HonourPolicy(Policy):
    name = "honour"
    actions = ("view", "certificate", "reissue", "enter")

    def can_view(self, actor: Actor, obj: HonourRecord | None) -> Decision:
        return ALLOWED if actor.desk is None else has_role(actor, *ALL_STAFF, Role.EXPERT)

    def can_certificate(self, actor: Actor, obj: HonourRecord | None) -> Decision:
        """Download the certificate: the issuer's and the recipient's desks (the scope decides which)."""
        return has_role(actor, *ALL_STAFF)

    def can_enter(self, actor: Actor, obj: HonourRecord | None) -> Decision:
        """Honours of earlier years: by municipal and district unions, which confer them."""
        decision = has_role(actor, Role.CHECKER, Role.MANAGER)
        if decision and (is_department(actor) or actor.level not in {UnionLevel.MUNICIPAL, UnionLevel.DISTRICT}):
            return refuse("level", "由市、区（集团）总工会补登。")
        return decision

    def can_reissue(self, actor: Actor, obj: HonourRecord | None) -> Decision:
        """Whoever conferred the honour signs its certificate again."""
        return at_own(actor, obj.issuer, Role.MANAGER) if obj else has_role(actor, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return HonourRecord.objects.select_related("issuer")
