"""Marks come in: in batches from a device that may have been offline, each once, never over somebody else's."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.marking.enums import MarkSource
from competitions.marking.models import Aspect, Bench, Mark, Seat, SubCriterion
from competitions.marking.models.marks import MEASURED
from competitions.marking.scoring import JUDGES, TOP, must_discuss, value_problem
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.policies import policy_for

BATCH = 500
SAVED, CONFLICT, REFUSED, INVALID = "saved", "conflict", "refused", "invalid"
AHEAD = dt.timedelta(minutes=5)  # how far a device's clock may run ahead before the server's counts

Cell = dict[int, Mark]


@dataclass(frozen=True, slots=True)
class Entered:
    """One entry as the device sends it. ``base`` is the entry it replaces on the judge's screen (None: there was none)."""

    client_id: uuid.UUID
    aspect: int
    bench: int
    figure: Decimal
    base: uuid.UUID | None = None
    made_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry. ``current`` is what stands there now, when it is something else."""

    client_id: uuid.UUID
    status: str
    message: str = ""
    current: Mark | None = None


def seat_of(actor: Actor, part: SubCriterion) -> int | None:
    """The judge's seat number at this sub-criterion."""
    return Seat.objects.filter(part=part, judge__user_id=actor.user_id).values_list("number", flat=True).first()


def next_round(cell: Cell) -> int:
    """The round a new score belongs to: after three scores that differ too much all three score again."""
    if not cell:
        return 1
    last = max(mark.round for mark in cell.values())
    scores = [mark.score for mark in cell.values() if mark.round == last]
    return last + 1 if must_discuss(scores) else last


@transaction.atomic
def record_marks(
    *, actor: Actor, part: SubCriterion, entries: Iterable[Entered], now: dt.datetime, source: str = MarkSource.SCREEN
) -> list[Outcome]:
    """Takes the entries in order and says of each what became of it; nothing is raised for a single entry.

    An entry whose ``client_id`` is known was sent before: it is answered as saved and written no second time. An entry
    that would replace what its judge has not seen is a conflict and changes nothing. Refused is everything when the
    sub-criterion is confirmed or locked, or the actor has no seat. A score after three that differ by more than one
    belongs to the next round. Raises Refused for who may not even look.
    """
    entries = list(entries)[:BATCH]
    part = lock_row(SubCriterion, part.pk)
    policy_for("marking").require(actor, "view", part.scheme.marking)
    known = {m.client_id: m for m in Mark.objects.filter(client_id__in=[e.client_id for e in entries])}
    decision = policy_for("marking").can(actor, "score", part)
    if not decision:
        return [_again(e, known[e.client_id], actor) if e.client_id in known
                else Outcome(e.client_id, REFUSED, decision.message) for e in entries]  # fmt: skip
    desk = Desk(actor=actor, part=part, seat=seat_of(actor, part), entries=entries, now=now, source=source)
    outcomes = [_again(e, known[e.client_id], actor) if e.client_id in known else desk.take(e) for e in entries]
    desk.write()
    if desk.fresh:
        record(
            "competitions.marks.saved", part, actor=actor, now=now, n=len(desk.fresh), rescored=desk.rescored,
            part=part.code, source=source,
        )  # fmt: skip
    return outcomes


def _again(entry: Entered, mark: Mark, actor: Actor) -> Outcome:
    same = (mark.aspect_id, mark.bench_id, mark.entered_by_id) == (entry.aspect, entry.bench, actor.user_id)
    return Outcome(entry.client_id, SAVED) if same else Outcome(entry.client_id, INVALID, _("评分编号重复。"))


class Desk:
    """One batch at one sub-criterion: what stands there, and what is new."""

    def __init__(
        self,
        *,
        actor: Actor,
        part: SubCriterion,
        seat: int | None,
        entries: list[Entered],
        now: dt.datetime,
        source: str,
    ) -> None:
        self.actor, self.seat, self.now, self.source = actor, seat, now, source
        self.aspects = {a.pk: a for a in Aspect.objects.filter(part=part)}
        wanted = {e.bench for e in entries}
        benches = Bench.objects.filter(pk__in=wanted, marking_id=part.scheme.marking_id, is_absent=False)
        self.benches = set(benches.values_list("pk", flat=True))
        self.cells: dict[tuple[int, int], Cell] = {}
        for mark in Mark.objects.filter(aspect__part=part, bench__in=wanted, is_current=True):
            self.cells.setdefault((mark.aspect_id, mark.bench_id), {})[mark.seat] = mark
        self.fresh: list[Mark] = []
        self.replaced: list[int] = []
        self.rescored = 0
        self._written: set[uuid.UUID] = set()

    def take(self, entry: Entered) -> Outcome:
        aspect = self.aspects.get(entry.aspect)
        if aspect is None or entry.bench not in self.benches:
            return Outcome(entry.client_id, INVALID, _("评分点或工位已变更，请刷新页面。"))
        if entry.client_id in self._written:
            return Outcome(entry.client_id, SAVED)
        if problem := self.problem(aspect, entry.figure):
            return Outcome(entry.client_id, INVALID, problem)
        seat = self.seat if aspect.is_judged else MEASURED
        cell = self.cells.setdefault((entry.aspect, entry.bench), {})
        there, turn = cell.get(seat), next_round(cell) if aspect.is_judged else 1
        if there is not None and there.client_id != entry.base:
            if _figure(there) == entry.figure and there.round == turn:
                return Outcome(entry.client_id, SAVED, current=there)
            return Outcome(entry.client_id, CONFLICT, _("这里已有另一次评分，没有覆盖。"), there)
        self._put(aspect, entry, seat, turn, cell)
        return Outcome(entry.client_id, SAVED)

    def problem(self, aspect: Aspect, figure: Decimal) -> str:
        if not aspect.is_judged:
            return value_problem(aspect.plain_rule, figure)
        if self.seat is None or not 1 <= self.seat <= JUDGES:
            return _("您在本小项没有评判席位。")
        return "" if figure == figure.to_integral_value() and 0 <= figure <= TOP else _("评判只能是0、1、2、3。")

    def _put(self, aspect: Aspect, entry: Entered, seat: int, turn: int, cell: Cell) -> None:
        made = min(entry.made_at or self.now, self.now + AHEAD)
        mark = Mark(
            client_id=entry.client_id, aspect=aspect, bench_id=entry.bench, seat=seat, round=turn, source=self.source,
            entered_by=self.actor.user, made_at=made, received_at=self.now,
            score=int(entry.figure) if aspect.is_judged else None,
            value=None if aspect.is_judged else entry.figure,
        )  # fmt: skip
        before = cell.get(seat)
        if before is not None:
            before.is_current = False
            self.rescored += mark.round > before.round
            if before.pk:
                self.replaced.append(before.pk)
        cell[seat] = mark
        self._written.add(mark.client_id)
        self.fresh.append(mark)

    def write(self) -> None:
        """First the old ones step back, then the new ones stand: the database allows one current mark per seat."""
        Mark.objects.filter(pk__in=self.replaced).update(is_current=False)
        Mark.objects.bulk_create(self.fresh, batch_size=BATCH)


def _figure(mark: Mark) -> Any:
    return mark.value if mark.score is None else Decimal(mark.score)
