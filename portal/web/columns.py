"""Kinds of table columns: how a value is shown, aligned, sorted and written into a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from portal.web import formats
from portal.web.templatetags.components import state_badge
from portal.web.templatetags.display import due_badge

ALIGNS = ("start", "end", "center")
PHONES = ("title", "fact", "hide", "action")
WIDTHS = ("auto", "narrow", "normal", "wide")


def resolve(record: Any, path: str) -> Any:
    """``organisation.name`` of a record or mapping; calls methods; None as soon as something is missing."""
    for part in path.split("."):
        if record is None:
            return None
        record = record.get(part) if isinstance(record, Mapping) else getattr(record, part)
        if callable(record) and not isinstance(record, type):
            record = record()
    return record


class Column:
    """One column. ``sort`` is the database key (empty = not sortable); ``phone`` says what a card on the phone shows;
    without ``screen`` it stands in the workbook only, without ``export`` on the page only.
    """

    align = "start"

    def __init__(
        self,
        label: Any,
        *,
        accessor: str = "",
        sort: str = "",
        align: str = "",
        phone: str = "hide",
        width: str = "auto",
        export: bool = True,
        screen: bool = True,
        css: str = "",
    ) -> None:
        self.name = ""
        self.label, self.accessor, self.sort = label, accessor, sort
        self.align = align or type(self).align
        self.phone, self.width, self.export, self.screen, self.css = phone, width, export, screen, css
        if self.align not in ALIGNS or phone not in PHONES or width not in WIDTHS:
            raise ValueError(f"column {label}: align {ALIGNS}, phone {PHONES}, width {WIDTHS}")

    def text(self, value: Any) -> Any:
        """The value as people read it."""
        return formats.or_dash(value)

    def html(self, record: Any, value: Any) -> Any:
        return self.text(value)

    def export_value(self, record: Any, value: Any) -> Any:
        """Cell of the workbook: numbers and dates stay such, everything else becomes its text."""
        if value is None or isinstance(value, (int, float, Decimal)):
            return value
        return str(value)


class LinkColumn(Column):
    """Text that leads to the record: ``url`` is a URL name with ``kwargs`` {argument: accessor}, or a callable."""

    def __init__(self, label: Any, *, url: str | Callable[[Any], str] = "", kwargs: Mapping[str, str] | None = None,
                 **options: Any) -> None:  # fmt: skip
        options.setdefault("phone", "title")
        super().__init__(label, **options)
        self.url, self.kwargs = url, kwargs or {"pk": "pk"}

    def address(self, record: Any) -> str:
        if callable(self.url):
            return self.url(record)
        if self.url:
            return reverse(self.url, kwargs={name: resolve(record, path) for name, path in self.kwargs.items()})
        return record.get_absolute_url() if isinstance(record, Model) else ""

    def html(self, record: Any, value: Any) -> Any:
        address = self.address(record)
        return format_html('<a class="row-link" href="{}">{}</a>', address, self.text(value)) if address else value


class NumberColumn(Column):
    align = "end"

    def __init__(self, label: Any, *, places: int | None = None, unit: Any = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.places, self.unit = places, unit

    def text(self, value: Any) -> Any:
        figure = formats.thousands(value, self.places)
        return f"{figure} {self.unit}" if self.unit and figure != formats.DASH else figure


class MoneyColumn(NumberColumn):
    """Amounts in 元 with two decimals (or another unit)."""

    def __init__(self, label: Any, *, unit: Any = "元", **options: Any) -> None:
        super().__init__(label, places=2, unit=unit, **options)


class PercentColumn(Column):
    """A ratio 0…1 shown as percent with one decimal."""

    align = "end"

    def text(self, value: Any) -> Any:
        return formats.percent(value)


class DateColumn(Column):
    def text(self, value: Any) -> Any:
        return formats.cn_date(value)

    def export_value(self, record: Any, value: Any) -> Any:
        return value.date() if hasattr(value, "date") else value


class DateTimeColumn(Column):
    def text(self, value: Any) -> Any:
        return formats.cn_datetime(value)

    def export_value(self, record: Any, value: Any) -> Any:
        """Local time without zone: workbooks know none."""
        return timezone.localtime(value).replace(tzinfo=None) if value else None


class DueColumn(DateTimeColumn):
    """A deadline with the time left beside it; ``open_while(record)`` False = done: the date alone, never “overdue”."""

    def __init__(self, label: Any, *, open_while: Callable[[Any], bool] | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.open_while = open_while

    def html(self, record: Any, value: Any) -> Any:
        if not value:
            return formats.DASH
        if self.open_while is not None and not self.open_while(record):
            return formats.cn_short(value)
        return format_html("{} {}", formats.cn_short(value), due_badge(value))


class BadgeColumn(Column):
    """A status with ``label`` and ``tone``."""

    def html(self, record: Any, value: Any) -> Any:
        return state_badge(value) or formats.DASH

    def export_value(self, record: Any, value: Any) -> Any:
        return "" if value is None else str(getattr(value, "label", value))


class BooleanColumn(Column):
    align = "center"

    def text(self, value: Any) -> Any:
        return formats.yes_no(value)

    def export_value(self, record: Any, value: Any) -> Any:
        return formats.yes_no(value)


class ActionColumn(Column):
    """The one action of a row; ``method`` of the table returns an ``Action`` or None."""

    align = "end"

    def __init__(self, label: Any, *, method: str, **options: Any) -> None:
        options.setdefault("phone", "action")
        super().__init__(label, export=False, **options)
        self.method = method
