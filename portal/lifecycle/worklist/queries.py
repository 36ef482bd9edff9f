"""What waits for a desk now: one query per kind of work, grouped by deadline."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from portal.accounts.scopes import scope_of
from portal.core.dates import day_bounds, local_date
from portal.core.scoping import scope
from portal.web.columns import resolve
from portal.web.ui import WorkItem
from portal.web.work import Source, sources_for

if TYPE_CHECKING:
    from portal.core.context import Actor

SHOWN = 50  # of one kind; the full list is one click away
KINDS_SHOWN = 7  # on one page, the most urgent ones; the others are one click away. Bounds the number of queries.
COUNTED = 200
COUNT_SECONDS = 180
MAX_WORDS = 5


@dataclass(frozen=True)
class Line:
    """One thing to do, with the row it is about (for bulk selection)."""

    pk: int
    item: WorkItem


@dataclass
class Group:
    key: str
    title: Any
    tone: str
    lines: list[Line] = field(default_factory=list)

    @property
    def items(self) -> list[WorkItem]:
        return [line.item for line in self.lines]


@dataclass(frozen=True)
class Kind:
    """A source with how much it has now (counted up to ``COUNTED``) and the earliest deadline."""

    source: Source
    count: int
    due: dt.datetime | None

    @property
    def more(self) -> bool:
        """Whether the page shows only the first ones."""
        return self.count > SHOWN


@dataclass
class WorkList:
    """``kinds`` is everything the desk has to do; ``left_out`` are kinds whose lines are not on this page."""

    groups: list[Group]
    kinds: list[Kind]
    chosen: Source | None = None
    left_out: list[Kind] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(group.lines for group in self.groups)

    @property
    def total(self) -> int:
        return sum(kind.count for kind in self.kinds)

    @property
    def more(self) -> list[Kind]:
        return [kind for kind in self.kinds if kind.more and kind not in self.left_out]


def work_of(actor: Actor, *, now: dt.datetime, search: str = "", kind: str = "") -> WorkList:
    """Everything the desk can do now: 已逾期 / 今天 / 本周 / 以后, soonest first; ``kind`` shows one source only.

    One query finds which kinds have anything, then one more for each kind that is shown.
    """
    sources = sources_for(actor)
    chosen = next((source for source in sources if source.key == kind), None)
    kinds = _kinds(sources, actor, now, search)
    if not search:
        cache.set(_count_key(actor), sum(k.count for k in kinds), COUNT_SECONDS)
    urgent = sorted(kinds, key=lambda k: (k.due is None, k.due or now))
    shown = [k for k in urgent if chosen in {None, k.source}][:KINDS_SHOWN]
    groups = _empty_groups()
    for one in shown:
        _sort_in(groups, one.source, _rows(one.source, actor, now, search)[:SHOWN], now)
    for group in groups.values():
        group.lines.sort(key=lambda line: (line.item.due is None, line.item.due or now))
    left_out = [k for k in kinds if chosen is None and k not in shown]
    return WorkList(list(groups.values()), kinds, chosen, left_out)


def open_kinds(actor: Actor, *, now: dt.datetime) -> list[Kind]:
    """What the desk has to do, kind by kind with its count and earliest deadline: one query."""
    return _kinds(sources_for(actor), actor, now)


def _kinds(sources: list[Source], actor: Actor, now: dt.datetime, search: str = "") -> list[Kind]:
    """The sources that have anything, with their counts and earliest deadlines: one query over all of them."""
    parts = [_heads(source, number, actor, now, search) for number, source in enumerate(sources)]
    if not parts:
        return []
    found: dict[int, list[dt.datetime | None]] = {}
    for number, _pk, due in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        found.setdefault(number, []).append(due)
    return [
        Kind(source, len(found[number]), min((due for due in found[number] if due), default=None))
        for number, source in enumerate(sources)
        if number in found
    ]


def _heads(source: Source, number: int, actor: Actor, now: dt.datetime, search: str) -> QuerySet:
    due = F(source.due) if source.due else Cast(Value(None), DateTimeField())
    rows = _rows(source, actor, now, search).order_by()  # counted, not shown: no sort, and DISTINCT stays as it is
    return rows.annotate(work_kind=Value(number), work_due=due).values_list("work_kind", "pk", "work_due")[:COUNTED]


def _rows(source: Source, actor: Actor, now: dt.datetime, search: str = "") -> QuerySet:
    rows = source.rows(actor, now)
    for word in search.split()[:MAX_WORDS]:
        if not source.search:
            return rows.none()
        rows = rows.filter(reduce(operator.or_, (Q(**{f"{key}__icontains": word}) for key in source.search)))
    return rows.order_by(F(source.due).asc(nulls_last=True), "pk") if source.due else rows


def _empty_groups() -> dict[str, Group]:
    groups = (
        Group("overdue", _("已逾期"), "stopped"),
        Group("today", _("今天"), "waiting"),
        Group("week", _("本周"), "info"),
        Group("later", _("以后"), "neutral"),
    )
    return {group.key: group for group in groups}


def _sort_in(groups: dict[str, Group], source: Source, rows: Iterable[Any], now: dt.datetime) -> None:
    for row in rows:
        due = resolve(row, source.due.replace("__", ".")) if source.due else None
        item = source.item(row, now)
        item = replace(item, due=moment_of(item.due))
        groups[span_of(moment_of(due), now)].lines.append(Line(row.pk, item))


def moment_of(due: dt.datetime | dt.date | None) -> dt.datetime | None:
    """A deadline that is a day lasts to its end."""
    if due is None or isinstance(due, dt.datetime):
        return due
    return day_bounds(due)[1] - dt.timedelta(seconds=1)


def span_of(due: dt.datetime | None, now: dt.datetime) -> str:
    """Which group a deadline belongs to; a week ends on Sunday. No deadline = later."""
    if due is None:
        return "later"
    if due < now:
        return "overdue"
    today = local_date(now)
    if due < day_bounds(today)[1]:
        return "today"
    sunday = today + dt.timedelta(days=6 - today.weekday())
    return "week" if due < day_bounds(sunday)[1] else "later"


def known_count(actor: Actor) -> int | None:
    """``todo_count`` when it was counted lately, else None: a page does not wait for a count over all kinds of work."""
    return None if actor.desk is None else cache.get(_count_key(actor))


def todo_count(actor: Actor, *, now: dt.datetime) -> int:
    """How many things wait for the desk (each kind counted up to ``COUNTED``): one query, kept for three minutes."""
    if actor.desk is None:
        return 0
    known = known_count(actor)
    if known is None:
        with scope(scope_of(actor)):  # on the joint pages a desk is a guest; what waits for it is the same
            known = sum(kind.count for kind in _kinds(sources_for(actor), actor, now))
        cache.set(_count_key(actor), known, COUNT_SECONDS)
    return known


def forget_count(actor: Actor) -> None:
    """After the desk has done something its figure is counted anew at once; other desks wait for the three minutes."""
    if actor.desk is not None:
        cache.delete(_count_key(actor))


def _count_key(actor: Actor) -> str:
    return f"todo:{actor.at_desk.membership_id}"
