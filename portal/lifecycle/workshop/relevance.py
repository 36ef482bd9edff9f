"""Which keys a page shows: those that do something for the chosen type, method or rule, and those that are set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.lifecycle.blueprints.schema import (
    DocumentSpec,
    FieldSpec,
    HonourInfo,
    ProgrammeInfo,
    Ratio,
    Section,
)
from portal.lifecycle.blueprints.stages import Criterion, OpinionRequest, Stage
from portal.lifecycle.blueprints.validate_fields import ALLOWED_ON
from portal.lifecycle.blueprints.validate_review import RUBRIC_METHODS
from portal.lifecycle.blueprints.validate_selection import UNUSED
from portal.lifecycle.blueprints.vocabulary import COLUMN_TYPES, SHEET_METHODS, FieldType, ReviewMethod
from portal.lifecycle.workshop.pieces import Key, Place, is_flat, keys_of

Data = Mapping[str, Any]

# What a list shows of items that have a page of their own.
ROW_KEYS: Mapping[type, tuple[str, ...]] = {
    Section: ("title",),
    FieldSpec: ("label", "type", "required"),
    Criterion: ("title", "weight", "max_score", "core"),
    DocumentSpec: ("title", "kind"),
    Ratio: ("title", "at_least", "at_most"),
    OpinionRequest: ("department", "form"),
}
NOT_ON_COLUMNS = frozenset({"columns", "row_rules", "visible_when", "prefill", "publish_as", "template", "text"})
MARKS_OF_PANELS = frozenset({"trim_from", "trim_each", "outlier_points", "balance", "conflicts", "show_marks_after"})
PARTS_OF_METHODS: Mapping[str, frozenset[str]] = {
    "rubric": RUBRIC_METHODS,
    "checklist": frozenset({ReviewMethod.CHECKLIST}),
    "meeting": SHEET_METHODS,
    "codes": frozenset({ReviewMethod.IMPORTED_MARKS}),
}
SIMPLE_ROW = 5


def is_column(place: Place, path: str = "") -> bool:
    return ".columns[" in place.path or path.endswith("columns")


def types_for(place: Place, path: str = "") -> list[tuple[str, Any]]:
    """Types of a question; a column of a table may be fewer."""
    narrow = is_column(place, path)
    return [(str(t.value), t.label) for t in FieldType if not narrow or t in COLUMN_TYPES]


def row_keys(cls: type) -> list[Key]:
    """The cells of an item in its list's table."""
    keys = {key.name: key for key in keys_of(cls, {})}
    chosen = ROW_KEYS.get(cls)
    if chosen is not None:
        return [keys[name] for name in chosen]
    simple = [k for k in keys.values() if not (k.is_condition or k.is_group or k.is_list)]
    if is_flat(cls):  # codes last: people rarely need them
        return sorted(simple, key=lambda key: key.name in {"code", "value"})
    small = [k for k in simple if k.name not in {"code", "help"} and k.origin is None]
    return small[:SIMPLE_ROW]


def is_shown(cls: type, name: str, data: Data, place: Place) -> bool:
    """Whether the page has a control for this key."""
    if data.get(name) not in (None, "", [], {}, False, 0):
        return not (cls is Stage and name == "kind")
    if cls is FieldSpec:
        return _of_question(name, data, place)
    if cls is Stage:
        return _of_stage(name, data)
    if cls is ProgrammeInfo and name == "every_years":
        return data.get("cadence") == "every_years"
    if cls is ProgrammeInfo and name in {"first_year", "cycle_start"}:
        return data.get("cadence") in {"annual", "every_years"}
    return not (cls is HonourInfo and name == "cash_allowed" and data.get("class", "naming") == "naming")


def _of_question(name: str, data: Data, place: Place) -> bool:
    if is_column(place) and name in NOT_ON_COLUMNS:
        return False
    if name == "pattern_message":
        return bool(data.get("pattern"))
    return name not in ALLOWED_ON or data.get("type") in ALLOWED_ON[name]


def _of_stage(name: str, data: Data) -> bool:
    kind = data.get("kind")
    if name == "kind":
        return False
    if kind == "selection":
        return name not in UNUSED.get(data.get("rule", ""), ())
    if kind == "review":
        method = data.get("method", ReviewMethod.RUBRIC_PANEL)
        if name in PARTS_OF_METHODS:
            return method in PARTS_OF_METHODS[name]
        if name in MARKS_OF_PANELS or name == "blind":
            return method != ReviewMethod.IMPORTED_MARKS
    return True
