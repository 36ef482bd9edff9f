"""Forms of the workshop. The form of a page is made from the dataclass that stands at its place."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.labels import name_of
from portal.lifecycle.blueprints.structure import join
from portal.lifecycle.blueprints.validate import KEBAB
from portal.lifecycle.blueprints.vocabulary import CadenceKind, SubjectKind
from portal.lifecycle.engine.registry import registry
from portal.lifecycle.workshop import controls, words
from portal.lifecycle.workshop.changes import REMOVED
from portal.lifecycle.workshop.pieces import Key, Place, is_flat, keys_of
from portal.lifecycle.workshop.relevance import is_shown, row_keys, types_for
from portal.web.forms import BaseForm

REASON_MAX = 300
HALF_CHOICES = 8  # more boxes than that need the whole width
LAST = frozenset({"code"})  # people rarely need it


@dataclass(frozen=True)
class Row:
    """One item of a list with the cells that are edited in the table; ``open_path`` is its own page, if it has one."""

    index: int
    name: str
    cells: list[Any]
    open_path: str = ""


@dataclass(frozen=True)
class Part:
    """A block of the page: fields, or a list. ``switch`` turns an optional block on and off."""

    title: Any = ""
    path: str = ""
    fields: list[Any] = field(default_factory=list)
    switch: Any = None
    is_list: bool = False
    heads: list[Any] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    presets: list[tuple[str, Any]] = field(default_factory=list)
    sum_of: str = ""
    add_label: Any = ""
    about: Any = ""


def plain_default(key: Key) -> Any:
    """The default of a key as the definition would write it."""
    value = key.default
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return [item.value if isinstance(item, enum.Enum) else item for item in value]
    return value


def control(
    key: Key, cls: type, path: str, *, definition: Mapping[str, Any], place: Place, data: Mapping[str, Any]
) -> Any:
    """The form field of one key."""
    common = {"label": words.label_of(key.name, cls), "help_text": words.help_of(cls, key.name)}
    old = data.get(key.name, plain_default(key))
    if key.is_condition:
        return controls.ConditionKey(questions=words.siblings(definition, place), **common)
    options = _options(key, path, definition, place)
    if key.origin is not None:
        return _several(key, old, options, common)
    if options is not None:
        blank = not (key.is_enum and (key.required or old not in (None, "")))
        return controls.OneKey(options=options, blank=blank, kept=old, **common)
    if key.inner in _SIMPLE:
        return _SIMPLE[key.inner](**common)
    return controls.TextKey(long=key.name in words.LONG, tall=key.name in words.TALL, **common)


_SIMPLE: Mapping[Any, Any] = {bool: controls.BoolKey, int: controls.IntKey, Decimal: controls.DecimalKey}


def _options(key: Key, path: str, definition: Mapping[str, Any], place: Place) -> Any:
    """What may be chosen for a word or a list of words; None when anything may be written."""
    if key.is_enum:
        return types_for(place, path) if key.name == "type" else _members(key.inner)
    if key.origin is tuple:
        if isinstance(key.item, type) and issubclass(key.item, enum.Enum):
            return _members(key.item)
        return words.some_of(definition, key.name)
    return words.one_of(definition, place, key.name) if key.inner is str else None


def _members(kind: Any) -> list[tuple[str, Any]]:
    return [(str(member.value), getattr(member, "label", member.value)) for member in kind]


def _several(key: Key, old: Any, options: Any, common: dict[str, Any]) -> Any:
    if key.origin is not tuple:
        return controls.PairsKey(**common) if key.name == "special" else controls.LevelsKey(**common)
    if options is None:
        return controls.LinesKey(tall=key.name in words.TALL, **common)
    if key.name == "ties":  # the first decides first
        return controls.RankedKey(options=options, **common)
    return controls.SomeKey(options=options, kept=old or (), **common)


class PageForm(BaseForm):
    """The form of one place. ``values()`` are the changes only, so that saving an untouched page changes nothing."""

    def __init__(
        self, data: Any = None, *, definition: Mapping[str, Any], place: Place, fixed_code: bool = False
    ) -> None:
        self.definition, self.place, self.fixed_code = definition, place, fixed_code
        self.entries: dict[str, tuple[str, Any]] = {}  # name of the form field → (path within the page, old value)
        self.switches: dict[str, str] = {}
        self.base_fields: dict[str, forms.Field] = {}
        self._parts: list[dict[str, Any]] = []
        self._collect("", "", place.keys, place.cls, {} if place.list_key else place.data)
        initial = {name: self.base_fields[name].to_initial(old) for name, (_path, old) in self.entries.items()}
        super().__init__(data, initial=initial)

    # --- what stands on the page --------------------------------------------------------------------------
    def _collect(
        self, title: Any, prefix: str, keys: Any, cls: type, data: Mapping[str, Any], *, switch: str = ""
    ) -> None:
        part: dict[str, Any] = {"title": title, "path": prefix, "names": [], "switch": switch}
        self._parts.append(part)
        place = self.place
        for key in sorted(keys, key=lambda key: key.name in LAST):
            path = join(prefix, key.name)
            if not place.list_key and not is_shown(cls, key.name, data, place):
                continue
            if key.is_list:
                self._list(path, key, place.data if place.list_key else data.get(key.name) or [])
            elif key.is_group:
                self._group(path, key, data.get(key.name))
            elif not self._is_idle(path, key, data):
                part["names"].append(self._add(path, key, cls, data))

    def _is_idle(self, path: str, key: Key, data: Mapping[str, Any]) -> bool:
        """A control that could do nothing: the code of a programme that exists, a choice of nothing."""
        if self.fixed_code and path == "code" and self.place.path == "programme":
            return True
        return _options(key, path, self.definition, self.place) == [] and not data.get(key.name)

    def _group(self, path: str, key: Key, data: Mapping[str, Any] | None) -> None:
        title, switch = words.label_of(key.name), ""
        if key.optional:
            switch = f"{path.replace('.', '__')}__on"
            self.base_fields[switch] = controls.BoolKey(label=_("启用“%s”") % title)
            self.entries[switch] = (path, data is not None)
            self.switches[switch] = path
        if data is not None or not key.optional:
            self._collect(title, path, keys_of(key.inner, data or {}), key.inner, data or {}, switch=switch)
        else:
            self._parts.append({"title": title, "path": path, "names": [], "switch": switch})

    def _list(self, path: str, key: Key, items: list[Mapping[str, Any]]) -> None:
        chosen = row_keys(key.item) if path != "stages" else []  # stages are switched, not edited in a table
        rows = []
        for index, item in enumerate(items):
            row = name_of(item, str(index + 1))
            names = [self._add(f"{path}[{index}].{k.name}", k, key.item, item) for k in chosen]
            rows.append((index, row, names))
            for name, k in zip(names, chosen, strict=True):
                self.base_fields[name].widget.attrs["aria-label"] = f"{row} · {words.label_of(k.name)}"
        self._parts.append(
            {
                "title": words.label_of(key.name),
                "path": path,
                "is_list": True,
                "heads": [words.label_of(k.name) for k in chosen],
                "rows": rows,
                "flat": is_flat(key.item),
                "presets": types_for(self.place, path) if key.name in {"fields", "columns"} else [],
                "sum_of": "weight" if any(k.name == "weight" for k in chosen) else "",
            }
        )

    def _add(self, path: str, key: Key, cls: type, data: Mapping[str, Any]) -> str:
        name = path.replace(".", "__").replace("[", "__").replace("]", "")
        made = control(key, cls, path, definition=self.definition, place=self.place, data=data)
        if not isinstance(made.widget, forms.Textarea | controls.LabelledWidget | controls.ConditionWidget) and (
            not isinstance(made, controls.SomeKey) or len(made.choices) <= HALF_CHOICES
        ):
            made.span = "half"
        if key.name == "weight":
            made.widget.attrs["data-weight"] = True
        self.base_fields[name] = made
        self.entries[name] = (path, data.get(key.name, plain_default(key)))
        return name

    def parts(self) -> Iterator[Part]:
        """The blocks with bound fields, for the template."""
        for part in self._parts:
            if part.get("is_list"):
                yield self._bound_list(part)
            elif part["names"] or part["switch"]:
                bound = [self[name] for name in part["names"]]
                switch = self[part["switch"]] if part["switch"] else None
                yield Part(part["title"], part["path"], bound, switch)

    def _bound_list(self, part: Mapping[str, Any]) -> Part:
        full = join(self.place.base, part["path"])
        rows = [
            Row(index, name, [self[n] for n in names], "" if part["flat"] else f"{full}[{index}]")
            for index, name, names in part["rows"]
        ]
        return Part(
            part["title"],
            part["path"],
            is_list=True,
            heads=part["heads"],
            rows=rows,
            presets=part["presets"],
            sum_of=part["sum_of"],
            add_label=words.add_label(part["path"].rpartition(".")[2]),
            about=words.about(part["path"]) if self.place.list_key else "",
        )

    # --- what is saved ------------------------------------------------------------------------------------
    def shown_names(self) -> str:
        """Goes out with the page and comes back: only what the page really showed may be changed by it."""
        return " ".join(self.entries)

    def values(self) -> dict[str, Any]:
        """Changed values by their path within the page; REMOVED for what was emptied or switched off."""
        found: dict[str, Any] = {}
        shown = set(self.data.get("_names", "").split())
        for name, (path, old) in self.entries.items():
            if name not in shown:
                continue
            new = self.base_fields[name].to_plain(self.cleaned_data.get(name), old)
            if controls.is_same(old, new):
                continue
            if name in self.switches:
                found[path] = {} if new else REMOVED
            else:
                found[path] = REMOVED if new in (None, "", [], {}) else new
        gone = [path for name, path in self.switches.items() if found.get(path) is REMOVED]
        return {path: new for path, new in found.items() if not any(path.startswith(f"{g}.") for g in gone)}

    def show_problems(self, found: Mapping[str, list[str]]) -> None:
        """The validator's messages beside their controls, on a page that is only shown."""
        if not self.is_bound:
            self._errors = ErrorDict({name: ErrorList(messages) for name, messages in found.items()})

    def name_of_path(self, path: str) -> str:
        """Name of the form field that holds ``path`` (within the page), or the nearest one; empty when there is none."""
        names = {entry: name for name, (entry, _old) in self.entries.items()}
        while path and path not in names:
            path = path.rpartition("." if path.rfind(".") > path.rfind("[") else "[")[0]
        return names.get(path, "")


