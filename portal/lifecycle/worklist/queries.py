"""What waits for a desk now: one query per kind of work, grouped by deadline."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.dates import day_bounds, local_date
from portal.lifecycle.engine.work import Source, sources_for
from portal.web.columns import resolve
from portal.web.ui import WorkItem

if TYPE_CHECKING:
    from portal.core.context import Actor

SHOWN = 50  # of one kind; the full list is one click away
COUNTED = 200
COUNT_SECONDS = 60
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
    """A source with what it has now; ``more`` when only the first ones are shown."""

    source: Source
    count: int
    more: bool

    @property
    def count_text(self) -> str:
        return f"{self.count}+" if self.more else str(self.count)


@dataclass
class WorkList:
    groups: list[Group]
    kinds: list[Kind]
    chosen: Source | None = None

    @property
    def is_empty(self) -> bool:
        return not any(group.lines for group in self.groups)

    @property
    def total(self) -> int:
        return sum(kind.count for kind in self.kinds)

    @property
    def more(self) -> list[Kind]:
        return [kind for kind in self.kinds if kind.more]


def work_of(actor: Actor, *, now: dt.datetime, search: str = "", kind: str = "") -> WorkList:
    """Everything the desk can do now: 已逾期 / 今天 / 本周 / 以后, soonest first; ``kind`` shows one source only."""
    sources = sources_for(actor)
    chosen = next((source for source in sources if source.key == kind), None)
    groups = _empty_groups()
    kinds = []
    for source in sources:
        rows = list(_rows(source, actor, now, search)[: SHOWN + 1])
        if rows:
            kinds.append(Kind(source, min(len(rows), SHOWN), more=len(rows) > SHOWN))
        if chosen in {None, source}:
            _sort_in(groups, source, rows[:SHOWN], now)
    for group in groups.values():
        group.lines.sort(key=lambda line: (line.item.due is None, line.item.due or now))
    return WorkList(list(groups.values()), kinds, chosen)


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
        groups[span_of(due, now)].lines.append(Line(row.pk, source.item(row, now)))


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


def todo_count(actor: Actor, *, now: dt.datetime) -> int:
    """How many things wait for the desk (each kind counted up to ``COUNTED``): one query, kept for a minute."""
    if actor.desk is None:
        return 0
    key = _count_key(actor)
    known = cache.get(key)
    if known is not None:
        return known
    parts = [source.rows(actor, now).order_by().values("pk")[:COUNTED] for source in sources_for(actor)]
    count = 0
    if parts:
        count = parts[0].union(*parts[1:], all=True).count() if len(parts) > 1 else parts[0].count()
    cache.set(key, count, COUNT_SECONDS)
    return count


def forget_count(actor: Actor) -> None:
    """After the desk has done something its figure is counted anew at once; other desks wait for the minute."""
    if actor.desk is not None:
        cache.delete(_count_key(actor))


def _count_key(actor: Actor) -> str:
    return f"todo:{actor.desk.membership_id}"
