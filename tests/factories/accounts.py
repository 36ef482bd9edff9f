"""Facts and invitations for tests of people and the tree."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from portal.accounts.domain.invitations import invite
from portal.accounts.domain.organisations import OrganisationFacts, create_organisation
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Invitation, Organisation
from portal.core.context import Actor, system_actor

# Fictitious numbers whose check digits hold (domain.md 15.4).
UNION_CODE = "81120101MC0000012M"
COMPANY_CODE = "91120116MA00000A97"
INSTITUTION_CODE = "12120000000000019L"


def grow(
    parent: Organisation,
    name: str,
    kind: str = OrganisationKind.GRASSROOTS,
    actor: Actor | None = None,
    **facts: object,
) -> Organisation:
    """An organisation made by the domain function, as pages make it."""
    return create_organisation(
        actor=actor or system_actor("test"),
        parent=parent,
        kind=kind,
        facts=OrganisationFacts(name=name, **facts),
        now=timezone.now(),
    )


def make_invitation(
    actor: Actor, organisation: Organisation, role: str, name: str = "李新明", now: dt.datetime | None = None
) -> tuple[Invitation, str]:
    return invite(actor=actor, organisation=organisation, role=role, name=name, now=now or timezone.now())
