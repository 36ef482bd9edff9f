"""推荐排序表: one union's ranked list in one cycle – main candidates (正选) and reserves (递补)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_rows
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, Track
from portal.lifecycle.recommendation import queries
from portal.lifecycle.recommendation.domain.decisions import endorse_entry, require_vetoes_checked
from portal.lifecycle.recommendation.ledger.holding import held


@dataclass
class SheetResult:
    """What happened to each entry of a sheet: sent on, or why not."""

    endorsed: list[Entry] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)


def save_ranking(
    *,
    cycle: Cycle,
    actor: Actor,
    now: dt.datetime,
    order: Sequence[int],
    reserves: Collection[int] = (),
    track: Track | None = None,
) -> list[Entry]:
    """Ranks the entries waiting at the actor's union: ``order`` are their ids, those in ``reserves`` are 递补.

    Main candidates are numbered 1, 2 … after those already sent on, reserves likewise by themselves; entries that are not
    named lose their rank. Raises Conflict when one of them no longer waits here, Invalid when there are more than places.
    """
    policy_for("entry").require(actor, "rank")
    organisation_id = actor.at_desk.organisation_id
    with transaction.atomic():
        advisory_lock(f"ranking:{cycle.pk}:{organisation_id}")
        rows = Entry.objects.filter(
            cycle=cycle,
            state=EntryState.SUBMITTED,
            at_organisation_id=organisation_id,
            **({"track": track} if track else {}),
        )
        entries = {entry.pk: entry for entry in lock_rows(rows)}
        gone = [pk for pk in order if pk not in entries]
        if gone or len(set(order)) != len(order):
            raise Conflict("排序表中有的申报件已不在贵会办理，请刷新后重新排序。")
        sent = queries.forwarded(cycle=cycle, organisation_id=organisation_id, track=track)
        main = [pk for pk in order if pk not in reserves]
        spare = [pk for pk in order if pk in reserves]
        _check_places(cycle, entries, main, spare, track)
        first = {False: sent.filter(is_reserve=False).count() + 1, True: sent.filter(is_reserve=True).count() + 1}
        ranks = {pk: (rank, False) for rank, pk in enumerate(main, first[False])}
        ranks |= {pk: (rank, True) for rank, pk in enumerate(spare, first[True])}
        for entry in entries.values():
            _set_rank(entry, *ranks.get(entry.pk, (None, False)), actor=actor, now=now)
        return sorted(entries.values(), key=lambda e: (e.is_reserve_nomination, e.nomination_rank or 10**6, e.pk))


def _check_places(
    cycle: Cycle, entries: dict[int, Entry], main: list[int], spare: list[int], track: Track | None
) -> None:
    if not main and not spare:
        return
    sample = entries[(main or spare)[0]]
    figures = queries.places(cycle=cycle, organisation=sample.at_organisation, level=sample.at_level, track=track)
    brought = held([*main, *spare]) if figures.account is not None else {}
    for order, left, reserve in ((main, figures.left, False), (spare, figures.reserves_left, True)):
        wanted = [pk for pk in order if pk not in brought or brought[pk].is_reserve != reserve]
        if left is not None and len(wanted) > left:
            name = "递补" if reserve else "正选"
            message = f"{name}还可推荐{left}件，现排了{len(wanted)}件；请把多出的{len(wanted) - left}件移出{name}。"
            raise Invalid(message, code="places", fields={"order": [message]})


def _set_rank(entry: Entry, rank: int | None, reserve: bool, *, actor: Actor, now: dt.datetime) -> None:
    before = {"nomination_rank": entry.nomination_rank, "is_reserve_nomination": entry.is_reserve_nomination}
    after = {"nomination_rank": rank, "is_reserve_nomination": reserve}
    if before == after:
        return
    entry.nomination_rank, entry.is_reserve_nomination = rank, reserve
    entry.save(update_fields=["nomination_rank", "is_reserve_nomination", "updated_at"])
    record("lifecycle.entry.ranked", entry, actor=actor, before=before, after=after, now=now)


def endorse_sheet(
    *,
    cycle: Cycle,
    actor: Actor,
    now: dt.datetime,
    opinion: str = "",
    vetoes_checked: bool = False,
    track: Track | None = None,
) -> SheetResult:
    """整体上报: endorses the ranked entries in their order, each through the door in a transaction of its own.

    What a guard refuses stays at the union and is named in the result; nothing is rolled back for it.
    """
    policy_for("entry").require(actor, "endorse")
    require_vetoes_checked(cycle, checked=vetoes_checked)
    result = SheetResult()
    organisation_id = actor.at_desk.organisation_id
    ranked = queries.sheet_entries(cycle=cycle, organisation_id=organisation_id, track=track)
    for entry in ranked.filter(nomination_rank__isnull=False):
        try:
            result.endorsed.append(
                endorse_entry(entry=entry, actor=actor, now=now, opinion=opinion, vetoes_checked=vetoes_checked)
            )
        except DomainError as error:
            result.refused.append((entry, error.message))
    with transaction.atomic():
        record(
            "lifecycle.sheet.forwarded",
            None,
            actor=actor,
            now=now,
            cycle=cycle.pk,
            endorsed=[entry.code for entry in result.endorsed],
            refused=[entry.code for entry, _reason in result.refused],
        )
    return result
