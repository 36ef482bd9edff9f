"""Places of a definition: ``sections[0].fields[2]`` → the data there, its dataclass, the page on which it is edited.

Pure. The dataclasses of ``blueprints`` are the only description of what may stand where, so a key that is added to the
schema appears in the workshop by itself.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal.lifecycle.blueprints.labels import split_path
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.stages import PARAMS_BY_KIND, Condition, Stage
from portal.lifecycle.blueprints.structure import join, key_of

NOT_EDITED = frozenset({"schema", "provenance"})
MAX_CELLS = 6  # a row with more keys gets a page of its own


@dataclass(frozen=True)
class Key:
    """One key of a dataclass as JSON has it. ``inner`` is the hint without “or None”."""

    name: str
    inner: Any
    optional: bool
    required: bool
    default: Any

    @property
    def origin(self) -> Any:
        return typing.get_origin(self.inner)

    @property
    def item(self) -> Any:
        """What a list holds; None when it is no list."""
        return typing.get_args(self.inner)[0] if self.origin is tuple else None

    @property
    def is_condition(self) -> bool:
        return self.inner is Condition

    @property
    def is_group(self) -> bool:
        return dataclasses.is_dataclass(self.inner) and not self.is_condition

    @property
    def is_list(self) -> bool:
        """A list of things that have keys of their own (not of words)."""
        return self.item is not None and dataclasses.is_dataclass(self.item)

    @property
    def is_enum(self) -> bool:
        return isinstance(self.inner, type) and issubclass(self.inner, enum.Enum)


@functools.cache
def _own_keys(cls: type) -> tuple[Key, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(_key(spec, hints[spec.name]) for spec in dataclasses.fields(cls) if "variants" not in spec.metadata)


def _key(spec: dataclasses.Field, hint: Any) -> Key:
    arms = typing.get_args(hint) if typing.get_origin(hint) in {types.UnionType, typing.Union} else (hint,)
    default = spec.default
    if spec.default_factory is not dataclasses.MISSING:
        default = spec.default_factory()
    required = default is dataclasses.MISSING
    return Key(
        name=key_of(spec),
        inner=next(arm for arm in arms if arm is not type(None)),
        optional=type(None) in arms,
        required=required,
        default=None if required else default,
    )


def keys_of(cls: type, data: Mapping[str, Any]) -> tuple[Key, ...]:
    """The keys that ``data`` of this class may have; a stage has those of its kind beside the common ones."""
    own = _own_keys(cls)
    if cls is not Stage:
        return own
    params = PARAMS_BY_KIND.get(data.get("kind", ""))
    more = _own_keys(params) if params else ()
    names = {key.name for key in more}
    return (*(key for key in own if key.name not in names), *more)


def is_flat(cls: type) -> bool:
    """Whether an item fits into one row of its list's table, so that it needs no page of its own."""
    keys = _own_keys(cls)
    if any("variants" in spec.metadata for spec in dataclasses.fields(cls)):
        return False
    return len(keys) <= MAX_CELLS and not any(key.is_condition or key.is_group or key.is_list for key in keys)


@dataclass(frozen=True)
class Place:
    """A page of the workshop: the object or the list at ``path``."""

    path: str
    cls: type
    data: Any
    list_key: str = ""  # set for the lists that stand at the top (sections, tracks, documents …)

    @property
    def keys(self) -> tuple[Key, ...]:
        if self.list_key:
            return tuple(key for key in _own_keys(Blueprint) if key.name == self.list_key)
        return keys_of(self.cls, self.data)

    @property
    def base(self) -> str:
        """Path that the keys of the page hang on."""
        return "" if self.list_key else self.path


def root_keys() -> tuple[Key, ...]:
    """The parts of a definition in the order in which the schema names them."""
    return tuple(key for key in _own_keys(Blueprint) if key.name not in NOT_EDITED)


def child(value: Any, part: str | int) -> Any:
    """The value at one step; None when nothing is there."""
    if isinstance(part, int):
        return value[part] if isinstance(value, list | tuple) and 0 <= part < len(value) else None
    return value.get(part) if isinstance(value, Mapping) else None


def value_at(definition: Mapping[str, Any], path: str) -> Any:
    """The value at ``path``; None when nothing is there."""
    here: Any = definition
    for part in split_path(path):
        here = child(here, part)
    return here


def place_of(definition: Mapping[str, Any], path: str) -> Place | None:
    """The page on which ``path`` is edited: the nearest object or list that has one. None when there is no such part."""
    found: Place | None = None
    cls: Any = Blueprint
    here: Any = definition
    walked = ""
    for part in split_path(path):
        if isinstance(part, int):
            here, walked = child(here, part), f"{walked}[{part}]"
            if here is None:
                break
            if not is_flat(cls):
                found = Place(walked, cls, here)
            continue
        key = next((k for k in keys_of(cls, here or {}) if k.name == part), None)
        if key is None or (cls is Blueprint and part in NOT_EDITED):
            break
        at_top, walked, here = cls is Blueprint, join(walked, part), child(here, part)
        cls = key.item if key.is_list else key.inner
        if at_top:
            found = Place(walked, cls, here or [], list_key=part) if key.is_list else Place(walked, cls, here or {})
        if not dataclasses.is_dataclass(cls) or key.is_condition:
            break
    return found


def normal_path(definition: Mapping[str, Any], path: str) -> str:
    """The validator names some stages by kind: ``stages.notice.contact`` → ``stages[4].contact``."""
    parts = path.split(".", 2)
    if len(parts) > 1 and parts[0] == "stages":
        for index, stage in enumerate(definition.get("stages", ())):
            if stage.get("kind") == parts[1]:
                return ".".join([f"stages[{index}]", *parts[2:]])
    return path


def places(definition: Mapping[str, Any]) -> Iterator[Place]:
    """Every page of the workshop for this definition, from the top down."""
    for key in root_keys():
        place = place_of(definition, key.name)
        if place is not None:
            yield place
            yield from _below(definition, place)


def _below(definition: Mapping[str, Any], place: Place) -> Iterator[Place]:
    for path, item_class, items in lists_of(place):
        if is_flat(item_class):
            continue
        for index in range(len(items)):
            inner = place_of(definition, f"{join(place.base, path)}[{index}]")
            if inner is not None:
                yield inner
                yield from _below(definition, inner)


def lists_of(place: Place) -> Iterator[tuple[str, type, list[Any]]]:
    """``(path within the page, class of the items, items)`` of the lists on the page, those of groups included."""
    if place.list_key:
        yield place.list_key, place.cls, list(place.data or ())
        return
    yield from _lists("", place.keys, place.data)


def _lists(prefix: str, keys: tuple[Key, ...], data: Mapping[str, Any]) -> Iterator[tuple[str, type, list[Any]]]:
    for key in keys:
        here = data.get(key.name)
        if key.is_list:
            yield join(prefix, key.name), key.item, list(here or ())
        elif key.is_group and (here is not None or not key.optional):
            yield from _lists(join(prefix, key.name), keys_of(key.inner, here or {}), here or {})
