"""Notices and objections: published by the union whose list it is; anyone may object; the publisher rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.lifecycle.notice.models import Notice, NoticeKind, NoticeStatus, Objection

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
        return self._publisher(actor, obj)

    def can_publish(self, actor: Actor, obj: Any) -> Decision:
        """``obj`` is a notice, or an entry of a cycle (the door asks with the entry)."""
        return self._publisher(actor, obj)

    can_close = can_publish

    def can_object(self, actor: Actor, obj: Notice | None) -> Decision:
        if obj is not None and (obj.status != NoticeStatus.PUBLISHED or obj.kind == NoticeKind.DECISION):
            return refuse("over", "公示期已结束，不再受理异议；如有新情况请直接联系主办工会。")
        return ALLOWED

    def can_docket(self, actor: Actor, obj: Any) -> Decision:
        """Read the objections: the publisher's managers and supervisors, never the nominating union."""
        roles = (Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)
        notice = getattr(obj, "notice", obj)
        return at_own(actor, notice.organisation, *roles) if notice else has_role(actor, *roles)

    def can_rule(self, actor: Actor, obj: Objection | None) -> Decision:
        decision = at_own(actor, obj.notice.organisation, Role.MANAGER) if obj else has_role(actor, Role.MANAGER)
        if decision and obj is not None and not obj.is_open:
            return refuse("ruled", "这件异议已经答复。")
        return decision

    def can_reveal(self, actor: Actor, obj: Objection | None) -> Decision:
        """Who objected, in full: only who has to rule; every look is logged."""
        return at_own(actor, obj.notice.organisation, Role.MANAGER) if obj else has_role(actor, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        match self._bare(action):
            case "docket" | "rule":
                return Objection.objects.filter(notice__organisation__path=actor.path)
            case "view":
                return Notice.objects.all()
            case _:
                return Notice.objects.filter(organisation__path=actor.path)

    def _publisher(self, actor: Actor, obj: Any) -> Decision:
        roles = (Role.MANAGER, Role.CHECKER)
        if obj is None:
            return has_role(actor, *roles)
        if isinstance(obj, Notice):
            return at_own(actor, obj.organisation, *roles)
        return at_own(actor, obj.cycle.owner, Role.MANAGER)
