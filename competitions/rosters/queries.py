"""Rosters and people in the active scope; figures for lists are annotated."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery

from competitions.rosters.enums import ConsentState, Duty, ParticipationState
from competitions.rosters.links import door_index, link_index
from competitions.rosters.models import (
    ConsentBatch,
    CountSnapshot,
    Participation,
    Roster,
    RosterImport,
    RosterTeam,
)
from portal.accounts.models import Employer
from portal.core.dates import local_date
from portal.core.scoping import system_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

ACTIVE = Q(state=ParticipationState.ACTIVE)
CONFIRMED = ACTIVE & Q(consent=ConsentState.GIVEN)
PENDING = ACTIVE & Q(consent=ConsentState.PENDING)
WITH_ROSTER = ("roster__organisation", "roster__employer", "roster__filing__owner")


def rosters() -> QuerySet[Roster]:
    """With those ``listed``, of them ``confirmed`` and ``pending``, and those who ``applied``."""
    active = Q(people__state=ParticipationState.ACTIVE)  # one join, so nothing is counted twice
    return bare_rosters().annotate(
        listed=Count("people", filter=active),
        confirmed=Count("people", filter=active & Q(people__consent=ConsentState.GIVEN)),
        pending=Count("people", filter=active & Q(people__consent=ConsentState.PENDING)),
        applied=Count("people", filter=Q(people__state=ParticipationState.APPLIED)),
    )


def bare_rosters() -> QuerySet[Roster]:
    return Roster.objects.select_related("filing__owner", "organisation", "employer")


def teams(roster: Roster) -> QuerySet[RosterTeam]:
    """With ``listed``, ``pending`` and the name of the first ``leader``."""
    active = Q(people__state=ParticipationState.ACTIVE)
    pending = active & Q(people__consent=ConsentState.PENDING)
    leaders = Participation.objects.filter(ACTIVE, team=OuterRef("pk"), duty=Duty.LEADER).order_by("pk")
    leader = leaders.values("worker__name")
    return RosterTeam.objects.filter(roster=roster).annotate(
        listed=Count("people", filter=active), pending=Count("people", filter=pending), leader=Subquery(leader[:1])
    )


def all_teams() -> QuerySet[RosterTeam]:
    return RosterTeam.objects.select_related(*WITH_ROSTER)


def people() -> QuerySet[Participation]:
    """Those who are somebody: who left is a line without a name, and not a row of any list."""
    rows = Participation.objects.filter(worker__isnull=False)
    return rows.select_related("worker", "team", *WITH_ROSTER)


def everybody() -> QuerySet[Participation]:
    """Those who left as well, for pages about one line."""
    return Participation.objects.select_related("worker", "team", *WITH_ROSTER)


def imports() -> QuerySet[RosterImport]:
    return RosterImport.objects.select_related(*WITH_ROSTER, "uploaded_by")


def consent_batches() -> QuerySet[ConsentBatch]:
    return ConsentBatch.objects.select_related(*WITH_ROSTER, "team", "recorded_by")


def snapshots() -> QuerySet[CountSnapshot]:
    return CountSnapshot.objects.select_related("organisation", "taken_by")


def employers_of(organisation_id: int) -> QuerySet[Employer]:
    return Employer.objects.filter(organisation=organisation_id).order_by("name")


def by_link(token: str) -> Participation | None:
    """The person whose own address this is; None when nobody's (any more). Compared by keyed fingerprint."""
    with system_scope("the personal link names the person"):
        return everybody().filter(token_index=link_index(token), worker__isnull=False).first()


def by_door(token: str, *, now: dt.datetime) -> Roster | None:
    """The roster that is open to everybody at this address."""
    with system_scope("the open door names the roster"):
        found = bare_rosters().filter(door_index=door_index(token)).first()
    if found is None or found.door_until is None or found.door_until < local_date(now):
        return None
    return found if found.filing.is_open else None
