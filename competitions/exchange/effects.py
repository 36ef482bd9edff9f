"""带动成效: which unions took something up – a case, an event, a visit – and filed a competition afterwards.

Filings belong to ``competitions/filings``; they are asked for one thing only: whether a union filed before and after a moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from competitions.exchange.enums import BookingState, EventState
from competitions.exchange.models import CaseFollow, EventRegistration, VisitBooking
from competitions.filings.enums import COUNTED
from competitions.filings.models import CompetitionFiling
from portal.core.scoping import system_scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

KINDS = {"case": _("经验案例"), "event": _("交流活动"), "visit": _("参观")}


@dataclass(slots=True)
class Line:
    """One case, event or open day: unions that took it up, that filed afterwards, that filed for the first time."""

    kind: str
    title: str
    owner: Any
    url: str
    unions: set[int] = field(default_factory=set)
    joined: set[int] = field(default_factory=set)
    first: set[int] = field(default_factory=set)

    def add(self, union: int, *, after: bool, before: bool) -> None:
        self.unions.add(union)
        if after:
            self.joined.add(union)
            if not before:
                self.first.add(union)

    @property
    def label(self) -> Any:
        return KINDS.get(self.kind, self.kind)


def _with_filings(rows: QuerySet, moment: str) -> QuerySet:
    """With ``after`` and ``before``: the union filed a competition (accepted) after, or until, the moment."""
    with system_scope("whether a union filed is a count; the filing itself is not shown"):
        filed = CompetitionFiling.objects.filter(owner=OuterRef("organisation"), state__in=COUNTED)
        after = Exists(filed.filter(filed_at__date__gt=OuterRef(moment)))
        before = Exists(filed.filter(filed_at__date__lte=OuterRef(moment)))
    return rows.annotate(after=after, before=before)


def lines(year: int) -> list[Line]:
    """What was taken up in ``year``, as far as the desk sees who did: most unions that joined first. Three statements."""
    follows = CaseFollow.objects.filter(followed_at__year=year).select_related("case__owner")
    came = EventRegistration.objects.filter(came__gt=0, event__state=EventState.HELD, event__starts_at__year=year)
    visits = VisitBooking.objects.filter(state=BookingState.DONE, day__on__year=year).select_related("day__owner")
    found: dict[tuple[str, int], Line] = {}
    for row in _with_filings(follows, "followed_at__date"):
        _add(found, "case", row.case, row.case.title, row)
    for row in _with_filings(came.select_related("event__owner"), "event__starts_at__date"):
        _add(found, "event", row.event, row.event.title, row)
    for row in _with_filings(visits, "day__on"):
        _add(found, "visit", row.day, row.day.topic, row)
    return sorted(found.values(), key=lambda line: (-len(line.joined), -len(line.unions), line.title))


def _add(found: dict[tuple[str, int], Line], kind: str, thing: Any, title: str, row: Any) -> None:
    line = found.setdefault((kind, thing.pk), Line(kind, title, thing.owner, thing.get_absolute_url()))
    line.add(row.organisation_id, after=row.after, before=row.before)


def total(rows: Iterable[Line]) -> dict[str, int]:
    """Unions over all lines, each once however much it took up."""
    rows = list(rows)
    return {
        name: len(set().union(*(getattr(line, name) for line in rows))) if rows else 0
        for name in ("unions", "joined", "first")
    }
