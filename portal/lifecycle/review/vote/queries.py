"""Reading votes. Counts are hidden from everybody until the window has closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncMinute

from portal.core.crypto import blind_index
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.vocabulary import VoteAudience
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.vote.models import Ballot, VoteCandidate, VoteWindow

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

BURST_TIMES = 5  # so many times the usual number in one minute …
STAFF_WINDOWS, STAFF_WINDOWS_SECONDS = "vote:staff", 60
BURST_LEAST = 20  # … and at least so many ballots


@dataclass(frozen=True)
class Burst:
    """A minute in which suspiciously many ballots came in."""

    minute: dt.datetime
    ballots: int
    addresses: int


@dataclass(frozen=True)
class Standing:
    candidate: VoteCandidate
    votes: int
    rank: int


def vote_stages(*, actor: Actor) -> QuerySet[CycleStage]:
    """Review stages of this desk's cycles that have a vote."""
    rows = CycleStage.objects.filter(kind="review", cycle__owner__path=actor.path, params__vote__isnull=False)
    return rows.exclude(params__vote=None).select_related("cycle__programme", "cycle__owner", "vote_window")


def windows() -> QuerySet[VoteWindow]:
    """Votes this visitor may take part in (the scope decides)."""
    return VoteWindow.objects.select_related("stage__cycle__owner")


def stages_to_open(*, actor: Actor, now: dt.datetime) -> QuerySet[CycleStage]:
    """Open stages with entries whose vote has not begun; ``vote_due`` is the last moment to begin it and be done in time."""
    there = Entry.objects.filter(cycle_id=OuterRef("cycle_id"), state=EntryState.IN_REVIEW)
    days = Cast(KT("params__vote__days"), IntegerField()) * Value(dt.timedelta(days=1))
    last = F("closes_at") - ExpressionWrapper(days, output_field=DurationField())
    rows = vote_stages(actor=actor).filter(Exists(there), status="open", vote_window=None)
    return rows.annotate(vote_due=ExpressionWrapper(last, output_field=DateTimeField()))


def windows_counted(*, actor: Actor, now: dt.datetime) -> QuerySet[VoteWindow]:
    """Votes of this desk that have closed while the review they are a reference for still runs."""
    rows = VoteWindow.objects.filter(stage__cycle__owner__path=actor.path, stage__status="open", closes_at__lte=now)
    return rows.select_related("stage")


def staff_windows(now: dt.datetime) -> list[int]:
    """Votes of staff that have not closed, everywhere; asked of the database once a minute, and when one is opened."""
    found = cache.get(STAFF_WINDOWS)
    if found is None:
        with system_scope("which votes of staff run, before it is asked who may see them"):
            rows = VoteWindow.objects.filter(audience=VoteAudience.STAFF, closes_at__gt=now)
            found = list(rows.values_list("pk", flat=True))
        cache.set(STAFF_WINDOWS, found, STAFF_WINDOWS_SECONDS)
    return found


def forget_staff_windows() -> None:
    """After one has been opened."""
    cache.delete(STAFF_WINDOWS)


def windows_to_cast(*, actor: Actor, now: dt.datetime) -> QuerySet[VoteWindow]:
    """Running votes of staff in which this person has not voted (one query more while there is such a vote)."""
    known = staff_windows(now)
    if not known:
        return VoteWindow.objects.none()
    running = VoteWindow.objects.filter(pk__in=known, opens_at__lte=now, closes_at__gt=now)
    keys = [blind_index(f"vote:{pk}:voter:user:{actor.user_id}") for pk in known]
    with system_scope("in which votes a person has voted"):
        voted = set(Ballot.objects.filter(voter_key__in=keys).values_list("window_id", flat=True))
    return running.exclude(pk__in=voted).select_related("stage__cycle__owner")


def candidates(window: VoteWindow) -> QuerySet[VoteCandidate]:
    """What stands on the ballot."""
    return VoteCandidate.objects.filter(window=window).order_by("position")


def standings(window: VoteWindow, now: dt.datetime) -> list[Standing]:
    """Votes by candidate, most first; empty while the vote runs. Equal votes share a rank."""
    if not window.is_over_at(now):
        return []
    rows = list(candidates(window).annotate(votes=Count("ballots")).order_by("-votes", "position"))
    return [Standing(row, row.votes, 1 + sum(other.votes > row.votes for other in rows)) for row in rows]


def votes_of_stage(stage_id: int, now: dt.datetime) -> dict[int, int] | None:
    """Votes by entry, for reference beside the marks; None when there is no vote or it still runs (two queries)."""
    window = VoteWindow.objects.filter(stage_id=stage_id).first()
    if window is None or not window.is_over_at(now):
        return None
    return dict(candidates(window).annotate(votes=Count("ballots")).values_list("entry_id", "votes"))


def bursts(window: VoteWindow) -> list[Burst]:
    """Minutes with far more ballots than usual: reason to look at them before the result is quoted (domain.md 0.6)."""
    rows = (
        Ballot.objects.filter(window=window)
        .annotate(minute=TruncMinute("cast_at"))
        .values("minute")
        .annotate(ballots=Count("pk"), addresses=Count("address_key", distinct=True))
        .order_by("minute")
    )
    found = [Burst(row["minute"], row["ballots"], row["addresses"]) for row in rows]
    usual = median([burst.ballots for burst in found])
    return [b for b in found if b.ballots >= BURST_LEAST and b.ballots >= BURST_TIMES * usual]


def median(values: Sequence[int]) -> int:
    """The middle value, the lower of two; 0 of nothing."""
    return sorted(values)[(len(values) - 1) // 2] if values else 0