class SourceForm(BaseForm):
    """Where a value comes from, and whether the federation still has to confirm it."""

    source = forms.CharField(label=_("依据"), max_length=300, required=False)
    note = forms.CharField(label=_("备注"), max_length=300, required=False)
    confirm = forms.BooleanField(label=_("仍待市总工会确认"), required=False)


class _NamedForm(BaseForm):
    title = forms.CharField(label=_("项目名称"), max_length=120)
    code = forms.RegexField(
        KEBAB,
        label=_("代码"),
        max_length=60,
        help_text=_("小写字母、数字和连字符，如 worker-video；发布后不能改。"),
        error_messages={"invalid": _("只能用小写字母、数字和连字符，以字母开头。")},
    )


class FromNothingForm(_NamedForm):
    pillar = forms.ChoiceField(label=_("板块"))
    subject = forms.ChoiceField(label=_("评选对象"), choices=SubjectKind.choices, widget=forms.RadioSelect)
    cadence = forms.ChoiceField(label=_("周期"), choices=CadenceKind.choices, widget=forms.RadioSelect)
    year = forms.IntegerField(label=_("首届年份"), min_value=2021, max_value=2099)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pillar"].choices = [(code, str(pillar.title)) for code, pillar in registry.pillars.items()]


class FromCopyForm(_NamedForm):
    blueprint = forms.ModelChoiceField(label=_("以哪个项目为样本"), queryset=None, empty_label=_("请选择项目"))
    field_order = ("blueprint", "title", "code")

    def __init__(self, *args: Any, blueprints: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blueprint"].queryset = blueprints
        self.fields["blueprint"].label_from_instance = lambda row: f"{row.programme.title}（第{row.version}版）"


class OfProgrammeForm(BaseForm):
    programme = forms.ModelChoiceField(label=_("项目"), queryset=None, empty_label=_("请选择项目"))

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes


class PublishForm(BaseForm):
    reason = forms.CharField(
        label=_("修改说明"),
        max_length=REASON_MAX,
        help_text=_("写明改了什么、为什么改；随版本长期保存，各级工会都能看到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
