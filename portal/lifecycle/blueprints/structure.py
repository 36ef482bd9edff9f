"""Plain data ↔ dataclasses, guided by the type hints. Knows nothing of blueprints; collects every error with its path."""

from __future__ import annotations

import dataclasses
import difflib
import enum
import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong, and where: ``stages[3].rubric[1].weight``."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class BlueprintInvalid(ValueError):
    """The definition does not fit; ``errors`` holds every problem, not only the first."""

    def __init__(self, errors: list[Problem]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


MISSING = object()
"""Returned by a converter that has reported a problem and has nothing to give."""


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


@functools.cache
def _fields(cls: type) -> tuple[dataclasses.Field, ...]:
    return dataclasses.fields(cls)


def key_of(spec: dataclasses.Field) -> str:
    """Name of the attribute in TOML and JSON."""
    return spec.metadata.get("key", spec.name)


def join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def build(cls: type, data: Any, path: str, problems: list[Problem]) -> Any:
    """Make a ``cls`` from plain data; every misfit is appended to ``problems``.

    Returns an instance even then, with defaults in place of what does not fit, so that later checks can report their
    problems in the same breath; MISSING when a required value is absent. No problems means a faithful instance.
    """
    if not isinstance(data, Mapping):
        problems.append(Problem(path, _("应为一组键值，现为 %s") % _kind_of(data)))
        return MISSING
    values: dict[str, Any] = {}
    used: set[str] = set()
    variants = [spec for spec in _fields(cls) if "variants" in spec.metadata]
    for spec in _fields(cls):
        if spec in variants:
            continue
        key = key_of(spec)
        used.add(key)
        if key in data:
            values[spec.name] = convert(_hints(cls)[spec.name], data[key], join(path, key), problems)
        elif _is_required(spec):
            values[spec.name] = MISSING
            problems.append(Problem(join(path, key), _("缺少此项")))
    for spec in variants:
        values[spec.name] = _build_variant(spec, data, used, path, problems)
    if not variants:
        _report_unknown(data, used, path, problems)
    if any(values.get(spec.name) is MISSING and _is_required(spec) for spec in _fields(cls)):
        return MISSING
    return cls(**{name: value for name, value in values.items() if value is not MISSING})


def _build_variant(
    spec: dataclasses.Field, data: Mapping[str, Any], used: set[str], path: str, problems: list[Problem]
) -> Any:
    """The rest of the keys belongs to the dataclass chosen by another key."""
    target = spec.metadata["variants"].get(data.get(spec.metadata["by"]))
    if target is None:  # the wrong kind itself has been reported
        return MISSING
    # A key that both know (a notice's working days are also the stage's length) goes to both.
    own = {key_of(inner) for inner in _fields(target)}
    return build(target, {key: value for key, value in data.items() if key in own or key not in used}, path, problems)


def _report_unknown(data: Mapping[str, Any], used: set[str], path: str, problems: list[Problem]) -> None:
    for key in data:
        if key not in used:
            near = difflib.get_close_matches(key, used, n=1)
            hint = _("，是否为 %s？") % near[0] if near else _("，可用：%s") % "、".join(sorted(used))
            problems.append(Problem(join(path, key), _("不认识的键") + hint))


def _is_required(spec: dataclasses.Field) -> bool:
    return spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING


def convert(hint: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    """Turn one plain value into what ``hint`` asks for; reports a problem when it does not fit."""
    origin = typing.get_origin(hint)
    if origin in {types.UnionType, typing.Union}:
        inner = next(arg for arg in typing.get_args(hint) if arg is not type(None))
        return None if value is None else convert(inner, value, path, problems)
    if origin is not None:
        converter = _convert_list if origin is tuple else _convert_map
        return converter(typing.get_args(hint), value, path, problems)
    if dataclasses.is_dataclass(hint):
        return build(hint, value, path, problems)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return _convert_enum(hint, value, path, problems)
    return _convert_scalar(hint, value, path, problems)


def _convert_list(args: tuple[Any, ...], value: Any, path: str, problems: list[Problem]) -> Any:
    if not isinstance(value, list | tuple):
        problems.append(Problem(path, _("应为列表，现为 %s") % _kind_of(value)))
        return MISSING
    items = tuple(convert(args[0], item, f"{path}[{index}]", problems) for index, item in enumerate(value))
    return MISSING if any(item is MISSING for item in items) else items


def _convert_map(args: tuple[Any, ...], value: Any, path: str, problems: list[Problem]) -> Any:
    if not isinstance(value, Mapping):
        problems.append(Problem(path, _("应为一组键值，现为 %s") % _kind_of(value)))
        return MISSING
    items = {str(key): convert(args[1], item, join(path, str(key)), problems) for key, item in value.items()}
    return MISSING if any(item is MISSING for item in items.values()) else items


def _convert_enum(hint: type[enum.Enum], value: Any, path: str, problems: list[Problem]) -> Any:
    try:
        return hint(value)
    except ValueError:
        allowed = "、".join(str(member.value) for member in hint)
        problems.append(Problem(path, _("“%(value)s”不可用，可选：%(allowed)s") % {"value": value, "allowed": allowed}))
        return MISSING


def _convert_scalar(hint: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    if hint is bool and isinstance(value, bool):
        return value
    if hint is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if hint is str and isinstance(value, str):
        return value
    if hint is Decimal and isinstance(value, int | str | Decimal) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    wanted = {bool: _("是或否"), int: _("整数"), str: _("文字"), Decimal: _("数字")}[hint]
    problems.append(Problem(path, _("应为%(wanted)s，现为 %(found)s") % {"wanted": wanted, "found": _kind_of(value)}))
    return MISSING


def _kind_of(value: Any) -> str:
    if value is None:
        return _("空")
    if isinstance(value, bool):
        return _("是或否")
    if isinstance(value, int | float | Decimal):
        return _("数字 %s") % value
    if isinstance(value, str):
        return _("文字“%s”") % value
    if isinstance(value, Mapping):
        return _("一组键值")
    return _("列表") if isinstance(value, list | tuple) else type(value).__name__


def build_or_raise(cls: type, data: Mapping[str, Any]) -> Any:
    """``build``, or BlueprintInvalid with every problem."""
    problems: list[Problem] = []
    result = build(cls, data, "", problems)
    if problems:
        raise BlueprintInvalid(problems)
    return result


def dump(instance: Any) -> dict[str, Any]:
    """A dataclass as JSON primitives, complete: only what is empty by default is left out.

    So a stored definition keeps its meaning when a default changes later. What a dataclass calls ``derived_keys`` follows
    from the rest and is left out.
    """
    result: dict[str, Any] = {}
    derived = instance.derived_keys() if hasattr(instance, "derived_keys") else frozenset()
    for spec in _fields(type(instance)):
        if spec.name in derived:
            continue
        value = getattr(instance, spec.name)
        if "variants" in spec.metadata:
            result |= dump(value)
        elif not (_is_empty(value) and value == _default(spec)):
            result[key_of(spec)] = _plain(value)
    return result


def _default(spec: dataclasses.Field) -> Any:
    if spec.default_factory is not dataclasses.MISSING:
        return spec.default_factory()
    return spec.default


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | tuple | Mapping) and not value)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return dump(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value
