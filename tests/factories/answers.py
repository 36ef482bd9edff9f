"""Complete, valid, fictitious answers for any blueprint. ID numbers of the never assigned area 120199 only."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from portal.core.identifiers import (
    citizen_id_check_digit,
    credit_code_check_digit,
    organisation_code_check_digit,
    patent_check_digit,
)
from portal.lifecycle.blueprints.conditions import is_required, visible_fields
from portal.lifecycle.blueprints.fields import code_choices
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec

_serial = itertools.count(1)
SENTENCE = "针对生产现场的实际问题，对设备结构和操作方法进行改进，经试用运行稳定，效率提高，安全和劳动条件得到改善。"
NAMES = ("周明远", "林晓东", "赵思源", "何立新", "郑文博")


def citizen_id(serial: int, born: dt.date = dt.date(1985, 6, 12)) -> str:
    first = f"120199{born:%Y%m%d}{serial % 1000:03d}"
    return first + citizen_id_check_digit(first)


def credit_code(serial: int) -> str:
    organisation = f"MA{serial % 1_000_000:06d}"
    first = "91120199" + organisation + organisation_code_check_digit(organisation)
    return first + credit_code_check_digit(first)


def patent_number(serial: int) -> str:
    twelve = f"20232{serial % 10_000_000:07d}"
    return f"ZL{twelve}.{patent_check_digit(twelve)}"


def mobile(serial: int) -> str:
    return f"199{serial % 100_000_000:08d}"


def complete_answers(blueprint: Blueprint, **overrides: Any) -> dict[str, Any]:
    """Every question that applies, answered validly; ``overrides`` win and decide which conditional ones apply."""
    answers: dict[str, Any] = {}
    for spec in blueprint.fields:
        if spec.code in overrides:
            answers[spec.code] = overrides[spec.code]
        elif spec.code in visible_fields(blueprint, answers) and spec.is_answer:
            answers[spec.code] = _answer(spec, blueprint, next(_serial))
    return answers


def required_files(blueprint: Blueprint, answers: dict[str, Any]) -> list[FieldSpec]:
    """Attachments that this entry needs before it may be submitted."""
    shown = visible_fields(blueprint, answers)
    return [spec for spec in blueprint.attachments if spec.code in shown and is_required(spec, answers)]


def _answer(spec: FieldSpec, blueprint: Blueprint, serial: int) -> Any:
    match spec.type:
        case "vetoes":
            return [veto.code for veto in blueprint.vetoes]
        case "table":
            return _rows(spec, blueprint, serial)
        case _:
            return _cell(spec, serial)


def _rows(spec: FieldSpec, blueprint: Blueprint, serial: int) -> list[dict[str, Any]]:
    count = max(spec.min_rows, 1)
    rows = []
    for number in range(count):
        row: dict[str, Any] = {}
        for column in spec.columns:
            row[column.code] = _cell(column, serial * 10 + number)
        rows.append(row)
    for rule in spec.row_rules:
        if rule.kind == "sum":
            share = Decimal(rule.total) // count
            for row in rows:
                row[rule.column] = format(share, "f")
            rows[0][rule.column] = format(Decimal(rule.total) - share * (count - 1), "f")
        elif rule.kind == "at_least_one":
            rows[0][rule.column] = True
        elif rule.kind == "unique" and spec.column(rule.column).type == "month":
            for number, row in enumerate(rows):
                row[rule.column] = f"{2023 + number // 12}-{number % 12 + 1:02d}"
    return rows


def _cell(spec: FieldSpec, serial: int) -> Any:
    makers = {
        "integer": lambda: max(int(spec.minimum or 0), min(12, int(spec.maximum or 12))),
        "decimal": lambda: _number(spec, "12"),
        "money": lambda: _number(spec, "120000.00"),
        "percent": lambda: _number(spec, "80"),
        "date": lambda: "2025-06-01",
        "month": lambda: "2025-06",
        "choice": lambda: spec.choices[0].value,
        "multi_choice": lambda: [spec.choices[0].value],
        "code": lambda: next((code for code, _label in code_choices(str(spec.code_list))), ""),
        "boolean": lambda: False,
        "person_id_number": lambda: citizen_id(serial),
        "phone": lambda: mobile(serial),
        "email": lambda: f"filer{serial}@example.com",
        "credit_code": lambda: credit_code(serial),
        "consent": lambda: True,
    }
    return makers.get(spec.type, lambda: _text(spec, serial))()


def _number(spec: FieldSpec, usual: str) -> str:
    value = Decimal(usual)
    if spec.minimum is not None:
        value = max(value, spec.minimum)
    if spec.maximum is not None:
        value = min(value, spec.maximum)
    return f"{value:.2f}" if spec.type == "money" else format(value, "f")


def _text(spec: FieldSpec, serial: int) -> str:
    if spec.code in {"name", "contact_name", "leader"}:
        return NAMES[serial % len(NAMES)]
    if "patent" in spec.code or spec.label.startswith("专利号"):
        return patent_number(serial)
    least, most = spec.min_length or 0, spec.max_length or 200
    if spec.type == "long_text":
        text = SENTENCE * (least // len(SENTENCE) + 1)
    else:
        text = f"{spec.label}第{serial}号"
        text += "示" * max(0, least - len(text))
    return text[:most] if len(text) > most else text
