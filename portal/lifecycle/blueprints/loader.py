"""TOML → Blueprint, and Blueprint ↔ JSON definition.

In TOML every table may say where its values come from (``source``, ``note``) and that the federation still has to confirm
them: ``confirm = true`` (the table as a whole) or ``confirm = ["places", "reserves"]`` (some of its keys). A single value
may carry the same: ``days = { value = 30, source = "…", confirm = true }``. All of it is gathered in ``provenance``.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints import labels
from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.structure import BlueprintInvalid, Problem, build, dump, join
from portal.lifecycle.blueprints.upgrade import upgrade
from portal.lifecycle.blueprints.validate import Known, problems

__all__ = ["BlueprintInvalid", "Problem"]

_SOURCE_KEYS = frozenset({"source", "confirm", "note"})
PILLARS = ("competitions", "innovations", "safety", "awards")
PROJECT_ROOT = Path(__file__).resolve().parents[3]


def programme_files() -> list[Path]:
    """The programme files of all pillars, in a stable order."""
    return sorted(path for pillar in PILLARS for path in (PROJECT_ROOT / pillar / "programmes").glob("*.toml"))


def load_file(path: Path | str, *, known: Known | None = None) -> Blueprint:
    """Read and check one programme file. Raises BlueprintInvalid with every problem found."""
    return load_text(Path(path).read_text(encoding="utf-8"), known=known)


def load_text(text: str, *, known: Known | None = None) -> Blueprint:
    """Read and check TOML. Raises BlueprintInvalid with every problem found."""
    return from_definition(definition_from_toml(text), known=known)


def definition_from_toml(text: str) -> dict[str, Any]:
    """TOML as a plain definition with its provenance list; raises BlueprintInvalid on broken TOML."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise BlueprintInvalid([Problem("", _("不是有效的 TOML：%s") % error)]) from error
    return extract_provenance(raw)


def extract_provenance(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Separate the values from the words about them (see the module's docstring)."""
    rows: list[dict[str, Any]] = list(raw.get("provenance", ()))
    plain = _strip({key: value for key, value in raw.items() if key != "provenance"}, "", rows)
    for row in rows:
        row["label"] = labels.path_in_words(plain, row["path"])
    return plain | ({"provenance": rows} if rows else {})


def _strip(value: Any, path: str, rows: list[dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_strip(item, f"{path}[{index}]", rows) for index, item in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    about = {key: value[key] for key in _SOURCE_KEYS & value.keys()}
    if about and "value" in value and value.keys() <= _SOURCE_KEYS | {"value"}:
        inner = value["value"]
        rows.append(_row(path, inner, about, confirm=bool(about.get("confirm"))))
        return inner
    plain = {key: _strip(item, join(path, key), rows) for key, item in value.items() if key not in _SOURCE_KEYS}
    if about:
        rows += _rows_of_table(path, plain, about)
    return plain


def _rows_of_table(path: str, plain: Mapping[str, Any], about: Mapping[str, Any]) -> list[dict[str, Any]]:
    confirm = about.get("confirm", False)
    if isinstance(confirm, list):
        return [_row(join(path, key), plain.get(key), about, confirm=True) for key in confirm]
    return [_row(path, plain, about, confirm=bool(confirm))]


def _row(path: str, value: Any, about: Mapping[str, Any], *, confirm: bool) -> dict[str, Any]:
    return {
        "path": path,
        "value": labels.value_in_words(value, path),
        "source": str(about.get("source", "")),
        "note": str(about.get("note", "")),
        "confirm": confirm,
    }


def from_definition(definition: Mapping[str, Any], *, known: Known | None = None) -> Blueprint:
    """Blueprint from a plain definition (stored JSON or parsed TOML), upgraded to the present schema and checked.

    Raises BlueprintInvalid with every problem found. Publishing passes ``known`` (guards, profiles …) as well.
    """
    current = upgrade(definition)
    found: list[Problem] = []
    blueprint = build(Blueprint, current, "", found)
    if isinstance(blueprint, Blueprint):
        rules = problems(blueprint, known=known or Known())
        found += [problem for problem in rules if not _follows_from(problem, found)]
    if found:
        raise BlueprintInvalid(found)
    return blueprint


def _follows_from(problem: Problem, earlier: list[Problem]) -> bool:
    """Whether a broken rule may only be the consequence of a value that could not be read."""
    return any(other.path.startswith(problem.path) or problem.path.startswith(other.path) for other in earlier)


def to_definition(blueprint: Blueprint) -> dict[str, Any]:
    """The JSON definition: complete, of JSON primitives only, ``from_definition`` gives an equal blueprint back."""
    return dump(blueprint)


def canonical_json(definition: Mapping[str, Any]) -> str:
    """One text for one meaning: sorted keys, no spaces, numbers of TOML written as in JSON."""
    return json.dumps(definition, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain_decimal)


def _plain_decimal(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(f"{type(value).__name__} does not belong into a definition")


def sha256_of(definition: Mapping[str, Any]) -> str:
    """Fingerprint of a definition; what a cycle pins."""
    return hashlib.sha256(canonical_json(definition).encode()).hexdigest()


_by_sha: dict[str, Blueprint] = {}


def cached(definition: Mapping[str, Any], sha256: str) -> Blueprint:
    """``from_definition`` for stored, immutable definitions: parsed once per process and fingerprint."""
    try:
        return _by_sha[sha256]
    except KeyError:
        blueprint = _by_sha[sha256] = from_definition(definition)
        return blueprint
