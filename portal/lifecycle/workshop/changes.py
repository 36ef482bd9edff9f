"""What a saved page does to a definition. Pure: gives a new definition, never touches the old one."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.core.errors import Invalid
from portal.lifecycle.blueprints import labels
from portal.lifecycle.blueprints.labels import split_path
from portal.lifecycle.blueprints.structure import join
from portal.lifecycle.blueprints.validate_fields import ALLOWED_ON
from portal.lifecycle.blueprints.vocabulary import STAGE_ORDER
from portal.lifecycle.workshop import presets
from portal.lifecycle.workshop.pieces import Place, child, lists_of, place_of, value_at

REMOVED = object()
"""As a new value: the key goes, its default holds."""

Definition = dict[str, Any]
# Keys whose values are codes of questions; they follow when a question's code changes.
REFERENCES = frozenset(
    {
        "amount_field",
        "columns",
        "event_field",
        "field",
        "not_before",
        "post_field",
        "shown_fields",
        "similarity_fields",
        "subject_field",
        "trigger_fields",
        "unique_fields",
        "upload_field",
    }
)


@dataclass(frozen=True)
class Act:
    """A button beside a row: ``up``, ``down``, ``to`` (dragged before ``target``), ``remove``, ``add``; ``on``/``off``.

    ``list_path`` is relative to the page. ``target`` is the new index, or the preset of what is added (a field's type, a
    stage's kind).
    """

    kind: str
    list_path: str
    index: int = -1
    target: str = ""


def applied(definition: Mapping[str, Any], at: str, values: Mapping[str, Any], act: Act | None = None) -> Definition:
    """The definition after a page was saved: ``values`` maps paths within the page to new values or REMOVED.

    Raises Invalid when the page is no longer there, or the act does not fit it.
    """
    place = place_of(definition, at)
    if place is None or place.path != at:
        raise Invalid("这一部分已经不在草稿里了，请从左侧目录重新进入。")
    result = copy.deepcopy(dict(definition))
    for path, value in values.items():
        _put(result, join(place.base, path), value)
    _follow_codes(definition, result, place, values)
    _retype(result, place, values)
    if act is not None:
        _act(result, place, act)
    if result != definition:
        _describe_sources(result)
    return result


def _put(definition: Definition, path: str, value: Any) -> None:
    *way, last = split_path(path)
    here: Any = definition
    for part in way:
        step = child(here, part)
        if step is None:
            if value is REMOVED:
                return
            step = here[part] = {}
        here = step
    if value is REMOVED:
        here.pop(last, None)
    else:
        here[last] = value


def _retype(definition: Definition, place: Place, values: Mapping[str, Any]) -> None:
    """A question of another type loses what only the old type has, and gets what the new one needs."""
    for path in values:
        *way, last = split_path(join(place.base, path))
        owner = value_at(definition, join_parts(way))
        if last != "type" or not isinstance(owner, dict):
            continue
        for key, types in ALLOWED_ON.items():
            if owner["type"] not in types:
                owner.pop(key, None)
        for key, value in presets.needed_by(owner["type"]).items():
            owner.setdefault(key, value)


def join_parts(parts: list[str | int]) -> str:
    """Reverse of ``split_path``."""
    path = ""
    for part in parts:
        path = f"{path}[{part}]" if isinstance(part, int) else join(path, part)
    return path


def _follow_codes(old: Mapping[str, Any], new: Definition, place: Place, values: Mapping[str, Any]) -> None:
    """Who refers to a question by its code keeps doing so when the code changes."""
    for path, value in values.items():
        full = join(place.base, path)
        if not full.startswith("sections") or not full.endswith("].code") or ".columns[" in full:
            continue
        before = value_at(old, full)
        if ".fields[" in full and before and value is not REMOVED:
            _rename(new, str(before), str(value))


def _rename(value: Any, before: str, after: str) -> None:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        if isinstance(inner, dict | list):
            if key in REFERENCES and isinstance(inner, list):
                value[key] = [after if item == before else item for item in inner]
            _rename(value[key], before, after)
        elif key in REFERENCES and inner == before:
            value[key] = after
        elif isinstance(inner, str) and f"{{{before}}}" in inner:
            value[key] = inner.replace(f"{{{before}}}", f"{{{after}}}")


# --- acts on lists -------------------------------------------------------------------------------------
def _act(definition: Definition, place: Place, act: Act) -> None:
    if act.kind in {"on", "off"}:
        _switch(definition, act)
        return
    known = {path: item_class for path, item_class, _items in lists_of(place)}
    if act.list_path not in known:
        raise Invalid("这里没有可以调整的清单。")
    full = join(place.base, act.list_path)
    items = value_at(definition, full)
    if items is None:
        items = []
        _put(definition, full, items)
    if act.kind == "add":
        items.append(presets.new_item(known[act.list_path], definition, full, act.target))
        return
    order = list(range(len(items)))
    if act.index not in order:
        raise Invalid("这一行已经不在了，请刷新页面后重试。")
    _arrange(definition, full, _new_order(order, act))
    if not value_at(definition, full) and "." in full:
        _put(definition, full, REMOVED)


def _new_order(order: list[int], act: Act) -> list[int]:
    order.remove(act.index)
    places = {"up": max(act.index - 1, 0), "down": act.index + 1}
    if act.kind in places:
        order.insert(places[act.kind], act.index)
    elif act.kind == "to":
        if not act.target.isdigit():
            raise Invalid("没有说明移到哪里。")
        order.insert(int(act.target), act.index)
    elif act.kind != "remove":
        raise Invalid("不认识的操作。")
    return order


def _arrange(definition: Definition, full: str, order: list[int]) -> None:
    """The list in a new order (old indices; what is missing is removed); the words about its items move along."""
    items = value_at(definition, full)
    items[:] = [items[index] for index in order]
    moved = {f"{full}[{old}]": f"{full}[{new}]" for new, old in enumerate(order)}
    kept = []
    for row in definition.get("provenance", ()):
        head, bracket, tail = row["path"].removeprefix(full + "[").partition("]")
        if not row["path"].startswith(full + "[") or not bracket:
            kept.append(row)
        elif f"{full}[{head}]" in moved:
            kept.append(row | {"path": moved[f"{full}[{head}]"] + tail})
    if "provenance" in definition:
        definition["provenance"] = kept


def _switch(definition: Definition, act: Act) -> None:
    """A stage on or off; stages stand in their fixed order."""
    kind = act.target
    if kind not in STAGE_ORDER:
        raise Invalid("没有这个环节。")
    stages = definition.setdefault("stages", [])
    there = [index for index, stage in enumerate(stages) if stage.get("kind") == kind]
    if act.kind == "off" and there:
        _arrange(definition, "stages", [index for index in range(len(stages)) if index not in there])
    if act.kind == "on" and not there:
        stages.append(presets.new_stage(kind))
        rank = [STAGE_ORDER.index(stage["kind"]) for stage in stages]
        _arrange(definition, "stages", sorted(range(len(stages)), key=lambda index: rank[index]))


# --- where values come from ------------------------------------------------------------------------------
def _describe_sources(definition: Definition) -> None:
    """Names and values in the list of sources follow the definition."""
    for row in definition.get("provenance", ()):
        row["label"] = labels.path_in_words(definition, row["path"])
        row["value"] = labels.value_in_words(value_at(definition, row["path"]), row["path"])


def with_source(definition: Mapping[str, Any], path: str, *, source: str, note: str, confirm: bool) -> Definition:
    """The definition with what is said about ``path``; saying nothing takes the row away."""
    result = copy.deepcopy(dict(definition))
    rows = [row for row in result.get("provenance", ()) if row["path"] != path]
    before = next((row for row in result.get("provenance", ()) if row["path"] == path), None)
    if source or note or confirm:
        said = {"path": path, "value": "", "source": source, "note": note, "confirm": confirm, "label": ""}
        if before is None:
            rows.append(said)
        else:
            rows.insert(result["provenance"].index(before), before | said)
    result["provenance"] = rows
    if not rows:
        del result["provenance"]
    _describe_sources(result)
    return result
