"""Keyset paging: a page costs the same at the first and at the last of 50,000 rows.

The cursor holds the sort value and the key of the row at the edge, and how many rows stand before it (for 序号).
Counting stops at ``COUNT_CAP``; beyond it people read “10000+”.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Model, OrderBy, Q, QuerySet
from django.http import QueryDict

COUNT_CAP = 10_000
PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key with its direction; the primary key breaks ties in the same direction."""

    key: str
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> Sort:
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.key}" if self.descending else self.key


def _plain(value: Any) -> Any:
    """JSON form that loses nothing (Django's encoder cuts microseconds, which would repeat rows)."""
    if isinstance(value, Model):
        return value.pk if isinstance(value.pk, int) else str(value.pk)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@dataclass(frozen=True, slots=True)
class Cursor:
    value: Any
    pk: Any
    before: int  # rows that stand before the page that this cursor opens (or ends)

    def encode(self) -> str:
        raw = json.dumps([self.value, self.pk, self.before], default=_plain)
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor | None:
        """None for anything that is not one of our cursors: an edited address shows the first page."""
        try:
            value, pk, before = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, TypeError, binascii.Error):
            return None
        return cls(value, pk, before) if isinstance(before, int) and before >= 0 else None


def sort_field(queryset: QuerySet, key: str) -> Field | None:
    """Model field or annotation behind a sort key; None when it cannot be told."""
    if key in queryset.query.annotations:
        return getattr(queryset.query.annotations[key], "output_field", None)
    model, found = queryset.model, None
    for part in key.split("__"):
        try:
            found = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = found.related_model or model
    return found


def is_nullable(queryset: QuerySet, key: str) -> bool:
    """Whether the sort value can be missing: an annotation, a nullable field, or one behind a nullable relation."""
    if key in queryset.query.annotations:
        return True
    model = queryset.model
    for part in key.split("__"):
        if part == "pk":
            return False
        try:
            current = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        if getattr(current, "null", True):
            return True
        model = current.related_model or model
    return False


def ordering(sort: Sort, *, nullable: bool, backwards: bool = False) -> list[Any]:
    """ORDER BY of a page; missing values stand last. Plain columns keep the plain form that indexes serve."""
    descending = sort.descending is not backwards
    mark = "-" if descending else ""
    if sort.key == "pk":
        return [f"{mark}pk"]
    if not nullable:
        return [f"{mark}{sort.key}", f"{mark}pk"]
    first = OrderBy(
        F(sort.key), descending=descending, nulls_first=backwards or None, nulls_last=(not backwards) or None
    )
    return [first, f"{mark}pk"]


def beyond(sort: Sort, cursor: Cursor, *, nullable: bool, backwards: bool = False) -> Q:
    """Rows strictly beyond the cursor in reading direction (or before it, ``backwards``)."""
    down = sort.descending is not backwards
    far, near = ("lt", "lte") if down else ("gt", "gte")
    tie = Q(**{f"pk__{far}": cursor.pk})
    if sort.key == "pk":
        return tie
    if cursor.value is None:
        in_nulls = Q(**{f"{sort.key}__isnull": True}) & tie
        return in_nulls | Q(**{f"{sort.key}__isnull": False}) if backwards else in_nulls
    # key ≥ v AND (key > v OR pk > p): the first term lets the index start at the cursor.
    there = Q(**{f"{sort.key}__{near}": cursor.value}) & (Q(**{f"{sort.key}__{far}": cursor.value}) | tie)
    return there | Q(**{f"{sort.key}__isnull": True}) if nullable and not backwards else there


def value_of(row: Any, key: str) -> Any:
    """The row's sort value, following relations."""
    for part in key.split("__"):
        row = getattr(row, part, None)
        if row is None:
            return None
    return row


@dataclass(slots=True)
class SizeLink:
    value: int
    url: str
    current: bool


@dataclass(slots=True)
class Page:
    """One page of rows with what the pager shows."""

    rows: list[Any]
    total: int
    capped: bool
    start: int
    first_url: str = ""
    previous_url: str = ""
    next_url: str = ""
    sizes: tuple[SizeLink, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.rows) - 1 if self.start else 0

    @property
    def total_text(self) -> str:
        return f"{COUNT_CAP}+" if self.capped else f"{self.total:,}"

    @property
    def has_other(self) -> bool:
        return bool(self.previous_url or self.next_url)


