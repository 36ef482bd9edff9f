"""Benches: who did not appear; and those of a contest outside the register, listed in a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.marking import queries
from competitions.marking.domain.boards import refresh_later
from competitions.marking.models import Bench, Mark, Marking, SubCriterion
from portal.accounts.imports.reading import read
from portal.accounts.imports.sheets import Column, Problem, Row, Sheet
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict
from portal.core.policies import policy_for


class BenchKind(TextChoices):
    BENCHES = "benches", _("工位名单")


SHEET = Sheet(
    BenchKind.BENCHES,
    (
        Column("code", "工位号", True, 20, _("抽签排定的工位号，裁判只看到它。"), example="01"),
        Column("session", "场次", False, 80, example="第一场"),
        Column("name", "姓名", True, 80, _("只用于公布成绩，榜单上隐去一个字。"), example="张三"),
        Column("organisation", "单位工会编号", True, 30, _("选手所在单位工会的内部编号。"), width=20, example="JN-0001"),
        Column("absent", "缺考", False, 4, _("没有参加的填“是”。"), width=8),
    ),
    _("按“工位号”识别：已有的更新，没有的新增；已评过分的工位不能换人。"),
)  # fmt: skip


@transaction.atomic
def set_absent(*, actor: Actor, marking: Marking, benches: Iterable[int], now: dt.datetime) -> int:
    """登记缺考: exactly these benches are absent; they need no marks and get none. Returns how many changed.

    Raises Conflict for a bench that has marks. The sub-criteria are locked first, so that no mark arrives meanwhile.
    """
    marking = lock_row(Marking, marking.pk)
    policy_for("marking").require(actor, "organise", marking)
    lock_rows(SubCriterion.objects.filter(scheme__marking=marking, **queries.IN_FORCE))
    wanted, marked = set(benches), set(queries.marked_benches(marking))
    rows = list(Bench.objects.filter(marking=marking))
    if taken := [b.code for b in rows if b.pk in wanted & marked]:
        raise Conflict(_t("工位%s已经评过分，不能登记缺考。") % "、".join(taken))
    changed = [b for b in rows if b.pk not in marked and b.is_absent != (b.pk in wanted)]
    for bench in changed:
        bench.is_absent = bench.pk in wanted
    Bench.objects.bulk_update(changed, ["is_absent"])
    if changed:
        gone = [b.code for b in changed if b.is_absent]
        back = [b.code for b in changed if not b.is_absent]
        record("competitions.marking.absent", marking, actor=actor, now=now, absent=gone, present=back)
        refresh_later(marking, now=now)
    return len(changed)


@transaction.atomic
def load_benches(*, actor: Actor, marking: Marking, content: bytes, now: dt.datetime) -> tuple[list[Problem], int]:
    """All lines or none: problems by line, or how many benches there are now.

    Raises Invalid when the file cannot be read, Conflict for a contest whose benches come from the register.
    """
    marking = lock_row(Marking, marking.pk)
    policy_for("marking").require(actor, "organise", marking)
    if marking.contest is not None:
        raise Conflict(_t("这个赛项的工位由赛项登记给出，请在赛项中排定后点“更新工位”。"))
    reading = read(content, SHEET)
    problems = list(reading.problems)
    units = {o.code: o for o in Organisation.objects.filter(code__in={row["organisation"] for row in reading.rows})}
    there = {b.code: b for b in Bench.objects.filter(marking=marking)}
    marked = set(Mark.objects.filter(bench__marking=marking).values_list("bench_id", flat=True))
    seen: dict[str, int] = {}
    for row in reading.rows:
        if words := _problem(row, units, seen, there.get(row["code"]), marked):
            problems.append(Problem(row.number, *words))
        seen.setdefault(row["code"], row.number)
    if problems:
        return sorted(problems, key=lambda p: (p.row, p.column)), 0
    for order, row in enumerate(reading.rows, 1):
        bench = there.get(row["code"]) or Bench(marking=marking, code=row["code"])
        bench.session, bench.name, bench.order = row["session"] or "", row["name"], order
        bench.organisation, bench.is_absent = units[row["organisation"]], row["absent"] == "是"
        bench.save()
    count = Bench.objects.filter(marking=marking, is_absent=False).count()
    record("competitions.marking.listed", marking, actor=actor, now=now, rows=len(reading.rows), benches=count)
    return [], count


def _problem(
    row: Row, units: dict[str, Organisation], seen: dict[str, int], bench: Bench | None, marked: set[int]
) -> tuple[str, str] | None:
    if row["code"] in seen:
        return "工位号", _t("与第%d行重复。") % seen[row["code"]]
    if row["organisation"] not in units:
        return "单位工会编号", _t("本级管理范围内没有编号为“%s”的工会。") % row["organisation"]
    if row["absent"] not in {None, "是"}:
        return "缺考", _t("只能填“是”或留空。")
    if bench is not None and bench.pk in marked and bench.name != row["name"]:
        return "姓名", _t("这个工位已经评过分，不能换人。")
    return None
