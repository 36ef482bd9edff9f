"""The roster as a workbook: its columns, the check of every row against the register, and writing all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.rosters.domain.people import FACTS, allows_unassigned_area, new_link, root_of
from competitions.rosters.enums import Duty, IdKind, NewGroup, Sex, Source
from competitions.rosters.models import Participation, Roster, RosterTeam, Worker
from competitions.rosters.persons import Person, clean_number, name_problem, number_problem, read_person
from portal.accounts.imports.plan import Plan, duplicates
from portal.accounts.imports.sheets import NO, YES, Column, Row, Sheet
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.errors import Conflict
from portal.core.scoping import system_scope
from portal.core.text import mask_id_number, mask_name

Report = Callable[[int, int, str], None]


class _Kind(models.TextChoices):
    PEOPLE = "people", _("参赛人员")


def _labels(enum: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {str(label): value for value, label in enum.choices}


def _yes_no() -> dict[str, Any]:
    return {YES: True, NO: False}


SHEET = Sheet(
    _Kind.PEOPLE,
    (
        Column("name", "姓名", True, 60, width=14, example="张示范"),
        Column("id_number", "证件号码", True, 20, _("18位居民身份证号码；逐位校验，须年满16周岁。"), width=24, example="1201991990…"),
        Column("id_kind", "证件类型", help=_("不填按居民身份证。"), options=_labels(IdKind), width=22),
        Column("sex", "性别", help=_("居民身份证可不填，按号码识别。"), options=_labels(Sex), width=8),
        Column("team", "班组（队）", length=60, help=_("名单里没有的会自动新建。"), width=20, example="焊接一班"),
        Column("trade", "工种或岗位", length=60, width=18, example="焊工"),
        Column("duty", "身份", help=_("不填按参赛职工。"), options=_labels(Duty), width=14),
        Column("is_frontline", "一线职工", options=_yes_no, width=10, example=YES),
        Column("is_migrant", "农民工", options=_yes_no, width=10, example=NO),
        Column("group", "新就业形态群体", help=_("不属于的不填。"), options=_labels(NewGroup), width=18),
    ),
    _("按证件号码识别：名单里已有的人员按表格更新班组、工种和分类，没有的新增；表格里没有的人员不受影响。重复导入不会产生重复人员。"),
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """A row whose person is known to be sound."""

    row: Row
    person: Person
    index: str
    team: str
    facts: dict[str, Any]


def _nothing(_done: int, _total: int, _stage: str) -> None:
    """Nobody wants to know."""


def check(rows: list[Row], roster: Roster, *, now: dt.datetime, report: Report = _nothing) -> Plan:
    """Every problem of every row, and what the rest would do. Reads in three queries, however many rows."""
    plan, lines = Plan(), []
    again = duplicates(rows, lambda row: (row["id_kind"] or IdKind.CITIZEN, clean_number(row["id_number"])))
    today, anywhere = local_date(now), allows_unassigned_area()
    for number, row in enumerate(rows, start=1):
        if number % 500 == 0:
            report(number, len(rows), "核对证件号码")
        if row.number in again:
            plan.problem(row, SHEET, "id_number", f"与第{again[row.number]}行是同一个证件号码")
        elif line := _line(plan, row, today, anywhere=anywhere):
            lines.append(line)
    root = root_of(roster.organisation.path)
    workers = _workers(root, [line.index for line in lines])
    entered = _entered(roster, list(workers.values()))
    for line in lines:
        _compare(plan, line, roster, workers.get(line.index), entered)
    plan.extra["workers"] = workers
    return plan


def _line(plan: Plan, row: Row, today: dt.date, *, anywhere: bool) -> Line | None:
    kind, problems = row["id_kind"] or IdKind.CITIZEN.value, len(plan.problems)
    if found := name_problem(row["name"] or ""):
        plan.problem(row, SHEET, "name", found.rstrip("。"))
    if found := number_problem(kind, row["id_number"] or "", today=today, allow_unassigned_area=anywhere):
        plan.problem(row, SHEET, "id_number", found.rstrip("。"))
    if kind == IdKind.PASSPORT and not row["sex"]:
        plan.problem(row, SHEET, "sex", "护照和通行证须填写性别")
    if len(plan.problems) > problems:
        return None
    person = read_person(kind, row["name"], row["id_number"], today=today, sex=row["sex"] or "")
    if row["sex"] and row["sex"] != person.sex:
        plan.problem(row, SHEET, "sex", "与证件号码不符")
        return None
    facts = {
        "trade": row["trade"] or "",
        "duty": row["duty"] or Duty.MEMBER.value,
        "is_frontline": bool(row["is_frontline"]),
        "is_migrant": bool(row["is_migrant"]),
        "group": row["group"] or "",
    }
    return Line(row, person, blind_index(person.key), (row["team"] or "").strip(), facts)


def _workers(root: str, indexes: list[str], *, lock: bool = False) -> dict[str, Worker]:
    with system_scope("somebody is in the register once, whichever unit entered them first"):
        rows = Worker.objects.filter(root_path=root, id_index__in=indexes).defer("id_number").order_by("pk")
        return {worker.id_index: worker for worker in (rows.select_for_update() if lock else rows)}


def _entered(roster: Roster, workers: list[Worker]) -> dict[int, Participation]:
    """Worker → where they are in this competition already, on whichever roster."""
    with system_scope("nobody takes part twice in one competition, whoever entered them"):
        rows = Participation.objects.filter(filing=roster.filing_id, worker__in=[w.pk for w in workers])
        rows = rows.select_related("team", "roster__organisation", "roster__employer").defer("token")
        return {row.worker_id: row for row in rows}


def _compare(plan: Plan, line: Line, roster: Roster, worker: Worker | None, entered: dict[int, Participation]) -> None:
    title = f"{mask_name(line.person.name)}（{mask_id_number(line.person.id_number)}）"
    if worker is not None and worker.name != line.person.name:
        plan.problem(line.row, SHEET, "name", "这个证件号码已用另一个姓名登记过，请核对姓名和号码")
        return
    present = entered.get(worker.pk) if worker is not None else None
    if present is None:
        plan.creates.append(line)
        plan.change(line.row, "create", title)
    elif present.roster_id != roster.pk:
        message = f"该职工已由“{present.roster.who}”登记参加本竞赛，一项竞赛一人只登记一次"
        plan.problem(line.row, SHEET, "id_number", message)
    elif details := _details(present, line):
        plan.updates.append((line, present))
        plan.change(line.row, "update", title, details)
    else:
        plan.unchanged += 1


def _details(present: Participation, line: Line) -> list[str]:
    labels = {column.key: column.label for column in SHEET.columns}
    before = {name: getattr(present, name) for name in line.facts}
    before["team"] = present.team.name if present.team_id else ""
    return [labels[name] for name, value in (line.facts | {"team": line.team}).items() if before[name] != value]


def apply(plan: Plan, roster: Roster, *, actor: Actor, now: dt.datetime) -> None:
    """Writes a plan without problems, in the caller's transaction that holds the roster's lock."""
    teams = _teams(plan, roster)
    workers = _add_workers(plan, root_of(roster.organisation.path), now)
    rows = [
        Participation(
            roster=roster, filing_id=roster.filing_id, worker=workers[line.index], team=teams.get(line.team),
            is_woman=line.person.sex == Sex.FEMALE, source=Source.IMPORT, registered_by=actor.user, registered_at=now,
            **line.facts, **new_link(),
        )
        for line in plan.creates
    ]  # fmt: skip
    Participation.objects.bulk_create(rows, batch_size=1000)
    changed = []
    for line, present in plan.updates:
        for name, value in line.facts.items():
            setattr(present, name, value)
        present.team = teams.get(line.team)
        changed.append(present)
    if changed:
        fields = [*(name for name in FACTS if name != "street"), "team"]
        Participation.objects.bulk_update(changed, fields, batch_size=500)


def _teams(plan: Plan, roster: Roster) -> dict[str, RosterTeam]:
    """The roster's teams by name; those the workbook names for the first time are added."""
    wanted = {line.team for line in plan.creates} | {line.team for line, _present in plan.updates}
    known = {team.name: team for team in RosterTeam.objects.filter(roster=roster)}
    new = [RosterTeam(roster=roster, name=name) for name in sorted(wanted - set(known) - {""})]
    RosterTeam.objects.bulk_create(new)
    return known | {team.name: team for team in new}


def _add_workers(plan: Plan, root: str, now: dt.datetime) -> dict[str, Worker]:
    """Everybody of the plan in the register; whom another unit enters at the same moment is found, not doubled."""
    known = plan.extra["workers"]
    new = [
        Worker(
            root_path=root, name=line.person.name, id_kind=line.person.id_kind, id_number=line.person.id_number,
            id_index=line.index, sex=line.person.sex, created_at=now,
        )
        for line in plan.creates
        if line.index not in known
    ]  # fmt: skip
    new.sort(key=lambda worker: worker.id_index)  # two imports at once wait for one another in one order
    Worker.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
    # Locked, so that nobody leaves the register between here and the commit.
    workers = _workers(root, [line.index for line in plan.creates], lock=True)
    if any(workers[line.index].name != line.person.name for line in plan.creates):
        raise Conflict("导入期间有人用另一个姓名登记了同一证件号码，没有写入任何数据。请重新上传试导。")
    return workers
