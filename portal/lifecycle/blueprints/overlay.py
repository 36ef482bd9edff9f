"""Changes inside one run of a programme, laid over the published definition: the definition itself stays as it is."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

PARTS = ("texts", "stages", "tracks")


def overlaid(definition: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``definition`` with ``overlay`` = ``{"texts": {key: text}, "stages": {kind: {parameter: value}},
    "tracks": {code: {key: value}}}``; an edition of a union below also has ``"leave_out": [kind]``, ``"honour": {…}``
    and ``"own_tracks": [track]``, ``"hosts": [host]`` in place of the federation's.

    Stages are told apart by kind, tracks by code; what the definition does not have is left out, as a newer version may
    have dropped it. The result still has to be read (``from_definition``) to know whether it is allowed.
    """
    result = copy.deepcopy(dict(definition))
    if texts := overlay.get("texts"):
        result["texts"] = {**result.get("texts", {}), **texts}
    if honour := overlay.get("honour"):
        result["honour"] = {**result.get("honour", {}), **honour}
    if "hosts" in overlay:
        result["hosts"] = copy.deepcopy(list(overlay["hosts"]))
    if "own_tracks" in overlay:
        result["tracks"] = copy.deepcopy(list(overlay["own_tracks"]))
        _offer_tracks(result)
    if left_out := overlay.get("leave_out"):
        result["stages"] = [stage for stage in result.get("stages", []) if stage.get("kind") not in left_out]
    _lay(result.get("stages", []), "kind", overlay.get("stages", {}))
    _lay(result.get("tracks", []), "code", overlay.get("tracks", {}))
    return result


def _offer_tracks(result: dict[str, Any]) -> None:
    """The question that decides the track offers exactly the tracks there are."""
    choices = [{"value": track["code"], "label": track["title"]} for track in result["tracks"]]
    for section in result.get("sections", []):
        for question in section.get("fields", []):
            if question.get("code") == "track" and choices:
                question["choices"] = [dict(choice) for choice in choices]


def merged(first: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    """One overlay that does what ``first`` and ``then``, one after the other, would do."""
    result: dict[str, Any] = {key: value for key, value in {**first, **then}.items() if key not in PARTS}
    for part in PARTS:
        old, new = first.get(part, {}), then.get(part, {})
        keys = dict.fromkeys([*old, *new])
        if part == "texts":
            values = {key: new.get(key, old.get(key)) for key in keys}
        else:
            values = {key: {**old.get(key, {}), **new.get(key, {})} for key in keys}
        if values:
            result[part] = values
    return result


def _lay(items: list[dict[str, Any]], key: str, changes: Mapping[str, Mapping[str, Any]]) -> None:
    for item in items:
        item.update(copy.deepcopy(dict(changes.get(item.get(key), {}))))
