"""Complete, believable answers for any blueprint."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from typing import Any

from portal.demo import numbers, words
from portal.demo.eligible import eligible
from portal.demo.paragraphs import paragraph
from portal.demo.short_texts import short_text
from portal.demo.together import agree
from portal.lifecycle.blueprints.conditions import visible_fields
from portal.lifecycle.blueprints.fields import code_choices
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec, RowRule

FRONTLINE = {"has_economic_benefit", "is_frontline", "frontline"}
COMMON = {"is_nonpublic": 0.5, "key_industry": 0.6}  # answered with yes so often: the shares of lists ask about them
EARLY = {"started_on", "from", "start", "start_date", "founded_on", "planned_start"}
LATER = {"finished_on", "until", "to", "end", "completed_on"}
UNIQUE_TRIES = 50
# What patterns of texts usually ask for: years, numbers of documents, certificates, accounts, addresses.
PHRASES = (
    "2025", "12", "300", "2026-05", "津工发〔2025〕12号", "津人社发〔2025〕8号", "JG2025-0118", "6222020302001234567",
    "300350", "022-00000018", "https://example.com/video/1", "08:30", "A12", "120", "12.5", "1:2",
)  # fmt: skip
NAME_CODES = {"name", "contact_name", "leader", "chair", "union_chair", "union_president"}


def answers_for(rules: Blueprint, rng: random.Random, given: dict[str, Any]) -> dict[str, Any]:
    """Every question that applies; ``given`` (title, name, what the portal knows of the unit) wins.

    Valid for every type, bound, order and row rule that a blueprint can state; a text with a pattern is the exception:
    ``ValueError`` names the question when no phrase of ours fits.
    """
    answers = dict(given)
    for spec in rules.fields:
        if not spec.is_answer or answers.get(spec.code) not in (None, "", []):
            continue
        if spec.code in visible_fields(rules, answers):
            told = eligible(spec, rules, answers, rng)
            answers[spec.code] = _in_order(spec, _answer(spec, rules, rng) if told is None else told, answers)
    number = str(answers.get("id_number", ""))
    if "birth_date" in answers and len(number) == len("120199199001010012"):
        answers["birth_date"] = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return agree(answers)


def _in_order(spec: FieldSpec, value: Any, answers: dict[str, Any]) -> Any:
    """Periods do not run backwards: the end is never before the beginning."""
    before = answers.get(spec.not_before) if spec.not_before else None
    return before if before and value and value < before else value


def _answer(spec: FieldSpec, rules: Blueprint, rng: random.Random) -> Any:
    if spec.type == "vetoes":
        return [veto.code for veto in rules.vetoes]
    if spec.type == "table":
        return _rows(spec, rng)
    return _cell(spec, rng)


def _rows(spec: FieldSpec, rng: random.Random) -> list[dict[str, Any]]:
    wanted = rng.choice((1, 2, 3))
    count = max(spec.min_rows or 1, min(spec.max_rows or 3, wanted))
    rows = [_row(spec, rng) for _ in range(count)]
    for rule in spec.row_rules:
        _keep_rule(rule, rows, spec, rng)
    for number, row in enumerate(rows, start=1):
        if "order" in row:
            row["order"] = number
    return rows


def _row(spec: FieldSpec, rng: random.Random) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in spec.columns:
        row[column.code] = _in_order(column, _cell(column, rng), row)
    return row


def _keep_rule(rule: RowRule, rows: list[dict[str, Any]], spec: FieldSpec, rng: random.Random) -> None:
    if rule.kind == "sum":
        share = Decimal(rule.total) // len(rows)
        for row in rows:
            row[rule.column] = format(share, "f")
        rows[0][rule.column] = format(Decimal(rule.total) - share * (len(rows) - 1), "f")
    elif rule.kind == "at_least_one":
        rows[0][rule.column] = True
    elif rule.kind == "first_is_max":
        rows.sort(key=lambda row: Decimal(str(row[rule.column])), reverse=True)
    elif rule.kind == "unique":
        seen: set[str] = set()
        for row in rows:
            for _try in range(UNIQUE_TRIES):
                if str(row[rule.column]) not in seen:
                    break
                row[rule.column] = _cell(spec.column(rule.column), rng)
            seen.add(str(row[rule.column]))


def _cell(spec: FieldSpec, rng: random.Random) -> Any:
    makers: dict[str, Any] = {
        "integer": lambda: _whole(spec, rng),
        "decimal": lambda: str(_bounded(spec, Decimal(rng.randint(60, 95)))),
        "percent": lambda: str(_bounded(spec, Decimal(rng.randint(60, 95)))),
        "money": lambda: f"{_bounded(spec, Decimal(rng.randint(8, 90)) * 10000):.2f}",
        "date": lambda: _day(spec, rng),
        "month": lambda: _day(spec, rng)[:7],
        "choice": lambda: rng.choice(spec.choices).value,
        "multi_choice": lambda: _several(spec, rng),
        "code": lambda: rng.choice([code for code, _label in code_choices(str(spec.code_list))]),
        "boolean": lambda: spec.code in FRONTLINE or rng.random() < COMMON.get(spec.code, 0.3),
        "consent": lambda: True,
        "person_id_number": lambda: numbers.citizen_id(rng),
        "phone": lambda: numbers.mobile(rng),
        "email": lambda: f"gonghui{rng.randint(100, 999)}@example.com",
        "credit_code": lambda: numbers.credit_code(rng.randrange(500_000, 900_000)),
    }
    return makers.get(str(spec.type), lambda: _fitting(spec, rng))()


def _several(spec: FieldSpec, rng: random.Random) -> list[str]:
    most = min(2, len(spec.choices), spec.max_choices or 2)
    return [choice.value for choice in rng.sample(list(spec.choices), most)]


def _whole(spec: FieldSpec, rng: random.Random) -> int:
    low = int(spec.minimum or 0)
    if 1990 <= low <= 2100:  # a year
        return min(int(spec.maximum or 2025), 2025) - rng.randint(0, 1)
    return rng.randint(low, max(low, min(int(spec.maximum or 60), low + 40)))


def _day(spec: FieldSpec, rng: random.Random) -> str:
    """Beginnings lie before ends, ends before what followed."""
    year = 2023 if spec.code in EARLY else 2024 if spec.code in LATER else 2025
    return f"{year}-{rng.randint(1, 9):02d}-{rng.randint(1, 28):02d}"


def _bounded(spec: FieldSpec, value: Decimal) -> Decimal:
    if spec.minimum is not None:
        value = max(value, spec.minimum)
    return min(value, spec.maximum) if spec.maximum is not None else value


def _fitting(spec: FieldSpec, rng: random.Random) -> str:
    """A text that fits the question's pattern too, when it has one."""
    text = _text(spec, rng)
    if not spec.pattern or re.fullmatch(spec.pattern, text):
        return text
    for phrase in PHRASES:
        if re.fullmatch(spec.pattern, phrase):
            return phrase
    raise ValueError(f"{spec.code}（{spec.label}）：没有符合格式“{spec.pattern}”的示例")


def _text(spec: FieldSpec, rng: random.Random) -> str:
    most = spec.max_length or 200
    if spec.type == "long_text":
        return paragraph(rng, spec.min_length or 0, most)
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
    least = spec.min_length or 0
    for number, (applies, make) in enumerate(makers):
        if applies:
            made = make()[:most]
            is_person = number == 0
            return _short(spec, rng, made, least) if is_person and "姓名" not in spec.label else made
    text = rng.choice(words.SENTENCES)[: min(most, 24)].rstrip("，、。")
    text = _short(spec, rng, text, least)
    return text + "。" * max(0, least - len(text))


def _short(spec: FieldSpec, rng: random.Random, made: str, least: int) -> str:
    """What people would write there, when it fits."""
    text = short_text(spec.code, str(spec.label), rng, made)
    fits = least <= len(text) <= (spec.max_length or 200)
    return text if fits and (not spec.pattern or re.fullmatch(spec.pattern, text)) else made
