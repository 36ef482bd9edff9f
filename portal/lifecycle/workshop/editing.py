"""What the editing page shows beside the form: messages in their place, sources, switches of the stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.lifecycle.blueprints.labels import key_in_words, path_in_words, value_in_words
from portal.lifecycle.blueprints.structure import join
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.workshop.changes import REMOVED
from portal.lifecycle.workshop.forms import PageForm
from portal.lifecycle.workshop.pieces import Place
from portal.lifecycle.workshop.queries import Found

LONGEST = 300


@dataclass(frozen=True)
class Unsaved:
    label: str
    text: str


@dataclass(frozen=True)
class Message:
    """A problem of this page; ``target`` is the control to go to, if the page has it."""

    text: str
    where: str
    target: str


@dataclass(frozen=True)
class Switch:
    """One stage in the fixed order; ``path`` is its page when it is on."""

    kind: str
    title: str
    path: str
    note: str


def place_problems(form: PageForm, found: Sequence[Found]) -> None:
    """Puts the validator's messages beside the controls they belong to."""
    beside: dict[str, list[str]] = {}
    for problem in found:
        name = form.name_of_path(problem.key)
        if name:
            beside.setdefault(name, []).append(problem.message)
    form.show_problems(beside)


def messages_of(form: PageForm, found: Sequence[Found]) -> list[Message]:
    """The problems of the page with links to their controls."""
    names = [(problem, form.name_of_path(problem.key)) for problem in found]
    return [Message(p.message, p.where, form[name].auto_id if name else "") for p, name in names]


def in_words(form: PageForm) -> list[Unsaved]:
    """What a stale page would have changed: shown for copying, so that nothing typed is lost."""
    base = form.place.base
    return [
        Unsaved(
            path_in_words(form.definition, join(base, path)),
            "" if value is REMOVED else value_in_words(value, path)[:LONGEST],
        )
        for path, value in form.values().items()
    ]


def sources_of(definition: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Rows about this page and its keys, and the keys that have none yet."""
    keys = [join(place.base, key.name) for key in place.keys]
    rows = [row for row in definition.get("provenance", ()) if row["path"] == place.path or row["path"] in keys]
    taken = {row["path"] for row in rows}
    free = [] if place.path in taken else [(place.path, "")]
    free += [(path, key_in_words(key.name)) for path, key in zip(keys, place.keys, strict=True) if path not in taken]
    return {"rows": rows, "free": free, "waiting": sum(bool(row.get("confirm")) for row in rows)}


def stage_switches(definition: Mapping[str, Any]) -> list[Switch]:
    """All kinds of stages in their order, on or off."""
    there = {stage.get("kind"): (index, stage) for index, stage in enumerate(definition.get("stages", ()))}
    switches = []
    for kind in StageKind:
        index, stage = there.get(str(kind.value), (-1, {}))
        length = stage.get("days") or stage.get("working_days") or 0
        switches.append(
            Switch(
                kind=str(kind.value),
                title=str(stage.get("title") or kind.label),
                path=f"stages[{index}]" if index >= 0 else "",
                note=str(length) if length else "",
            )
        )
    return switches
