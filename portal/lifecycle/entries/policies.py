"""Entries: derived from the role, the place in the tree and the state; computed, never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.engine.states import EDITABLE_STATES, EntryState
from portal.lifecycle.entries.models import Entry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

LOCKED = refuse("locked", "申报件已上报并锁定；需要修改时，请联系当前处理工会退回补正。")


@register_policy
class EntryPolicy(Policy):
    """The unit's filers write, the union that holds the entry decides, the cycle's owner may disqualify."""

    name = "entry"
    actions = (
        "view",
        "create",
        "edit",
        "submit",
        "return",
        "endorse",
        "decline",
        "rank",
        "withdraw",
        "disqualify",
        "reveal",
        "attach",
    )

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_create(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, Role.FILER)
        if decision and not self._is_unit(actor):
            return refuse("unit_only", "申报由基层工会填报；上级工会请在“申报件”中审核下级上报的申报件。")
        return decision

    def can_edit(self, actor: Actor, obj: Entry | None) -> Decision:
        if obj is None:
            return has_role(actor, Role.FILER)
        decision = self._own_unit(actor, obj, Role.FILER)
        if decision and obj.state not in EDITABLE_STATES:
            return LOCKED
        return decision

    def can_attach(self, actor: Actor, obj: Entry | None) -> Decision:
        """Files: with the entry itself; its own union may still add the sealed papers while it checks."""
        decision = self.can_edit(actor, obj)
        if decision or obj is None or obj.state != EntryState.SUBMITTED or obj.at_level not in UNIT_LEVELS:
            return decision
        if obj.at_organisation is None:
            return decision
        return at_own(actor, obj.at_organisation, Role.CHECKER, Role.FILER)

    def can_submit(self, actor: Actor, obj: Entry | None) -> Decision:
        return self._own_unit(actor, obj, Role.FILER) if obj else has_role(actor, Role.FILER)

    def can_withdraw(self, actor: Actor, obj: Entry | None) -> Decision:
        return self._own_unit(actor, obj, Role.FILER) if obj else has_role(actor, Role.FILER)

    def can_endorse(self, actor: Actor, obj: Entry | None) -> Decision:
        if obj is None:
            return has_role(actor, Role.CHECKER, Role.MANAGER)
        if obj.at_organisation is None:
            return refuse("nowhere", "申报件尚未上报。")
        return at_own(actor, obj.at_organisation, Role.CHECKER, Role.MANAGER)

    can_return = can_endorse
    can_decline = can_endorse
    can_rank = can_endorse

    def can_disqualify(self, actor: Actor, obj: Entry | None) -> Decision:
        return at_own(actor, obj.cycle.owner, Role.MANAGER) if obj else has_role(actor, Role.MANAGER)

    def can_reveal(self, actor: Actor, obj: Entry | None) -> Decision:
        """See an ID number or a phone in full: the filing unit and whoever checks; every time is logged."""
        decision = has_role(actor, Role.FILER, Role.CHECKER, Role.MANAGER)
        if decision and is_department(actor):
            return refuse("guest", "联合主办部门不查看完整的个人信息。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        match self._bare(action):
            case "edit" | "submit":
                return Entry.objects.filter(organisation__path__startswith=actor.path, state__in=EDITABLE_STATES)
            case "return" | "endorse" | "decline" | "rank":
                here = actor.desk.organisation_id if actor.desk else None
                return Entry.objects.filter(state=EntryState.SUBMITTED, at_organisation=here)
            case _:
                return Entry.objects.all()

    def _own_unit(self, actor: Actor, obj: Entry, *roles: str) -> Decision:
        decision = has_role(actor, *roles)
        if decision and not obj.organisation.path.startswith(actor.path):
            return refuse("not_here", "只有申报单位可以修改自己的申报件。")
        return decision if not decision else ALLOWED

    def _is_unit(self, actor: Actor) -> bool:
        return actor.level in UNIT_LEVELS
