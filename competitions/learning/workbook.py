"""The list of completions as a workbook: its columns, the check of every row, and writing all of it or nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.learning.models import Completion, CompletionImport, TrainingResource
from competitions.rosters.enums import IdKind
from competitions.rosters.persons import OTHER_DOCUMENT, Person, clean_number, name_problem, read_person
from portal.accounts.imports.plan import Plan, differences, duplicates
from portal.accounts.imports.sheets import NO, YES, Column, Row, Sheet
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.identifiers import citizen_id_problem
from portal.core.scoping import path_prefixes, system_scope
from portal.core.text import mask_id_number, mask_name

Report = Callable[[int, int, str], None]
MOST_HOURS = Decimal(2000)  # a year of full-time learning; more is a slip of the key
MOST_SCORE = Decimal(1000)  # some platforms mark out of 1000
EARLIEST = dt.date(2015, 1, 1)
SHOWN = ("platform", "hours", "is_finished", "score", "certificate_number")


class _Kind(models.TextChoices):
    COMPLETIONS = "completions", _("结业人员")


def _labels(enum: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {str(label): value for value, label in enum.choices}


def _yes_no() -> dict[str, Any]:
    return {YES: True, NO: False}


SHEET = Sheet(
    _Kind.COMPLETIONS,
    (
        Column("name", "姓名", True, 60, width=14, example="张示范"),
        Column("id_number", "证件号码", True, 20, _("18位居民身份证号码，逐位校验。"), width=24, example="1201991990…"),
        Column("id_kind", "证件类型", help=_("不填按居民身份证。"), options=_labels(IdKind), width=22),
        Column("platform", "学习平台", True, 80, _("如国家职业技能培训平台、本单位课堂。"), width=22, example="天津工匠学堂"),
        Column("course", "课程", True, 120, _("与资源库里的名称一致的，自动归到该资源。"), width=30, example="数控车工安全操作"),
        Column("hours", "学时", True, 8, _("可带一位小数。"), width=8, example="16"),
        Column("finished_on", "日期", True, kind="date", help=_("结业或停学的日期，如 2026-05-20。"), width=14, example="2026-05-20"),
        Column("is_finished", "是否结业", help=_("不填按“是”；报名学习但没有结业的填“否”，用于计算结业率。"), options=_yes_no, width=10, example=YES),
        Column("score", "成绩", False, 8, _("没有考核的不填。"), width=8, example="92.5"),
        Column("certificate_number", "证书编号", False, 60, width=20),
    ),
    _("按“证件号码＋课程＋日期”识别：已登记的更新，没有的新增；重复导入不会重复计数。同一人学多门课程，人数只计一次。"),
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """A row that is sound: who, and what is kept of it."""

    row: Row
    person: Any
    index: str
    facts: dict[str, Any]

    @property
    def key(self) -> tuple[str, str, dt.date]:
        return self.index, self.facts["course"], self.facts["finished_on"]


def _nothing(_done: int, _total: int, _stage: str) -> None:
    """Nobody wants to know."""


def read_decimal(text: str | None, most: Decimal) -> Decimal | None:
    """``16`` or ``16.5`` up to ``most``; None for nothing. Raises ValueError with the Chinese reason."""
    if not text:
        return None
    try:
        value = Decimal(text.replace("，", "").replace(",", ""))
    except InvalidOperation as error:
        raise ValueError("请填写数字，最多一位小数") from error
    if not value.is_finite() or value < 0 or value != value.quantize(Decimal("0.1")):
        raise ValueError("请填写不小于0的数字，最多一位小数")
    if value > most:
        raise ValueError(f"不能超过{most}，请核对")
    return value


def check(rows: list[Row], organisation: Organisation, *, now: dt.datetime, report: Report = _nothing) -> Plan:
    """Every problem of every row, and what the rest would do. Reads in three queries, however many rows."""
    plan, lines = Plan(), []
    again = duplicates(
        rows, lambda r: (clean_number(r["id_number"] or ""), (r["course"] or "").strip(), r["finished_on"])
    )
    today = local_date(now)
    for number, row in enumerate(rows, start=1):
        if number % 500 == 0:
            report(number, len(rows), "核对证件号码")
        if row.number in again:
            plan.problem(row, SHEET, "course", f"与第{again[row.number]}行是同一人、同一课程、同一日期")
        elif line := _line(plan, row, today):
            lines.append(line)
    root = path_prefixes(organisation.path)[0]
    known, names = _known(root, lines)
    for line in lines:
        _compare(plan, line, organisation, known.get(line.key), names)
    plan.extra["resources"] = _resources(lines)
    return plan


def _line(plan: Plan, row: Row, today: dt.date) -> Line | None:
    kind, problems = row["id_kind"] or IdKind.CITIZEN.value, len(plan.problems)
    if found := name_problem(row["name"] or ""):
        plan.problem(row, SHEET, "name", found.rstrip("。"))
    if found := _number_problem(kind, row["id_number"] or "", today):
        plan.problem(row, SHEET, "id_number", found.rstrip("。"))
    numbers = {}
    for key, most in (("hours", MOST_HOURS), ("score", MOST_SCORE)):
        try:
            numbers[key] = read_decimal(row[key], most)
        except ValueError as error:
            plan.problem(row, SHEET, key, str(error))
    if row["finished_on"] and not EARLIEST <= row["finished_on"] <= today:
        plan.problem(row, SHEET, "finished_on", f"应在{EARLIEST:%Y年}至今天之间")
    finished = True if row["is_finished"] is None else row["is_finished"]
    if not finished and row["certificate_number"]:
        plan.problem(row, SHEET, "certificate_number", "没有结业的不能有证书编号")
    if len(plan.problems) > problems or row["finished_on"] is None or numbers["hours"] is None:
        return None
    person = read_person(kind, row["name"], row["id_number"], today=today)
    facts = {
        "platform": row["platform"].strip(),
        "course": row["course"].strip(),
        "hours": numbers["hours"],
        "finished_on": row["finished_on"],
        "is_finished": finished,
        "score": numbers["score"],
        "certificate_number": (row["certificate_number"] or "").strip(),
    }
    return Line(row, person, blind_index(person.key), facts)


def _number_problem(kind: str, raw: str, today: dt.date) -> str:
    """Nobody is too young or too old to learn: only the number itself is checked. Never repeats the number."""
    number = clean_number(raw)
    if kind != IdKind.CITIZEN:
        return "" if OTHER_DOCUMENT.fullmatch(number) else "证件号码应为5至20位字母和数字，请核对"
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return "应为18位居民身份证号码"
    anywhere = settings.DEMO or getattr(settings, "ALLOW_UNASSIGNED_ID_AREA", False)
    return citizen_id_problem(number, today=today, allow_unassigned_area=anywhere)


def person_index(person: Person) -> str:
    """The fingerprint contests and honours use: of a citizen's bare number; of other documents they know nothing."""
    return blind_index(person.id_number) if person.id_kind == IdKind.CITIZEN else ""


