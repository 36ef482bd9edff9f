"""FieldSpec → Django form field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from portal.core import identifiers
from portal.lifecycle.blueprints.conditions import as_json
from portal.lifecycle.blueprints.fields import inputs
from portal.lifecycle.blueprints.fields.codes import code_choices
from portal.lifecycle.blueprints.fields.inputs import AnswerField
from portal.lifecycle.blueprints.fields.special import AttachmentSlot, ConsentAnswer, StatementText, VetoesAnswer
from portal.lifecycle.blueprints.fields.table import TableAnswer
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec
from portal.lifecycle.blueprints.vocabulary import FieldType
from portal.web.forms import css_class

Maker = Callable[[FieldSpec], AnswerField]


def _choice(spec: FieldSpec) -> AnswerField:
    return inputs.ChoiceAnswer(spec, [(choice.value, choice.label) for choice in spec.choices])


def _multi_choice(spec: FieldSpec) -> AnswerField:
    return inputs.MultiChoiceAnswer(spec, [(choice.value, choice.label) for choice in spec.choices])


def _code(spec: FieldSpec) -> AnswerField:
    return inputs.ChoiceAnswer(spec, code_choices(str(spec.code_list)))


MAKERS: Mapping[str, Maker] = {
    FieldType.TEXT: inputs.TextAnswer,
    FieldType.ORGANISATION: inputs.TextAnswer,
    FieldType.EMPLOYER: inputs.TextAnswer,
    FieldType.LONG_TEXT: inputs.LongTextAnswer,
    FieldType.INTEGER: inputs.IntegerAnswer,
    FieldType.DECIMAL: inputs.DecimalAnswer,
    FieldType.MONEY: inputs.MoneyAnswer,
    FieldType.PERCENT: inputs.PercentAnswer,
    FieldType.DATE: inputs.DateAnswer,
    FieldType.MONTH: inputs.MonthAnswer,
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _multi_choice,
    FieldType.CODE: _code,
    FieldType.BOOLEAN: inputs.BooleanAnswer,
    FieldType.PERSON_ID_NUMBER: lambda spec: inputs.IdentifierAnswer(spec, inputs.check_citizen_id),
    FieldType.PHONE: lambda spec: inputs.IdentifierAnswer(spec, identifiers.validate_phone),
    FieldType.CREDIT_CODE: lambda spec: inputs.IdentifierAnswer(spec, identifiers.validate_credit_code),
    FieldType.EMAIL: inputs.EmailAnswer,
}

DEFAULT_UNITS: Mapping[str, str] = {FieldType.MONEY: "元", FieldType.PERCENT: "%"}
INPUT_MODES: Mapping[str, str] = {
    FieldType.INTEGER: "numeric",
    FieldType.DECIMAL: "decimal",
    FieldType.MONEY: "decimal",
    FieldType.PERCENT: "decimal",
    FieldType.PHONE: "tel",
    FieldType.EMAIL: "email",
}


def make_field(spec: FieldSpec, blueprint: Blueprint) -> AnswerField:
    """The form field of a question, with what the browser needs to know about its conditions."""
    if spec.type == FieldType.TABLE:
        field: AnswerField = TableAnswer(spec, make_cell)
    elif spec.type == FieldType.VETOES:
        field = VetoesAnswer(spec, blueprint.vetoes)
    elif spec.type == FieldType.CONSENT:
        field = ConsentAnswer(spec, spec.text or blueprint.texts.consent)
    elif spec.type == FieldType.STATEMENT:
        field = StatementText(spec)
    elif spec.type == FieldType.ATTACHMENT:
        field = AttachmentSlot(spec, blueprint)
    else:
        field = make_cell(spec)
    field.widget.attrs |= condition_attributes(spec)
    return field


def make_cell(spec: FieldSpec) -> AnswerField:
    """The form field of a simple question or of a table column."""
    field = MAKERS[spec.type](spec)
    field.unit = spec.unit or DEFAULT_UNITS.get(spec.type, "")
    if spec.type in INPUT_MODES:
        field.widget.attrs["inputmode"] = INPUT_MODES[spec.type]
    return field


def dress_cell(field: AnswerField) -> None:
    """Class and placeholder of a control inside a table (the form base dresses only the form's own fields)."""
    field.widget.attrs["class"] = css_class(field.widget)
    placeholder = getattr(field, "placeholder", "")
    if placeholder:
        field.widget.attrs["placeholder"] = placeholder


def condition_attributes(spec: FieldSpec) -> dict[str, Any]:
    attributes = {}
    for key, condition in (("data-visible-when", spec.visible_when), ("data-required-when", spec.required_when)):
        if condition is not None:
            attributes[key] = json.dumps(as_json(condition), ensure_ascii=False)
    return attributes
