"""Conditions over answers. Pure; the same rule runs in the browser (static/js/entry_form.js)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec
from portal.lifecycle.blueprints.stages import Condition

Answers = Mapping[str, Any]


def is_filled(value: Any) -> bool:
    """Whether an answer says anything. ``False`` (“否”) and 0 do; an empty text, list or untouched question does not."""
    return value not in (None, "", [], {}, ())


def condition_holds(condition: Condition | None, answers: Answers) -> bool:
    """No condition always holds. A multiple choice satisfies ``equals``/``in`` when one of its values does.

    A question of yes or no that is not answered yet is neither: ``is_true = false`` wants an explicit “否”.
    """
    if condition is None:
        return True
    value = answers.get(condition.field)
    if condition.is_true is not None:
        return value is condition.is_true
    if condition.filled is not None:
        return is_filled(value) == condition.filled
    wanted = {condition.equals} if condition.equals is not None else set(condition.in_)
    given = value if isinstance(value, list | tuple) else [value]
    return any(str(item) in wanted for item in given if item is not None)


def visible_fields(blueprint: Blueprint, answers: Answers) -> frozenset[str]:
    """Codes of the questions that apply. What hangs on a question that is itself hidden does not apply either."""
    shown: set[str] = set()
    known: dict[str, Any] = {}
    for section in blueprint.sections:
        section_applies = condition_holds(section.visible_when, known)
        for spec in section.fields:
            if section_applies and condition_holds(spec.visible_when, known):
                shown.add(spec.code)
                if spec.code in answers:
                    known[spec.code] = answers[spec.code]
    return frozenset(shown)


def visible_answers(blueprint: Blueprint, answers: Answers) -> dict[str, Any]:
    """The answers without those of questions that do not apply, in the order of the form."""
    shown = visible_fields(blueprint, answers)
    return {spec.code: answers[spec.code] for spec in blueprint.fields if spec.code in shown and spec.code in answers}


def is_required(spec: FieldSpec, answers: Answers) -> bool:
    """Whether a question that applies must be answered; ``answers`` are those of the form, or of the table's row."""
    return spec.required or (spec.required_when is not None and condition_holds(spec.required_when, answers))


def as_json(condition: Condition | None) -> dict[str, Any] | None:
    """What the browser gets in ``data-visible-when``."""
    if condition is None:
        return None
    if condition.is_true is not None:
        return {"field": condition.field, "is_true": condition.is_true}
    if condition.filled is not None:
        return {"field": condition.field, "filled": condition.filled}
    if condition.equals is not None:
        return {"field": condition.field, "in": [condition.equals]}
    return {"field": condition.field, "in": list(condition.in_)}
