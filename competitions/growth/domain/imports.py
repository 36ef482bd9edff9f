"""Results of a drill as a workbook: tried at once (five hundred rows at most), then applied whole or given up."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.growth.domain.drills import place
from competitions.growth.models import Drill, DrillImport, WorkerFile
from competitions.rosters.domain.people import checked_person
from competitions.rosters.enums import IdKind
from competitions.rosters.models import Worker
from competitions.rosters.persons import Person, clean_number
from portal.accounts.enums import ImportState
from portal.accounts.imports.plan import Plan, duplicates
from portal.accounts.imports.reading import check_content, read
from portal.accounts.imports.sheets import Column, Problem, Row, Sheet
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope
from portal.core.text import mask_id_number, mask_name, safe_file_name

MOST = 500
MOST_MARK = Decimal(1000)


class _Kind(models.TextChoices):
    RESULTS = "results", _("练兵比武成绩")


def _id_kinds() -> dict[str, Any]:
    return {str(label): value for value, label in IdKind.choices}


SHEET = Sheet(
    _Kind.RESULTS,
    (
        Column("name", "姓名", True, 60, width=14, example="张示范"),
        Column("id_number", "证件号码", True, 20, _("18位居民身份证号码，逐位校验。"), width=24, example="1201991990…"),
        Column("id_kind", "证件类型", help=_("不填按居民身份证。"), options=_id_kinds, width=22),
        Column("rank", "名次", kind="whole", help=_("可以并列；没有排名的不填。"), width=8, example="1"),
        Column("mark", "成绩", False, 8, _("最多两位小数。"), width=8, example="92.5"),
    ),
    _("按证件号码识别：已登记成绩的职工更新，没有的新增。名次和成绩至少填一项。"),
)  # fmt: skip


def _mark(text: str | None) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("请填写数字，最多两位小数") from error
    if not value.is_finite() or not 0 <= value <= MOST_MARK or value != value.quantize(Decimal("0.01")):
        raise ValueError(f"请填写0至{MOST_MARK}的数字，最多两位小数")
    return value


def check(rows: list[Row], drill: Drill, *, now: dt.datetime) -> tuple[Plan, list[dict[str, Any]]]:
    """Every problem of every row, and the sound rows as plain data. Reads in three queries, however many rows."""
    plan, lines = Plan(), []
    again = duplicates(rows, lambda r: clean_number(r["id_number"] or "") or None)
    for row in rows:
        if row.number in again:
            plan.problem(row, SHEET, "id_number", f"与第{again[row.number]}行是同一人")
        elif line := _line(plan, row, now):
            lines.append(line)
    indexes = {line["index"] for line in lines}
    names = _names(drill, indexes)
    placed = set(drill.results.filter(worker__id_index__in=indexes).values_list("worker__id_index", flat=True))
    by_number = {row.number: row for row in rows}
    for line in lines:
        row = by_number[line["row"]]
        if names.get(line["index"], line["name"]) != line["name"]:
            plan.problem(row, SHEET, "name", "这个证件号码已用另一个姓名登记过，请核对姓名和号码")
            continue
        kind = "update" if line["index"] in placed else "create"
        (plan.updates if kind == "update" else plan.creates).append(line)
        plan.change(row, kind, f"{mask_name(line['name'])}（{mask_id_number(line['id_number'])}）")
    if drill.results.count() + len(plan.creates) > drill.people:
        plan.problems.append(Problem(0, "", f"成绩的人数超过了参加人数{drill.people}，请先修改参加人数"))
    return plan, lines


def _line(plan: Plan, row: Row, now: dt.datetime) -> dict[str, Any] | None:
    before, mark = len(plan.problems), None
    try:
        mark = _mark(row["mark"])
    except ValueError as error:
        plan.problem(row, SHEET, "mark", str(error))
    if row["rank"] is not None and not 1 <= row["rank"] <= 10000:
        plan.problem(row, SHEET, "rank", "名次应为1至10000的整数")
    if row["rank"] is None and not row["mark"]:
        plan.problem(row, SHEET, "rank", "名次和成绩至少填写一项")
    try:
        person = checked_person(
            name=row["name"] or "", id_kind=row["id_kind"] or IdKind.CITIZEN.value, id_number=row["id_number"] or "",
            now=now,
        )  # fmt: skip
    except Invalid as error:
        for field, messages in error.fields.items():
            key = field if field in {"name", "id_number", "id_kind"} else ""
            plan.problem(row, SHEET, key, str(messages[0]).rstrip("。"))
        return None
    if len(plan.problems) > before:
        return None
    return {
        "row": row.number, "name": person.name, "id_kind": person.id_kind, "id_number": person.id_number,
        "sex": person.sex, "index": blind_index(person.key), "rank": row["rank"], "mark": str(mark) if mark is not None else "",
    }  # fmt: skip


def _names(drill: Drill, indexes: set[str]) -> dict[str, str]:
    """The names under which these numbers are known: in the federation's register, and in the unit's files."""
    root = path_prefixes(drill.organisation.path)[0]
    with system_scope("a number belongs to one name in the federation's register"):
        names = dict(Worker.objects.filter(root_path=root, id_index__in=indexes).values_list("id_index", "name"))
    files = WorkerFile.objects.filter(organisation=drill.organisation_id, id_index__in=indexes)
    return names | dict(files.values_list("id_index", "name"))


@transaction.atomic
def try_results(*, actor: Actor, drill: Drill, file_name: str, content: bytes, now: dt.datetime) -> DrillImport:
    """Reads and checks the workbook; writes nothing but its findings. Raises Invalid when it is no usable workbook."""
    policy_for("drill").require(actor, "change", drill)
    check_content(content)
    reading = read(content, SHEET)
    if reading.count > MOST:
        message = _t("一次最多%d行，请分成几份上传。") % MOST
        raise Invalid(message, fields={"file": [message]})
    plan, lines = check(reading.rows, drill, now=now)
    problems = sorted([*reading.problems, *plan.problems], key=lambda p: (p.row, p.column))
    drill.imports.filter(state=ImportState.CHECKED).update(rows="", changes=[], state=ImportState.CANCELLED)
    batch = DrillImport.objects.create(
        drill=drill, file_name=safe_file_name(file_name), count=reading.count, uploaded_by=actor.user, uploaded_at=now,
        state=ImportState.FAULTY if problems else ImportState.CHECKED,
        rows="" if problems else json.dumps(lines, ensure_ascii=False),
        problems=[p.plain() for p in problems], changes=[] if problems else plan.changes,
    )  # fmt: skip
    record("competitions.drill.results_tried", drill, actor=actor, now=now, rows=batch.count, problems=len(problems))
    return batch


@transaction.atomic
def apply_results(*, actor: Actor, batch: DrillImport, now: dt.datetime) -> Drill:
    """Writes all rows, or none: raises Invalid when one no longer fits, Conflict when it was applied or given up."""
    drill = lock_row(Drill, batch.drill_id)
    policy_for("drill").require(actor, "change", drill)
    row = lock_row(DrillImport, batch.pk)
    if row.state != ImportState.CHECKED:
        raise Conflict(_t("这份文件的状态是“%s”，不能导入。") % row.get_state_display())
    for line in sorted(json.loads(row.rows), key=lambda found: found["index"]):  # locks in one order
        person = Person(line["name"], line["id_kind"], line["id_number"], line["sex"])
        mark = Decimal(line["mark"]) if line["mark"] else None
        place(drill, person, rank=line["rank"], mark=mark, actor=actor, now=now)
    row.state, row.rows, row.changes = ImportState.APPLIED, "", []
    row.save()
    record("competitions.drill.results_imported", drill, actor=actor, now=now, rows=row.count)
    return drill


@transaction.atomic
def give_up(*, actor: Actor, batch: DrillImport, now: dt.datetime) -> Drill:
    drill = lock_row(Drill, batch.drill_id)
    policy_for("drill").require(actor, "change", drill)
    row = lock_row(DrillImport, batch.pk)
    if row.state not in {ImportState.CHECKED, ImportState.FAULTY}:
        raise Conflict(_t("这份文件的状态是“%s”，不能放弃。") % row.get_state_display())
    row.state, row.rows, row.changes = ImportState.CANCELLED, "", []
    row.save()
    record("competitions.drill.results_given_up", drill, actor=actor, now=now)
    return drill
