"""Complete, believable answers for any blueprint."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from portal.demo import numbers, words
from portal.lifecycle.blueprints.conditions import visible_fields
from portal.lifecycle.blueprints.fields import code_choices
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec

FRONTLINE = {"has_economic_benefit", "is_frontline", "frontline"}
NAME_CODES = {"name", "contact_name", "leader", "chair", "union_chair", "union_president"}


def answers_for(rules: Blueprint, rng: random.Random, given: dict[str, Any]) -> dict[str, Any]:
    """Every question that applies; ``given`` (title, name, what the portal knows of the unit) wins."""
    answers = dict(given)
    for spec in rules.fields:
        if not spec.is_answer or answers.get(spec.code) not in (None, "", []):
            continue
        if spec.code in visible_fields(rules, answers):
            answers[spec.code] = _answer(spec, rules, rng)
    number = str(answers.get("id_number", ""))
    if "birth_date" in answers and len(number) == len("120199199001010012"):
        answers["birth_date"] = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return answers


def _answer(spec: FieldSpec, rules: Blueprint, rng: random.Random) -> Any:
    if spec.type == "vetoes":
        return [veto.code for veto in rules.vetoes]
    if spec.type == "table":
        return _rows(spec, rng)
    return _cell(spec, rng)


def _rows(spec: FieldSpec, rng: random.Random) -> list[dict[str, Any]]:
    count = max(spec.min_rows or 1, min(spec.max_rows or 3, rng.choice((1, 2, 3))))
    rows = [{column.code: _cell(column, rng) for column in spec.columns} for _ in range(count)]
    for rule in spec.row_rules:
        if rule.kind == "sum":
            share = Decimal(rule.total) // count
            for row in rows:
                row[rule.column] = format(share, "f")
            rows[0][rule.column] = format(Decimal(rule.total) - share * (count - 1), "f")
        elif rule.kind == "at_least_one":
            rows[0][rule.column] = True
    for number, row in enumerate(rows, start=1):
        if "order" in row:
            row["order"] = number
    return rows


def _cell(spec: FieldSpec, rng: random.Random) -> Any:
    makers: dict[str, Any] = {
        "integer": lambda: _whole(spec, rng),
        "decimal": lambda: str(_bounded(spec, Decimal(rng.randint(60, 95)))),
        "percent": lambda: str(_bounded(spec, Decimal(rng.randint(60, 95)))),
        "money": lambda: f"{_bounded(spec, Decimal(rng.randint(8, 90)) * 10000):.2f}",
        "date": lambda: f"2025-{rng.randint(1, 9):02d}-{rng.randint(1, 28):02d}",
        "month": lambda: _month(spec, rng),
        "choice": lambda: rng.choice(spec.choices).value,
        "multi_choice": lambda: [c.value for c in rng.sample(list(spec.choices), min(2, len(spec.choices)))],
        "code": lambda: rng.choice([code for code, _label in code_choices(str(spec.code_list))]),
        "boolean": lambda: spec.code in FRONTLINE or rng.random() < 0.3,
        "consent": lambda: True,
        "person_id_number": lambda: numbers.citizen_id(rng),
        "phone": lambda: numbers.mobile(rng),
        "email": lambda: f"gonghui{rng.randint(100, 999)}@example.com",
        "credit_code": lambda: numbers.credit_code(rng.randrange(500_000, 900_000)),
    }
    return makers.get(str(spec.type), lambda: _text(spec, rng))()


def _whole(spec: FieldSpec, rng: random.Random) -> int:
    low = int(spec.minimum or 0)
    return rng.randint(low, max(low, min(int(spec.maximum or 60), low + 40)))


def _month(spec: FieldSpec, rng: random.Random) -> str:
    """Later questions get later months, so that periods do not run backwards."""
    year = 2023 if spec.code in {"started_on", "from"} else 2025
    if spec.code == "finished_on":
        year = 2024
    return f"{year}-{rng.randint(1, 9):02d}"


def _bounded(spec: FieldSpec, value: Decimal) -> Decimal:
    if spec.minimum is not None:
        value = max(value, spec.minimum)
    return min(value, spec.maximum) if spec.maximum is not None else value


def _text(spec: FieldSpec, rng: random.Random) -> str:
    most = spec.max_length or 200
    if spec.type == "long_text":
        return words.paragraph(rng, spec.min_length or 0, most)
    makers = (
        (spec.code in NAME_CODES or "姓名" in spec.label, lambda: words.person(rng)),
        ("专利" in spec.label or spec.code == "number", lambda: numbers.patent(rng)),
        ("岗位" in spec.label or spec.code == "post", lambda: rng.choice(words.POSTS)),
        (
            "单位" in spec.label or spec.type in {"employer", "organisation"},
            lambda: rng.choice(words.PLACES) + rng.choice(words.TRADES)[0],
        ),
        (spec.code == "keywords", lambda: "工装、效率、安全"),
        ("成果" in spec.label or "名称" in spec.label, lambda: words.work_title(rng)),
    )
    for applies, make in makers:
        if applies:
            return make()[:most]
    text = rng.choice(words.SENTENCES)[: min(most, 24)].rstrip("，、。")
    return text + "。" * max(0, (spec.min_length or 0) - len(text))
