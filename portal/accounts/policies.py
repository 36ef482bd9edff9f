"""Who may do what with organisations and people, and the helpers all policies share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import OrganisationKind, Role, UnionLevel
from portal.accounts.models import ApiToken, Code, Employer, Holiday, Invitation, Membership, Organisation
from portal.accounts.queries.desks import memberships_of
from portal.audit.models import AuditEvent
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import NO_DESK, NOT_YOUR_ROLE, SIGN_IN, Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

ALL_STAFF = (Role.FILER, Role.CHECKER, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)


def has_role(actor: Actor, *roles: str) -> Decision:
    """Signed in, at a desk, in one of the roles."""
    if not actor.is_authenticated:
        return SIGN_IN
    if actor.desk is None:
        return NO_DESK
    return ALLOWED if actor.desk.role in roles else NOT_YOUR_ROLE


def at_own(actor: Actor, organisation: Organisation, *roles: str) -> Decision:
    """In one of the roles, at exactly this organisation."""
    decision = has_role(actor, *roles)
    if not decision:
        return decision
    if actor.at_desk.organisation_id != organisation.pk:
        return refuse("not_here", f"这项操作由“{organisation}”办理。")
    return ALLOWED


def above_or_at(actor: Actor, path: str, *roles: str) -> Decision:
    """In one of the roles, at an organisation that is this path or stands above it."""
    decision = has_role(actor, *roles)
    if not decision:
        return decision
    if not path.startswith(actor.path):
        return refuse("outside", "该记录不在您的管理范围内。")
    return ALLOWED


def is_department(actor: Actor) -> bool:
    """联合主办部门: a guest of the federation's tree, at its level but never in its place."""
    return actor.desk is not None and actor.desk.kind == OrganisationKind.DEPARTMENT


def is_municipal(actor: Actor) -> bool:
    return actor.level == UnionLevel.MUNICIPAL and not is_department(actor)


@register_policy
class OrganisationPolicy(Policy):
    """Organisations, employers and reporting lines: seen by staff in scope, managed by managers at or above."""

    name = "organisation"
    actions = ("view", "create", "change", "close", "import", "employer", "reporting_line")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_create(self, actor: Actor, obj: Organisation | None) -> Decision:
        """``obj`` is the parent."""
        return above_or_at(actor, obj.path, Role.MANAGER) if obj else has_role(actor, Role.MANAGER)

    can_change = can_create

    def can_close(self, actor: Actor, obj: Organisation | None) -> Decision:
        decision = self.can_create(actor, obj)
        if decision and obj is not None and obj.path == actor.path:
            return refuse("own", "自己所在的组织不能由本级调整、合并或停用，请上级工会办理。")
        return decision

    can_import = can_create

    def can_employer(self, actor: Actor, obj: Organisation | None) -> Decision:
        roles = (Role.MANAGER, Role.FILER)
        return above_or_at(actor, obj.path, *roles) if obj else has_role(actor, *roles)

    def can_reporting_line(self, actor: Actor, obj: Organisation | None) -> Decision:
        decision = has_role(actor, Role.MANAGER)
        if decision and not is_municipal(actor):
            return refuse("municipal_only", "推荐关系由市总工会设定。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        if action.removeprefix("organisation.") == "employer":
            return Employer.objects.all()
        return Organisation.objects.filter(path__startswith=actor.path) if actor.path else Organisation.objects.none()


@register_policy
class MemberPolicy(Policy):
    """Staff: seen and managed by the managers of the organisation and of those above."""

    name = "member"
    actions = ("view", "invite", "grant", "end", "reset", "history")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, Role.MANAGER, Role.AUDITOR)

    def can_invite(self, actor: Actor, obj: Organisation | None) -> Decision:
        return above_or_at(actor, obj.path, Role.MANAGER) if obj else has_role(actor, Role.MANAGER)

    can_grant = can_invite

    def can_end(self, actor: Actor, obj: Membership | None) -> Decision:
        if obj is None:
            return has_role(actor, Role.MANAGER)
        if obj.user_id == actor.user_id and obj.pk == actor.at_desk.membership_id:
            return refuse("own", "不能停用自己正在使用的角色。")
        return above_or_at(actor, obj.organisation.path, Role.MANAGER)

    def can_reset(self, actor: Actor, obj: Membership | None) -> Decision:
        """A reset account can be signed in to, so the actor must stand above everything its owner may do anywhere."""
        if obj is None:
            return has_role(actor, Role.MANAGER)
        if obj.user_id == actor.user_id:
            return refuse("own", "自己的密码和动态口令请在“个人中心”修改。")
        decision = above_or_at(actor, obj.organisation.path, Role.MANAGER)
        if not decision:
            return decision
        elsewhere = [m for m in memberships_of(obj.user) if not m.organisation.path.startswith(actor.path)]
        if elsewhere:
            return refuse("elsewhere", f"该人员还在“{elsewhere[0].organisation}”任职，请由对方或上级工会的管理员办理。")
        return ALLOWED

    def can_history(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, Role.MANAGER, Role.AUDITOR, Role.SUPERVISOR)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        if self._bare(action) == "invite":
            return Invitation.objects.select_related("organisation")
        return Membership.objects.select_related("user", "organisation")


@register_policy
class ProfilePolicy(Policy):
    """The own account: everybody who is signed in, with or without a desk."""

    name = "profile"
    actions = ("view", "change", "switch", "tokens")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return ALLOWED if actor.is_authenticated else SIGN_IN

    can_change = can_switch = can_tokens = can_view

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return ApiToken.objects.filter(user=actor.user)


@register_policy
class ReferencePolicy(Policy):
    """Code lists and the holiday table: read by staff, the holidays kept by the municipal managers."""

    name = "reference"
    actions = ("view", "holidays")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_holidays(self, actor: Actor, obj: Any) -> Decision:
        decision = has_role(actor, Role.MANAGER)
        if decision and not is_municipal(actor):
            return refuse("municipal_only", "节假日表由市总工会维护。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        return Holiday.objects.all() if self._bare(action) == "holidays" else Code.objects.all()


@register_policy
class AuditPolicy(Policy):
    """The audit log of the desk's part of the tree: for auditors, supervisors and managers above the unit."""

    name = "audit"
    actions = ("view", "chain")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, Role.AUDITOR, Role.SUPERVISOR, Role.MANAGER)

    def can_chain(self, actor: Actor, obj: Any) -> Decision:
        """There is one chain of the whole federation: for those who check the whole of it."""
        if actor.desk is not None and actor.desk.level != UnionLevel.MUNICIPAL:
            return refuse("level", "证据链属于市总工会，请在市总工会工作台查看。")
        return has_role(actor, Role.AUDITOR, Role.SUPERVISOR, Role.MANAGER)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return AuditEvent.objects.all()
