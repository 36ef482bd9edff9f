"""Notices and objections: published by the union whose list it is; anyone may object; the publisher rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, above_or_at, at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.notice.models import Notice, NoticeKind, NoticeStatus, Objection
from portal.lifecycle.notice.queries import DOCKET_ROLES, objections_of_desk, objections_to_rule

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class NoticePolicy(Policy):
    name = "notice"
    actions = ("view", "draft", "publish", "close", "object", "docket", "rule", "reveal")

    def can_view(self, actor: Actor, obj: Notice | None) -> Decision:
        return ALLOWED if actor.desk is None else has_role(actor, *ALL_STAFF, Role.EXPERT)

    def can_draft(self, actor: Actor, obj: Any) -> Decision:
        return self._publisher(actor, obj, Role.MANAGER, Role.CHECKER)

    def can_publish(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a notice, or an entry of a cycle (the door asks with the entry).

        The city's notice is published by its managers, as its rounds are approved; a local one also by the checkers.
        """
        if isinstance(obj, Notice) and obj.kind == NoticeKind.SELECTION:
            return self._publisher(actor, obj, Role.MANAGER)
        return self._publisher(actor, obj, Role.MANAGER, Role.CHECKER)

    can_close = can_publish

    def can_object(self, actor: Actor, obj: Notice | None) -> Decision:
        if obj is not None and (obj.status != NoticeStatus.PUBLISHED or obj.kind == NoticeKind.DECISION):
            return refuse("over", "公示期已结束，不再受理异议；如有新情况请直接联系主办工会。")
        return ALLOWED

    def can_docket(self, actor: Actor, obj: Any) -> Decision:
        """Read the objections: the publisher and those above it, never the unions below (see ``objections_of_desk``)."""
        notice = getattr(obj, "notice", obj)
        if notice is None:
            return has_role(actor, *DOCKET_ROLES, Role.CHECKER)
        if actor.role == Role.CHECKER:
            return self._ruler(actor, notice)
        return above_or_at(actor, notice.organisation.path, *DOCKET_ROLES)

    def can_rule(self, actor: Actor, obj: Objection | None) -> Decision:
        """Who published answers: the managers; a union's checkers for its own local notice."""
        decision = self._ruler(actor, obj.notice if obj else None)
        if decision and obj is not None and not obj.is_open:
            return refuse("ruled", "这件异议已经答复。")
        return decision

    def can_reveal(self, actor: Actor, obj: Objection | None) -> Decision:
        """Who objected, in full: only who has to rule; every look is logged."""
        return self._ruler(actor, obj.notice if obj else None)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        match self._bare(action):
            case "docket":
                return objections_of_desk(actor=actor)
            case "rule" | "reveal":
                return objections_to_rule(actor=actor)
            case "view":
                return Notice.objects.all()
            case _:
                return Notice.objects.filter(organisation__path=actor.path)

    def _ruler(self, actor: Actor, notice: Notice | None) -> Decision:
        if notice is None:
            return has_role(actor, Role.MANAGER, Role.CHECKER)
        roles = (Role.MANAGER, Role.CHECKER) if notice.kind == NoticeKind.LOCAL else (Role.MANAGER,)
        return at_own(actor, notice.organisation, *roles)

    def _publisher(self, actor: Actor, obj: Any, *roles: str) -> Decision:
        if obj is None:
            return has_role(actor, *roles)
        if isinstance(obj, Notice):
            return at_own(actor, obj.organisation, *roles)
        return at_own(actor, obj.cycle.owner, Role.MANAGER)
