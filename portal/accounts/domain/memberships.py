"""任职: who holds which role where. Rights follow from here and from nowhere else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import EXCLUSIVE_ROLES, ROLES_AT_LEVEL, Role
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.policies import MemberPolicy
from portal.audit.domain import record
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid

if TYPE_CHECKING:
    from portal.core.context import Actor

policy = MemberPolicy()


def check_role(organisation: Organisation, role: str) -> None:
    """Raises Invalid when organisations of this level have no such role, or this one is closed."""
    if not organisation.is_active:
        raise Invalid(fields={"organisation": [_("“%(name)s”已停用。") % {"name": organisation.name}]})
    if role not in ROLES_AT_LEVEL[organisation.level]:
        message = _("%(level)s不设“%(role)s”角色。") % {
            "level": organisation.get_level_display(),
            "role": Role(role).label,
        }
        raise Invalid(fields={"role": [message]})


def give_role(*, user: User, organisation: Organisation, role: str, title: str = "") -> tuple[Membership, bool]:
    """The membership, and whether it is new or active again. The caller has checked the policy and records it.

    Holds a lock on the person's roles at the organisation: of two requests at once the second finds the first's row.
    Raises Invalid (field role) for a role that the level lacks or that excludes one held there already.
    """
    check_role(organisation, role)
    if not user.is_active:
        raise Invalid(fields={"user": [_("该账号已停用，请先恢复。")]})
    advisory_lock(f"membership:{user.pk}:{organisation.pk}")
    rows = {row.role: row for row in Membership.objects.filter(user=user, organisation=organisation)}
    for other in rows.values():
        if other.is_active and frozenset({other.role, role}) in EXCLUSIVE_ROLES:
            message = _("“%(a)s”与“%(b)s”不能由同一人在同一组织兼任。") % {
                "a": Role(role).label,
                "b": other.get_role_display(),
            }
            raise Invalid(fields={"role": [message]})
    membership = rows.get(role)
    if membership is None:
        return Membership.objects.create(user=user, organisation=organisation, role=role, title=title), True
    changed = not membership.is_active or membership.title != title
    if changed:
        was_active, membership.is_active, membership.title = membership.is_active, True, title
        membership.save(update_fields=["is_active", "title", "updated_at"])
        return membership, not was_active
    return membership, False


def grant_role(
    *, actor: Actor, user: User, organisation: Organisation, role: str, title: str = "", now: dt.datetime
) -> Membership:
    """Gives a person who has an account a role. Raises Invalid (user, role, organisation), Conflict, Refused."""
    policy.require(actor, "grant", organisation)
    with transaction.atomic():
        membership, is_new = give_role(user=user, organisation=organisation, role=role, title=title.strip())
        if not is_new:
            message = _("%(name)s已经是“%(organisation)s”的%(role)s。") % {
                "name": user.name,
                "organisation": organisation.name,
                "role": membership.get_role_display(),
            }
            raise Conflict(message)
        record(
            "accounts.membership.granted",
            membership,
            actor=actor,
            user=user.pk,
            organisation=organisation.pk,
            role=role,
            title=title,
            now=now,
        )
    return membership


def end_role(*, actor: Actor, membership: Membership, reason: str = "", now: dt.datetime) -> Membership:
    """Takes the role away; the row stays. Raises Conflict when it has ended already, Invalid for the last manager."""
    policy.require(actor, "end", membership)
    with transaction.atomic():
        membership = lock_row(Membership, membership.pk)
        if not membership.is_active:
            raise Conflict(_("这个角色已经停用。"))
        _keep_a_municipal_manager(membership)
        membership.is_active = False
        membership.save(update_fields=["is_active", "updated_at"])
        record(
            "accounts.membership.ended", membership, actor=actor, reason=reason.strip(), role=membership.role, now=now
        )
    return membership


def _keep_a_municipal_manager(membership: Membership) -> None:
    """A root without a manager could never be managed again by anybody."""
    organisation = membership.organisation
    if membership.role != Role.MANAGER or organisation.parent_id is not None:
        return
    advisory_lock(f"managers:{organisation.pk}")
    others = Membership.objects.filter(
        organisation=organisation, role=Role.MANAGER, is_active=True, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Invalid(_("这是“%(name)s”唯一的管理员，请先授予其他人管理角色。") % {"name": organisation.name})
