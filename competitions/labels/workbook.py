"""班组和称号 as a workbook: its columns, the check of every row against the register, and writing all of it or nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.labels.domain.teams import MAX_HEADCOUNT, term_end, wrong_label
from competitions.labels.enums import LEVEL_OF_UNION, LabelStatus, TeamKind
from competitions.labels.kinds import given_here, kinds
from competitions.labels.models import TeamLabel, WorkTeam
from portal.accounts.imports.plan import Plan, duplicates
from portal.accounts.imports.sheets import Column, Row, Sheet
from portal.accounts.models import Employer, Organisation
from portal.core.dates import local_date

MAX_ROWS = 2000


class _Kind(models.TextChoices):
    LABELS = "labels", _("班组称号")


SHEET = Sheet(
    _Kind.LABELS,
    (
        Column("unit", "所在单位", True, 120, _("单位全称或统一社会信用代码，须是本工会范围内已登记的单位。"), width=34),
        Column("team", "班组名称", True, 80, width=26, example="焊接一班"),
        Column("team_kind", "类别", options=lambda: {str(x.label): x.value for x in TeamKind}, width=22, help=_("不填按班组。")),
        Column("leader", "班组长", length=40, width=12),
        Column("headcount", "人数", kind="whole", width=8, example="12"),
        Column("label", "称号", True, options=lambda: {title: code for code, title in given_here()}, width=18),
        Column("number", "文号", True, 60, width=24, example="津东工〔2026〕8号"),
        Column("title", "依据文件", length=160, width=30),
        Column("given_on", "授予日期", True, kind="date", width=14, example="2026-04-28"),
        Column("until", "有效期至", kind="date", width=14, help=_("不填按称号目录规定的年限计算。")),
    ),
    _("按“所在单位＋班组名称”识别班组：没有的新增；按“班组＋称号”识别称号：本级已授予且有效的，表格内容相同的不变、不同的更新。"),
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """A sound row: its employer, the team (None: to be added), the label it changes (None: to be given)."""

    row: Row
    employer: Employer
    team: WorkTeam | None
    label: TeamLabel | None
    facts: dict[str, Any]


def check(rows: list[Row], giver: Organisation, *, now: dt.datetime) -> Plan:
    """Every problem of every row, and what the rest would do; three queries, however many rows."""
    plan, today = Plan(), local_date(now)
    again = duplicates(rows, lambda row: (row["unit"], row["team"], row["label"]))
    employers = _employers({row["unit"] for row in rows})
    units = {e.organisation_id for found in employers.values() for e in found}
    teams = {(t.organisation_id, t.name): t for t in WorkTeam.objects.filter(organisation__in=units)}
    labels = _labels(list(teams.values()), giver)
    for row in rows:
        found = employers.get(row["unit"], [])
        if row.number in again:
            plan.problem(row, SHEET, "team", f"与第{again[row.number]}行重复")
        elif len(found) != 1:
            plan.problem(
                row, SHEET, "unit", "有多个同名单位，请填信用代码" if found else "没有找到这个单位，请先登记用人单位"
            )
        else:
            _compare(plan, row, found[0], (teams, labels), today)
    return plan


def _employers(words: set[str]) -> dict[str, list[Employer]]:
    rows = Employer.objects.filter(models.Q(name__in=words) | models.Q(credit_code__in=words))
    found: dict[str, list[Employer]] = {}
    for employer in rows.select_related("organisation"):
        for word in {employer.name, employer.credit_code} & words:
            found.setdefault(word, []).append(employer)
    return found


def _labels(teams: list[WorkTeam], giver: Organisation) -> dict[tuple[int, str], TeamLabel]:
    rows = TeamLabel.objects.filter(team__in=teams, level=LEVEL_OF_UNION[giver.level], entry=None)
    return {(label.team_id, label.kind): label for label in rows.exclude(status=LabelStatus.REMOVED)}


def _compare(plan: Plan, row: Row, employer: Employer, known: tuple[dict, dict], today: dt.date) -> None:
    teams, labels = known
    facts = {
        "kind": row["label"], "basis_number": row["number"], "basis_title": row["title"] or "",
        "given_on": row["given_on"], "valid_until": row["until"],
    }  # fmt: skip
    columns = {"kind": "label", "given_on": "given_on", "valid_until": "until", "basis_number": "number"}
    wrong = wrong_label(facts, today)
    for name, messages in wrong.items():
        plan.problem(row, SHEET, columns[name], messages[0].rstrip("。"))
    if row["headcount"] is not None and not 1 <= row["headcount"] <= MAX_HEADCOUNT:
        plan.problem(row, SHEET, "headcount", f"人数应在1到{MAX_HEADCOUNT}之间")
        return
    if wrong:
        return
    facts["valid_until"] = facts["valid_until"] or term_end(facts["given_on"], kinds()[facts["kind"]].term_years)
    team = teams.get((employer.organisation_id, row["team"]))
    label = labels.get((team.pk, row["label"])) if team else None
    line, title = Line(row, employer, team, label, facts), f"{row['team']} {kinds()[row['label']].title}"
    if label is None:
        plan.creates.append(line)
        plan.change(row, "create", title)
    elif label.status == LabelStatus.PROPOSED:
        plan.problem(row, SHEET, "label", "这个称号正在办理摘牌")
    elif changed := [name for name in facts if getattr(label, name) != facts[name]]:
        plan.updates.append(line)
        plan.change(row, "update", title, [str(TeamLabel._meta.get_field(n).verbose_name) for n in changed])
    else:
        plan.unchanged += 1


def apply(plan: Plan, giver: Organisation) -> None:
    """Writes a plan without problems, in the caller's transaction. Facts of a team the register has stay as they are."""
    added: dict[tuple[int, str], WorkTeam] = {}
    for line in plan.creates:
        row, key = line.row, (line.employer.organisation_id, line.row["team"])
        if line.team is None and key not in added:
            added[key] = WorkTeam(
                organisation=line.employer.organisation, employer=line.employer, name=row["team"],
                kind=row["team_kind"] or TeamKind.TEAM, leader=row["leader"] or "", headcount=row["headcount"],
            )  # fmt: skip
    WorkTeam.objects.bulk_create(added.values())
    level = LEVEL_OF_UNION[giver.level]
    TeamLabel.objects.bulk_create(
        TeamLabel(
            team=line.team or added[line.employer.organisation_id, line.row["team"]], given_by=giver, level=level,
            **line.facts,
        )
        for line in plan.creates
    )  # fmt: skip
    for line in plan.updates:
        for name, value in line.facts.items():
            setattr(line.label, name, value)
    TeamLabel.objects.bulk_update(
        [line.label for line in plan.updates], ["basis_number", "basis_title", "given_on", "valid_until"]
    )
