"""Filters of a list: declared, bound to the query string, which holds the whole state."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property, reduce
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.context import PUBLIC, Actor
from portal.web.formats import cn_date
from portal.web.widgets import DateInput, DateRangeWidget

PAGING_KEYS = ("after", "before", "page")
MAX_SEARCH_WORDS = 5


class Filter:
    """One condition. ``field`` is the lookup; ``apply(queryset, filters)`` or a subclass does anything else."""

    name = ""

    def __init__(self, label: Any, *, field: str = "", apply: Callable[..., QuerySet] | None = None) -> None:
        self.label, self.field, self._apply = label, field, apply

    def form_field(self, filters: FilterSet) -> forms.Field:
        raise NotImplementedError

    def apply(self, queryset: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
        if self._apply:
            return self._apply(queryset, value, filters)
        return queryset.filter(**{self.field or self.name: value})

    def text(self, value: Any, filters: FilterSet) -> str:
        """The condition in words, for the chip that takes it away."""
        return f"{self.label}：{value}"


class SearchField(forms.CharField):
    is_search = True


class SearchFilter(Filter):
    """Words, all of which must occur in one of ``fields``."""

    def __init__(self, label: Any, *, fields: Iterable[str] = (), apply: Callable[..., QuerySet] | None = None) -> None:
        super().__init__(label, apply=apply)
        self.fields = tuple(fields)

    def form_field(self, filters: FilterSet) -> forms.Field:
        widget = forms.TextInput(attrs={"type": "search", "placeholder": self.label, "autocomplete": "off"})
        return SearchField(label=self.label, required=False, max_length=100, widget=widget)

    def apply(self, queryset: QuerySet, value: str, filters: FilterSet) -> QuerySet:
        if self._apply:
            return self._apply(queryset, value, filters)
        for word in value.split()[:MAX_SEARCH_WORDS]:
            queryset = queryset.filter(reduce(operator.or_, (Q(**{f"{f}__icontains": word}) for f in self.fields)))
        return queryset

    def text(self, value: Any, filters: FilterSet) -> str:
        return _("“%(text)s”") % {"text": value}


class ChoiceFilter(Filter):
    """One of ``choices`` (or several, ``multiple``); ``choices`` may be a function of the filter set."""

    def __init__(self, label: Any, *, choices: Any, field: str = "", multiple: bool = False, empty_label: Any = "",
                 apply: Callable[..., QuerySet] | None = None) -> None:  # fmt: skip
        super().__init__(label, field=field, apply=apply)
        self.choices, self.multiple, self.empty_label = choices, multiple, empty_label

    def all_choices(self, filters: FilterSet) -> list[tuple[Any, Any]]:
        return filters.cached_choices(
            self, lambda: list(self.choices(filters) if callable(self.choices) else self.choices)
        )

    def form_field(self, filters: FilterSet) -> forms.Field:
        choices = self.all_choices(filters)
        if self.multiple:
            # Shown as one menu; several values come from saved views and links.
            many = len(filters.data.getlist(self.name)) > 1
            widget = forms.SelectMultiple(attrs={"size": 4}) if many else forms.Select
            blank = [] if many else [("", self.empty_label or _("全部"))]
            return MultipleOrOneField(label=self.label, required=False, choices=blank + choices, widget=widget)
        return forms.ChoiceField(
            label=self.label, required=False, choices=[("", self.empty_label or _("全部")), *choices]
        )

    def apply(self, queryset: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
        if self._apply or not self.multiple:
            return super().apply(queryset, value, filters)
        return queryset.filter(**{f"{self.field or self.name}__in": value})

    def text(self, value: Any, filters: FilterSet) -> str:
        labels = {str(key): str(label) for key, label in self.all_choices(filters)}
        values = value if isinstance(value, list) else [value]
        return f"{self.label}：{'、'.join(labels.get(str(v), str(v)) for v in values)}"


class MultipleOrOneField(forms.MultipleChoiceField):
    """A menu that sends one value, or several from a link."""

    def to_python(self, value: Any) -> list[str]:
        values = value if isinstance(value, (list, tuple)) else [value]
        return [str(v) for v in values if v not in (None, "")]


class ModelFilter(ChoiceFilter):
    """Rows of another table; ``queryset(filters)`` comes from that room's queries. At most 200 are offered."""

    LIMIT = 200

    def __init__(self, label: Any, *, queryset: Callable[[FilterSet], QuerySet], field: str = "", label_from: str = "",
                 apply: Callable[..., QuerySet] | None = None) -> None:  # fmt: skip
        def choices(filters: FilterSet) -> list[tuple[Any, Any]]:
            rows = queryset(filters)[: self.LIMIT]
            return [(str(row.pk), getattr(row, label_from) if label_from else str(row)) for row in rows]

        super().__init__(label, choices=choices, field=field, apply=apply)


