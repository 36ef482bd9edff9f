"""Desks: the memberships a person can work at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from portal.accounts.models import Membership, Organisation
from portal.core.context import Desk
from portal.core.scoping import system_scope

if TYPE_CHECKING:
    from portal.accounts.models import User


DESK_FACTS: dict[str, Callable[[], Any]] = {}
"""What other rooms know of a person at a desk: annotations of its membership, named as the fields of ``Desk``."""

ROOT_LENGTH = 8  # ``0000001/``: the first step of every path is the federation


def memberships_of(user: User) -> list[Membership]:
    """Active memberships of one person in every municipal tree (asked before any scope exists).

    Each knows whether the person has set up a second factor, and the name of its tree's federation: one query for all
    that a request must know.
    """
    with system_scope("own memberships, before a desk is chosen"):
        return list(_desk_memberships().filter(user=user))


@cache
def _desk_memberships() -> QuerySet[Membership]:
    """Built once: each request asks it, and building takes longer than the answer."""
    devices = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
    roots = Organisation.objects.filter(path=Left(OuterRef("organisation__path"), ROOT_LENGTH))
    return (
        Membership.objects.filter(is_active=True, organisation__is_active=True)
        .select_related("organisation")
        .annotate(has_second_factor=Exists(devices), federation=Subquery(roots.values("name")[:1]))
        .annotate(**desk_facts())
        .order_by("organisation__path", "role")
    )


def desk_facts() -> dict[str, Any]:
    """For ``Membership`` rows that become desks in whose scope something is read or done."""
    return {name: make() for name, make in DESK_FACTS.items()}


def desk_of(membership: Membership) -> Desk:
    organisation = membership.organisation
    return Desk(
        membership_id=membership.pk,
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        organisation_path=organisation.path,
        level=organisation.level,
        kind=organisation.kind,
        role=membership.role,
        role_label=str(membership.get_role_display()),
        **{name: frozenset(getattr(membership, name, None) or ()) for name in ("withheld", "conflicted")},
    )
