"""Reading staff and invitations, inside the active scope."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from portal.accounts.models import Invitation, Membership
from portal.core.scoping import path_prefixes, system_scope

if TYPE_CHECKING:
    from portal.accounts.models import Organisation, User
    from portal.core.context import Actor


def member_list(*, now: dt.datetime) -> QuerySet[Membership]:
    """Rows of the list page: with their people, second factor and lock-out."""
    return Membership.objects.select_related("user", "organisation").annotate(
        has_second_factor=Exists(second_factors().filter(user=OuterRef("user"))),
        is_locked=Exists(_lock_outs(now).filter(username=OuterRef("user__username"))),
    )


def second_factors() -> QuerySet[Authenticator]:
    """Set-up TOTP devices of everybody; filter by user."""
    return Authenticator.objects.filter(type=Authenticator.Type.TOTP)


def _lock_outs(now: dt.datetime) -> QuerySet[AccessAttempt]:
    since = now - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
    return AccessAttempt.objects.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since)


def locked_until(user: User, *, now: dt.datetime) -> dt.datetime | None:
    """End of the lock-out of an account, None when it is not locked."""
    attempt = _lock_outs(now).filter(username=user.username).order_by("-attempt_time").first()
    return attempt.attempt_time + dt.timedelta(hours=settings.AXES_COOLOFF_TIME) if attempt else None


def memberships_in_scope(user: User) -> QuerySet[Membership]:
    """All roles, also ended ones, that one person has had in the part of the tree that the desk sees."""
    return (
        Membership.objects.filter(user=user).select_related("organisation").order_by("-is_active", "organisation__path")
    )


def staff_of(organisation: Organisation, *, role: str = "") -> QuerySet[Membership]:
    """Who works at exactly this organisation now, in any or in one role."""
    rows = Membership.objects.filter(organisation=organisation, is_active=True, user__is_active=True)
    return (rows.filter(role=role) if role else rows).select_related("user").order_by("role", "pk")


def holders_at_or_above(organisation: Organisation, role: str) -> list[Membership]:
    """Who holds ``role`` at the organisation or at one above it, the nearest first; whatever desk asks."""
    with system_scope("whom to turn to above the own organisation"):
        rows = Membership.objects.filter(
            organisation__path__in=path_prefixes(organisation.path), role=role, is_active=True, user__is_active=True
        )
        return list(rows.select_related("user", "organisation").order_by("-organisation__path", "pk"))


def invitation_list(*, actor: Actor) -> QuerySet[Invitation]:
    """Rows of the list page, newest first."""
    return Invitation.objects.select_related("organisation", "invited_by", "accepted_by")


def invitation_by_token_hash(token_hash: str) -> Invitation | None:
    """Found by what the link holds: the only query that looks for invitations outside a desk."""
    with system_scope("the holder of an invitation link has no desk"):
        return Invitation.objects.select_related("organisation", "user").filter(token_hash=token_hash).first()