class BooleanFilter(Filter):
    """A tick: only rows for which ``field`` is true (``apply`` for anything else)."""

    def form_field(self, filters: FilterSet) -> forms.Field:
        return forms.BooleanField(label=self.label, required=False)

    def apply(self, queryset: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
        return self._apply(queryset, filters) if self._apply else queryset.filter(**{self.field or self.name: True})

    def text(self, value: Any, filters: FilterSet) -> str:
        return str(self.label)


class DateRangeField(forms.MultiValueField):
    def __init__(self, **kwargs: Any) -> None:
        fields = (forms.DateField(required=False), forms.DateField(required=False))
        super().__init__(fields, require_all_fields=False, widget=DateRangeWidget(), **kwargs)

    def compress(self, data_list: list[Any]) -> tuple[Any, Any] | None:
        start, end = [*data_list, None, None][:2] if data_list else (None, None)
        if start and end and start > end:
            raise forms.ValidationError(_("开始日期晚于结束日期，请改正。"))
        return (start, end) if start or end else None


class DateRangeFilter(Filter):
    """From one day to another, both included, in local time."""

    def __init__(self, label: Any, *, field: str = "", is_date: bool = False,
                 apply: Callable[..., QuerySet] | None = None) -> None:  # fmt: skip
        super().__init__(label, field=field, apply=apply)
        self.is_date = is_date

    def form_field(self, filters: FilterSet) -> forms.Field:
        return DateRangeField(label=self.label, required=False)

    def apply(self, queryset: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
        if self._apply:
            return self._apply(queryset, value, filters)
        start, end = value
        name, conditions = self.field or self.name, {}
        if start:
            conditions[f"{name}__gte"] = start if self.is_date else _midnight(start)
        if end:
            conditions[f"{name}__lt"] = end + timedelta(days=1) if self.is_date else _midnight(end + timedelta(days=1))
        return queryset.filter(**conditions)

    def text(self, value: Any, filters: FilterSet) -> str:
        start, end = value
        return f"{self.label}：{cn_date(start) if start else ''}{_('至')}{cn_date(end) if end else ''}"


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class DateFilter(Filter):
    def form_field(self, filters: FilterSet) -> forms.Field:
        return forms.DateField(label=self.label, required=False, widget=DateInput())

    def text(self, value: Any, filters: FilterSet) -> str:
        return f"{self.label}：{cn_date(value)}"


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    remove_url: str


class FilterSet:
    """Declare filters as class attributes; ``class Meta: drawer = (names)`` moves some under “更多筛选”."""

    filters: ClassVar[dict[str, Filter]] = {}
    drawer: ClassVar[tuple[str, ...]] = ()
    keep: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found = dict(cls.filters)
        for name, value in list(vars(cls).items()):
            if isinstance(value, Filter):
                value.name = name
                found[name] = value
        cls.filters = found
        meta = cls.__dict__.get("Meta")
        cls.drawer = tuple(getattr(meta, "drawer", cls.drawer))
        cls.keep = tuple(getattr(meta, "keep", cls.keep))
        unknown = set(cls.drawer) - set(found)
        if unknown:
            raise TypeError(f"{cls.__name__}: drawer names unknown filters {sorted(unknown)}")

    def __init__(self, data: QueryDict | None = None, *, actor: Actor = PUBLIC, now: datetime | None = None,
                 **context: Any) -> None:  # fmt: skip
        self.data = data if data is not None else QueryDict()
        self.actor, self.now, self.context = actor, now or timezone.now(), context
        self._choices: dict[int, list[tuple[Any, Any]]] = {}

    def cached_choices(self, key: Filter, make: Callable[[], list[tuple[Any, Any]]]) -> list[tuple[Any, Any]]:
        if id(key) not in self._choices:
            self._choices[id(key)] = make()
        return self._choices[id(key)]

    @cached_property
    def form(self) -> forms.Form:
        fields = {name: f.form_field(self) for name, f in self.filters.items()}
        form_class = type("BoundFilters", (forms.Form,), fields)
        form = form_class(self.data, auto_id="filter_%s", use_required_attribute=False)
        for field in form.fields.values():
            field.widget.attrs.setdefault("class", _css(field.widget))
        form.is_valid()
        return form

    @property
    def errors(self) -> dict[str, Any]:
        return self.form.errors

    @cached_property
    def values(self) -> dict[str, Any]:
        """Filters in use with their cleaned values; invalid ones are left out and shown as errors."""
        return {n: v for n in self.filters if (v := self.form.cleaned_data.get(n)) not in (None, "", [], False)}

    @property
    def is_active(self) -> bool:
        return bool(self.values)

    def apply(self, queryset: QuerySet) -> QuerySet:
        """``queryset`` under all filters in use."""
        for name, value in self.values.items():
            queryset = self.filters[name].apply(queryset, value, self)
        return queryset

    @property
    def row_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.filters if name not in self.drawer]

    @property
    def drawer_fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in self.drawer]

    @property
    def drawer_active(self) -> int:
        return sum(1 for name in self.drawer if name in self.values)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parts of the query string that a new search keeps: sorting, page size, and what ``Meta.keep`` names."""
        return [(k, self.data[k]) for k in ("sort", "size", *self.keep) if self.data.get(k)]

    def _names(self, name: str) -> list[str]:
        return [name, f"{name}_0", f"{name}_1"]

    def _url_without(self, names: Iterable[str]) -> str:
        data = self.data.copy()
        for name in (*PAGING_KEYS, *(key for n in names for key in self._names(n))):
            data.pop(name, None)
        return f"?{data.urlencode()}"

    @property
    def chips(self) -> list[Chip]:
        return [Chip(self.filters[n].text(v, self), self._url_without([n])) for n, v in self.values.items()]

    @property
    def clear_url(self) -> str:
        return self._url_without(self.filters)


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
