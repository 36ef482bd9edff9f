"""The unit's desk writes, its checker signs off the end and deletes; unions above read their tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.growth.enums import LIVING, MentorState, PurgeState
from competitions.growth.models import Drill, FilePurge, Mentorship, WorkerFile
from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, above_or_at, at_own, has_role, is_department
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
CHECK = (Role.CHECKER, Role.MANAGER)


def _of_union(actor: Actor, obj: Any, *roles: str) -> Decision:
    """A union's desk in one of the roles; about an object, the desk of the union it belongs to."""
    decision = has_role(actor, *roles)
    if decision and is_department(actor):
        return refuse("level", "由各级工会办理。")
    return at_own(actor, obj.organisation, *roles) if decision and obj is not None else decision


@register_policy
class GrowthPolicy(Policy):
    """职工成长档案: read by the worker's union and those above; every reading is recorded."""

    name = "growth"
    actions = ("view", "add", "change", "purge", "decide")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return _of_union(actor, None, *DESK)

    def can_purge(self, actor: Actor, obj: WorkerFile | None) -> Decision:
        """Ask that a file be deleted."""
        return _of_union(actor, obj, *DESK)

    def can_decide(self, actor: Actor, obj: FilePurge | None) -> Decision:
        """A second person: a checker of the unit, or of a union above it."""
        decision = has_role(actor, *CHECK)
        if decision and is_department(actor):
            return refuse("level", "由各级工会办理。")
        if not decision or obj is None:
            return decision
        if obj.state != PurgeState.ASKED:
            return refuse("state", "这份申请已经复核。")
        if obj.asked_by_id == actor.user_id:
            return refuse("own", "自己申请的，请由另一人复核。")
        return above_or_at(actor, obj.organisation.path, *CHECK)

    def can_change(self, actor: Actor, obj: WorkerFile | None) -> Decision:
        return _of_union(actor, obj, *DESK)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        if self._bare(action) == "decide":
            return FilePurge.objects.filter(state=PurgeState.ASKED)
        rows = WorkerFile.objects.filter(purged_at=None)
        own = self._bare(action) in {"change", "purge"}
        return rows.filter(organisation__path=actor.path) if own else rows


@register_policy
class MentorshipPolicy(Policy):
    """师徒合同."""

    name = "mentorship"
    actions = ("view", "add", "change", "sign", "record", "assess", "terminate")
    STATES = {
        "change": (MentorState.DRAFT,), "sign": (MentorState.DRAFT,), "record": (MentorState.ACTIVE,),
        "assess": (MentorState.ACTIVE,), "terminate": LIVING,
    }  # fmt: skip

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return _of_union(actor, None, *DESK)

    def _in_state(self, actor: Actor, obj: Mentorship | None, action: str, *roles: str) -> Decision:
        decision = _of_union(actor, obj, *roles)
        if decision and obj is not None and obj.state not in self.STATES[action]:
            return refuse("state", f"合同的状态是“{obj.get_state_display()}”，不能再办理这项操作。")
        return decision

    def can_change(self, actor: Actor, obj: Mentorship | None) -> Decision:
        return self._in_state(actor, obj, "change", *DESK)

    def can_sign(self, actor: Actor, obj: Mentorship | None) -> Decision:
        return self._in_state(actor, obj, "sign", *DESK)

    def can_record(self, actor: Actor, obj: Mentorship | None) -> Decision:
        return self._in_state(actor, obj, "record", *DESK)

    def can_assess(self, actor: Actor, obj: Mentorship | None) -> Decision:
        return self._in_state(actor, obj, "assess", *CHECK)

    def can_terminate(self, actor: Actor, obj: Mentorship | None) -> Decision:
        return self._in_state(actor, obj, "terminate", *CHECK)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows, bare = Mentorship.objects.all(), self._bare(action)
        return rows.filter(organisation__path=actor.path, state__in=self.STATES[bare]) if bare in self.STATES else rows


@register_policy
class DrillPolicy(Policy):
    """岗位练兵、技术比武."""

    name = "drill"
    actions = ("view", "add", "change", "remove")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return _of_union(actor, None, *DESK)

    def can_change(self, actor: Actor, obj: Drill | None) -> Decision:
        return _of_union(actor, obj, *DESK)

    def can_remove(self, actor: Actor, obj: Drill | None) -> Decision:
        return _of_union(actor, obj, *CHECK)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Drill.objects.all()
        return rows if self._bare(action) in {"view", "add"} else rows.filter(organisation__path=actor.path)
