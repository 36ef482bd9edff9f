"""Which filed competitions a union's people may enter: those of its own line, and those a union of its line co-hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from competitions.filings.enums import OPEN_STATES
from competitions.filings.models import CoHost, CompetitionFiling
from portal.core.scoping import path_prefixes, system_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


def takes_people(filing: CompetitionFiling) -> bool:
    """Accepted or under way."""
    return filing.is_open


def open_to(path: str) -> QuerySet[CompetitionFiling]:
    """Competitions that the organisation at ``path`` may send people to now.

    A unit does not see the filings of those above it; which of them it may enter is what this says.
    """
    line = path_prefixes(path)
    with system_scope("competitions are open to everybody below their host and co-hosts"):
        shared = CoHost.objects.filter(organisation__path__in=line, ended_at=None).values("filing")
        rows = CompetitionFiling.objects.filter(Q(owner__path__in=line) | Q(pk__in=shared), state__in=OPEN_STATES)
        return rows.select_related("owner").order_by("-year", "title")