def capped_count(queryset: QuerySet) -> int:
    """Number of rows, at most ``COUNT_CAP`` + 1 of them counted."""
    plain = queryset.order_by()
    # Annotations that only the shown rows need are not computed for the count; those a filter names stay in its WHERE.
    if plain.query.group_by is None and not plain.query.distinct:
        plain = plain.values("pk")
    return plain[: COUNT_CAP + 1].count()


def chosen_size(data: QueryDict, sizes: tuple[int, ...] = PAGE_SIZES) -> int:
    raw = data.get("size", "")
    return int(raw) if raw.isdigit() and int(raw) in sizes else sizes[0]


class Pager:
    """Cuts one page out of a queryset by the query string (``after``, ``before``, ``size``)."""

    def __init__(self, queryset: QuerySet, sort: Sort, data: QueryDict, *, sizes: tuple[int, ...] = PAGE_SIZES) -> None:
        self.queryset, self.sort, self.data, self.sizes = queryset, sort, data, sizes
        self.size = chosen_size(data, sizes)
        self.nullable = is_nullable(queryset, sort.key)

    def page(self) -> Page:
        cursor, backwards = self._cursor()
        queryset = self.queryset
        if cursor is not None:
            queryset = queryset.filter(beyond(self.sort, cursor, nullable=self.nullable, backwards=backwards))
        queryset = queryset.order_by(*ordering(self.sort, nullable=self.nullable, backwards=backwards))
        rows = list(queryset[: self.size + 1])
        more = len(rows) > self.size
        rows = rows[: self.size]
        if backwards:
            rows.reverse()
        total = self._total(rows, cursor, more)
        start = self._start(rows, cursor, backwards=backwards, more=more)
        page = Page(rows, min(total, COUNT_CAP), total > COUNT_CAP, start, sizes=self._size_links())
        if rows:
            has_previous = more if backwards else cursor is not None
            has_next = True if backwards else more
            if has_previous and start > 1:
                page.first_url = self.url()
                page.previous_url = self.url(before=self._edge(rows[0], start - 1))
            if has_next:
                page.next_url = self.url(after=self._edge(rows[-1], start - 1 + len(rows)))
        elif cursor is not None:
            page.first_url = page.previous_url = self.url()
        return page

    def url(self, **changes: str) -> str:
        """Address of the list with another place; everything else in the query string stays."""
        data = self.data.copy()
        for key in ("after", "before", "page"):
            data.pop(key, None)
        for key, value in changes.items():
            data[key] = value
        return f"?{data.urlencode()}"

    def _cursor(self) -> tuple[Cursor | None, bool]:
        for key, backwards in (("after", False), ("before", True)):
            if self.data.get(key):
                cursor = self._checked(Cursor.decode(self.data[key]))
                if cursor is not None:
                    return cursor, backwards
        return None, False

    def _checked(self, cursor: Cursor | None) -> Cursor | None:
        """The cursor with values of the right type; None when an edited one does not fit the column."""
        if cursor is None:
            return None
        found = sort_field(self.queryset, self.sort.key)
        check: Callable[[Any], Any] = (
            getattr(found, "target_field", found).to_python if found else (lambda value: value)
        )
        try:
            value = None if cursor.value is None else check(cursor.value)
            pk = self.queryset.model._meta.pk.to_python(cursor.pk)
        except (ValidationError, ValueError, TypeError):
            return None
        return Cursor(value, pk, cursor.before)

    def _edge(self, row: Any, before: int) -> str:
        return Cursor(value_of(row, self.sort.key), row.pk, before).encode()

    def _start(self, rows: list[Any], cursor: Cursor | None, *, backwards: bool, more: bool) -> int:
        if not rows:
            return 0
        if cursor is None:
            return 1
        if backwards:
            return max(cursor.before - len(rows) + 1, 1) if more else 1
        return cursor.before + 1

    def _total(self, rows: list[Any], cursor: Cursor | None, more: bool) -> int:
        if cursor is None and not more:
            return len(rows)
        return capped_count(self.queryset)

    def _size_links(self) -> tuple[SizeLink, ...]:
        return tuple(SizeLink(size, self.url(size=str(size)), size == self.size) for size in self.sizes)
