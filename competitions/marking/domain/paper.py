"""Paper sheets, the fallback: typed by two people, each without seeing the other; what agrees becomes marks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.marking.domain.entering import CONFLICT, INVALID, SAVED, Desk, Entered, next_round
from competitions.marking.enums import MarkSource
from competitions.marking.models import Aspect, PaperEntry, SubCriterion
from competitions.marking.models.marks import MEASURED
from competitions.marking.scoring import JUDGES
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for


@dataclass(slots=True)
class Typed:
    """What became of a typed sheet: benches by what happened to them."""

    first: list[int] = field(default_factory=list)  # waits for the second person
    agreed: list[int] = field(default_factory=list)  # both typed the same: a mark
    differs: list[int] = field(default_factory=list)  # both typed, not the same
    refused: dict[int, str] = field(default_factory=dict)  # bench → why


@transaction.atomic
def type_sheet(
    *, actor: Actor, part: SubCriterion, aspect: int, seat: int, figures: Mapping[int, Decimal], now: dt.datetime
) -> Typed:
    """One aspect's sheet of one judge (``seat`` 1–3, or 0 for a measured aspect); ``figures`` by bench.

    Who types first leaves a first entry; another person's entry of the same cell is the second. The same figure twice
    becomes a mark, different figures wait until one of the two has corrected theirs. Raises Invalid for a seat that the
    aspect does not have.
    """
    part = lock_row(SubCriterion, part.pk)
    policy_for("marking").require(actor, "paper", part)
    row = Aspect.objects.filter(part=part, pk=aspect).first()
    if row is None or (seat == MEASURED) == row.is_judged or not 0 <= seat <= JUDGES:
        raise Invalid(_("评分点或席位已变更，请刷新页面。"))
    there = {e.bench_id: e for e in PaperEntry.objects.filter(aspect=row, seat=seat)}
    entries = {b: Entered(uuid.uuid4(), row.pk, b, figure) for b, figure in figures.items()}
    desk = Desk(
        actor=actor, part=part, seat=seat, entries=list(entries.values()), now=now, source=MarkSource.PAPER
    )  # fmt: skip
    found = Typed()
    for bench, entered in entries.items():
        if problem := desk.problem(row, entered.figure):
            found.refused[bench] = problem
        elif bench not in desk.benches:
            found.refused[bench] = _("工位已变更，请刷新页面。")
        else:
            cell = there.get(bench) or PaperEntry(aspect=row, bench_id=bench, seat=seat)
            _type(actor, cell, entered, desk, found)
    desk.write()
    record(
        "competitions.marks.typed", part, actor=actor, now=now, aspect=row.code, seat=seat, n=len(entries),
        agreed=len(found.agreed), differs=len(found.differs),
    )  # fmt: skip
    return found


def _type(actor: Actor, entry: PaperEntry, entered: Entered, desk: Desk, found: Typed) -> None:
    if entry.first_by_id in (None, actor.user_id):
        entry.first, entry.first_by = entered.figure, actor.user
    elif entry.second_by_id in (None, actor.user_id):
        entry.second, entry.second_by = entered.figure, actor.user
    else:
        found.refused[entered.bench] = _("这个工位已由另外两人录入。")
        return
    entry.save()
    if entry.second_by_id is None:
        found.first.append(entered.bench)
    elif entry.first != entry.second:
        found.differs.append(entered.bench)
    else:
        _apply(entered, entry.seat, desk, found)


def _apply(entered: Entered, seat: int, desk: Desk, found: Typed) -> None:
    """An agreed figure as a mark. A fresh round may replace the judge's last score, nothing else is written over."""
    cell = desk.cells.get((entered.aspect, entered.bench), {})
    before = cell.get(seat)
    base = before.client_id if before is not None and seat and next_round(cell) > before.round else None
    outcome = desk.take(Entered(entered.client_id, entered.aspect, entered.bench, entered.figure, base))
    if outcome.status == SAVED:
        found.agreed.append(entered.bench)
    elif outcome.status in {CONFLICT, INVALID}:
        found.refused[entered.bench] = outcome.message


def waiting(aspect: Aspect, seat: int, actor: Actor) -> dict[int, Any]:
    """What this person typed of the sheet, by bench: the other's figures stay hidden."""
    rows = PaperEntry.objects.filter(aspect=aspect, seat=seat)
    mine = {e.bench_id: e.first for e in rows if e.first_by_id == actor.user_id}
    return mine | {e.bench_id: e.second for e in rows if e.second_by_id == actor.user_id}
