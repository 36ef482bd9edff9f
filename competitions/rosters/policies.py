"""Who keeps a roster: the desk it belongs to. Unions above look on, count, and sign their figures off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.rosters.enums import ParticipationState
from competitions.rosters.models import Participation, Roster
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

KEEPERS = (Role.FILER, Role.CHECKER, Role.MANAGER)
SIGNERS = (Role.CHECKER, Role.MANAGER)
GONE = refuse("gone", "该人员已不在名单，个人信息已删除。")
GUESTS = refuse("level", "参赛名单由各级工会登记。")
ABOVE_ONLY = refuse("level", "参与情况由街道、功能区以上工会确认。")


def _keeper(actor: Actor) -> Decision:
    decision = has_role(actor, *KEEPERS)
    return GUESTS if decision and is_department(actor) else decision


@register_policy
class RosterPolicy(Policy):
    """``obj`` is the roster; what belongs to it is asked about the roster too."""

    name = "roster"
    actions = ("view", "open", "change", "consent", "import", "door", "count", "sign")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_open(self, actor: Actor, obj: Any) -> Decision:
        return _keeper(actor)

    def can_change(self, actor: Actor, obj: Roster | None) -> Decision:
        decision = _keeper(actor)
        return at_own(actor, obj.organisation, *KEEPERS) if decision and obj is not None else decision

    can_consent = can_import = can_door = can_change

    def can_count(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_sign(self, actor: Actor, obj: Any) -> Decision:
        """确认快照: unions above the units, for their own figures."""
        decision = has_role(actor, *SIGNERS)
        if not decision:
            return decision
        above = actor.level in {UnionLevel.MUNICIPAL, UnionLevel.DISTRICT, UnionLevel.SUBDISTRICT}
        return decision if above and not is_department(actor) else ABOVE_ONLY

    def rows(self, actor: Actor, action: str) -> QuerySet:
        own = self._bare(action) in {"change", "consent", "import", "door"}
        return Roster.objects.filter(organisation__path=actor.path) if own else Roster.objects.all()


@register_policy
class ParticipationPolicy(Policy):
    """One person on a roster."""

    name = "participation"
    actions = ("view", "change", "accept", "remove")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_change(self, actor: Actor, obj: Participation | None) -> Decision:
        decision = _keeper(actor)
        if not decision or obj is None:
            return decision
        decision = at_own(actor, obj.roster.organisation, *KEEPERS)
        return decision if not decision or obj.is_living else GONE

    can_remove = can_change

    def can_accept(self, actor: Actor, obj: Participation | None) -> Decision:
        decision = self.can_change(actor, obj)
        if decision and obj is not None and obj.state != ParticipationState.APPLIED:
            return refuse("state", "该人员已在名单中。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Participation.objects.all()
        bare = self._bare(action)
        if bare != "view":
            rows = rows.filter(roster__organisation__path=actor.path, worker__isnull=False)
        return rows.filter(state=ParticipationState.APPLIED) if bare == "accept" else rows