def _known(root: str, lines: list[Line]) -> tuple[dict[tuple[str, str, dt.date], Completion], dict[str, str]]:
    """What is entered of these people, by person, course and day; and the name each person was entered with."""
    with system_scope("one person, one course, one day is entered once, whichever union did it first"):
        rows = Completion.objects.filter(root_path=root, id_index__in={line.index for line in lines})
        found = list(rows.select_related("organisation").defer("id_number"))
    return {(c.id_index, c.course, c.finished_on): c for c in found}, {c.id_index: c.name for c in found}


def _resources(lines: list[Line]) -> dict[str, int]:
    """Course → the published resource of that name the desk sees; a name that two unions use is left to people."""
    titles = {line.facts["course"] for line in lines}
    rows = TrainingResource.objects.filter(title__in=titles).exclude(shown_path="").values_list("title", "pk")
    found: dict[str, list[int]] = {}
    for title, pk in rows:
        found.setdefault(title, []).append(pk)
    return {title: keys[0] for title, keys in found.items() if len(keys) == 1}


def _compare(
    plan: Plan, line: Line, organisation: Organisation, present: Completion | None, names: dict[str, str]
) -> None:
    title = f"{mask_name(line.person.name)}（{mask_id_number(line.person.id_number)}）{line.facts['course']}"
    if names.setdefault(line.index, line.person.name) != line.person.name:
        plan.problem(line.row, SHEET, "name", "这个证件号码已用另一个姓名登记过，请核对姓名和号码")
        return
    if present is None:
        plan.creates.append(line)
        plan.change(line.row, "create", title)
        return
    if present.organisation_id != organisation.pk:
        plan.problem(line.row, SHEET, "course", "这项结业记录已由其他单位登记，不重复登记")
        return
    before = {key: getattr(present, key) for key in SHOWN}
    after = {key: line.facts[key] for key in SHOWN}
    if details := differences(before, after, SHEET):
        plan.updates.append((line, present))
        plan.change(line.row, "update", title, details)
    else:
        plan.unchanged += 1


def apply(
    plan: Plan, organisation: Organisation, *, actor: Actor, batch: CompletionImport | None, now: dt.datetime
) -> None:
    """Writes a plan without problems, in the caller's transaction. IntegrityError when somebody else was first."""
    root, resources = path_prefixes(organisation.path)[0], plan.extra["resources"]
    Completion.objects.bulk_create(
        [
            Completion(
                root_path=root, organisation=organisation, name=line.person.name, id_kind=line.person.id_kind,
                id_number=line.person.id_number, id_index=line.index, person_index=person_index(line.person), resource_id=resources.get(line.facts["course"]),
                batch=batch, entered_by=actor.user, entered_at=now, **line.facts,
            )
            for line in sorted(plan.creates, key=lambda found: found.key)  # two imports wait for each other in one order
        ],
        batch_size=1000,
    )  # fmt: skip
    changed = []
    for line, present in plan.updates:
        for key in SHOWN:
            setattr(present, key, line.facts[key])
        changed.append(present)
    if changed:
        Completion.objects.bulk_update(changed, list(SHOWN), batch_size=500)
