"""Tables as declared columns: the same object feeds the page, the phone's cards and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.context import PUBLIC, Actor
from portal.core.policies import may
from portal.web.columns import ActionColumn, Column, resolve
from portal.web.paging import Page, Pager, Sort
from portal.web.ui import Action, Bulk, Empty

NOTHING = Empty(gettext_lazy("没有记录"), gettext_lazy("有了记录之后会显示在这里。"))
NO_MATCH = Empty(gettext_lazy("没有符合条件的记录"), gettext_lazy("可以放宽或清除筛选条件后再查。"), icon="search-off")


@dataclass(slots=True)
class Head:
    label: Any
    align: str
    width: str
    sort_url: str = ""
    direction: str = ""
    hidden_label: bool = False


@dataclass(slots=True)
class Cell:
    label: Any
    html: Any
    align: str
    phone: str
    css: str = ""


@dataclass(slots=True)
class Row:
    pk: Any
    number: int
    cells: list[Cell]
    tone: str = ""
    record: Any = None


@dataclass(slots=True)
class BulkButton:
    label: Any
    url: str
    icon: str
    kind: str


class Options:
    """``class Meta`` of a table, checked: a misspelt option is an error."""

    default_sort = "-pk"
    numbered = True
    selectable = False
    bulk: tuple[Bulk, ...] = ()
    empty: Empty = NOTHING
    row_action = ""  # name of a method of the table: row → Action
    row_tone = ""  # name of a method of the table: row → tone
    caption: Any = ""

    def __init__(self, meta: type | None) -> None:
        for name, value in vars(meta or object).items():
            if name.startswith("__"):
                continue
            if not hasattr(type(self), name):
                raise TypeError(f"unknown table option {name!r}")
            setattr(self, name, value)


class Table:
    """Declare columns as class attributes, options in ``class Meta`` (see docs/design-system.md)."""

    columns: ClassVar[dict[str, Column]] = {}
    options: ClassVar[Options] = Options(None)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        columns = dict(cls.columns)
        for name, value in list(vars(cls).items()):
            if isinstance(value, Column):
                value.name = name
                columns[name] = value
        options = Options(cls.__dict__.get("Meta") or getattr(cls, "Meta", None))
        if options.row_action:
            columns["row_action"] = ActionColumn(gettext_lazy("操作"), method=options.row_action)
            columns["row_action"].name = "row_action"
        cls.columns, cls.options = columns, options

    def __init__(
        self,
        rows: Iterable[Any] | Page,
        *,
        actor: Actor = PUBLIC,
        data: QueryDict | None = None,
        request: Any = None,
        filtered: bool = False,
        context: dict[str, Any] | None = None,
    ) -> None:
        self.page = rows if isinstance(rows, Page) else None
        self.rows = list(self.page.rows if self.page else rows)
        self.actor, self.data, self.request = actor, data, request
        self.filtered, self.context = filtered, context or {}

    # --- what the template reads -------------------------------------------------------------------
    @property
    def is_empty(self) -> bool:
        return not self.rows

    @property
    def empty_state(self) -> Empty:
        return NO_MATCH if self.filtered else self.options.empty

    @property
    def caption(self) -> Any:
        return self.options.caption or _("记录表")

    @property
    def numbered(self) -> bool:
        return self.options.numbered

    @property
    def selectable(self) -> bool:
        return bool(self.options.selectable and self.bulk_actions)

    @property
    def bulk_actions(self) -> list[BulkButton]:
        return [
            BulkButton(b.label, reverse(b.url_name), b.icon, b.kind)
            for b in self.options.bulk
            if not b.policy_action or may(self.actor, b.policy_action)
        ]

    def shown_columns(self) -> list[Column]:
        """Columns of this table in order; override to leave some out for a desk or a cycle."""
        return list(self.columns.values())

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.shown_columns() if column.screen]

    @property
    def body(self) -> list[Row]:
        first = self.page.start if self.page else 1
        return [self._row(record, number) for number, record in enumerate(self.rows, first)]

    @property
    def foot(self) -> list[Cell]:
        """Cells of a total row; none by default. Override together with a query for the sums."""
        return []

    # --- sorting -----------------------------------------------------------------------------------
    @classmethod
    def sort_from(cls, data: QueryDict) -> Sort:
        """The sort of the query string when a column declares it, the table's default otherwise."""
        wanted = Sort.parse(data.get("sort", ""))
        allowed = {column.sort for column in cls.columns.values() if column.sort}
        return wanted if wanted.key in allowed else Sort.parse(cls.options.default_sort)

    @classmethod
    def paged(cls, queryset: Any, data: QueryDict, **kwargs: Any) -> Table:
        """One page of ``queryset`` as the query string asks for it."""
        return cls(Pager(queryset, cls.sort_from(data), data).page(), data=data, **kwargs)

    # --- one cell ----------------------------------------------------------------------------------
    def value(self, record: Any, column: Column) -> Any:
        return resolve(record, column.accessor or column.name)

    def html(self, record: Any, column: Column) -> Any:
        if isinstance(column, ActionColumn):
            return self._action_html(getattr(self, column.method)(record))
        value = self.value(record, column)
        own: Callable[[Any, Any], Any] | None = getattr(self, f"render_{column.name}", None)
        return own(record, value) if own else column.html(record, value)

    def export_value(self, record: Any, column: Column) -> Any:
        value = self.value(record, column)
        own: Callable[[Any, Any], Any] | None = getattr(self, f"export_{column.name}", None)
        return own(record, value) if own else column.export_value(record, value)

    def export_columns(self) -> list[Column]:
        return [column for column in self.shown_columns() if column.export]

    def _action_html(self, action: Action | None) -> Any:
        if action is None or (action.policy_action and not may(self.actor, action.policy_action, action.policy_object)):
            return ""
        if action.post:
            context = {"label": action.label, "url": action.url, "kind": action.kind, "icon": action.icon,
                       "post": True, "confirm": action.confirm, "size": "sm"}  # fmt: skip
            return render_to_string("components/button_row.html", context, request=self.request)
        return format_html('<a class="btn btn-{} btn-sm" href="{}">{}</a>', action.kind, action.url, action.label)

    def _head(self, column: Column) -> Head:
        head = Head(column.label, column.align, column.width, hidden_label=isinstance(column, ActionColumn))
        if not column.sort or self.data is None:
            return head
        current = self.sort_from(self.data)
        descending = current.key == column.sort and not current.descending
        if current.key == column.sort:
            head.direction = "descending" if current.descending else "ascending"
        query = self.data.copy()
        for key in ("after", "before", "page"):
            query.pop(key, None)
        query["sort"] = f"-{column.sort}" if descending else column.sort
        head.sort_url = f"?{query.urlencode()}"
        return head

    def _row(self, record: Any, number: int) -> Row:
        cells = [
            Cell(column.label, self.html(record, column), column.align, column.phone, column.css)
            for column in self.shown_columns()
            if column.screen
        ]
        tone = getattr(self, self.options.row_tone)(record) if self.options.row_tone else ""
        return Row(getattr(record, "pk", number), number, cells, tone, record)
