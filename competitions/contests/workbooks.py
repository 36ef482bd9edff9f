"""Workbooks in (roster, marks) and out (晋升花名册 for 人社)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from competitions.contests.domain.marks import Entered
from competitions.contests.enums import ContestClass, Group, ImportedSheet, Level, PartKind, Sex
from competitions.contests.rules import rules
from portal.accounts.imports.reading import read
from portal.accounts.imports.sheets import Column, Problem, Row, Sheet
from portal.core.dates import local_date
from portal.core.identifiers import citizen_id_problem, mobile_problem
from portal.core.text import spreadsheet_clean


def _yes_no() -> dict[str, Any]:
    return {"是": True, "否": False}


def _labels(enum: Any) -> Any:
    return lambda: {str(label): value for value, label in enum.choices}


COMPETITORS = Sheet(
    ImportedSheet.COMPETITORS,
    (
        Column("name", "姓名", True, 60, example="张三"),
        Column("id_number", "身份证号", True, 18, width=24),
        Column("sex", "性别", True, options=_labels(Sex), width=8, example="男"),
        Column("phone", "手机", False, 11),
        Column("employer", "所在单位", True, 120, width=34),
        Column("level", "现有技能等级", True, options=_labels(Level), width=20, example="高级工（三级）"),
        Column("certificate_number", "等级证书编号", False, 40, width=24),
        Column("trade_years", "工种年限", True, kind="whole", example="5"),
        Column("training_hours", "赛前集训学时", False, kind="whole", example="40"),
        Column("is_insured", "在本市缴纳社会保险", True, options=_yes_no),
        Column("is_employed", "在岗", True, options=_yes_no, width=8),
        Column("is_champion", "已获技术能手", True, options=_yes_no),
        Column("is_nonpublic", "非公企业", True, options=_yes_no),
    ),
    _("按“身份证号”识别：每人限报一个赛项。"),
)
MARKS = Sheet(
    ImportedSheet.MARKS,
    (
        Column("code", "加密号", True, 10, _("抽签产生的加密号，不写姓名。"), example="ABC23"),
        Column("mark", "成绩", False, 8, _("0—100，最多两位小数；缺考留空。"), example="86.5"),
        Column("minutes", "用时（分钟）", False, 8, example="118.5"),
        Column("note", "备注", False, 200),
    ),
    _("按“加密号”识别：须包括全部选手。"),
)

PLAN = Sheet(
    ImportedSheet.PLAN,
    (
        Column("trade", "工种", True, 60, _("工种目录中的名称或代码。"), example="焊工"),
        Column("name", "赛项名称", True, 120, width=34, example="焊工职业技能竞赛"),
        Column("klass", "竞赛等级", True, options=_labels(ContestClass), example="市级一类"),
        Column("group", "组别", False, options=_labels(Group), help=_("不填为职工组。"), example="职工组"),
        Column("planned_on", "比赛日期", True, kind="date", example="2027-09-15"),
        Column("ends_on", "结束日期", False, kind="date", help=_("不填为一天。")),
        Column("venue", "赛场", False, 120, width=26),
        Column("cohosts", "联合主办、承办单位", False, 300, width=34),
        Column("min_field", "最少参赛人数", False, kind="whole", help=_("不填按竞赛等级的规定。")),
        Column("per_delegation", "每队选手上限", False, kind="whole", help=_("不填为3名。"), example="3"),
        Column("theory", "理论权重%", False, kind="whole", help=_("不填为30，不能超过30；其余为实操。"), example="30"),
    ),
    _("一行一个赛项；同一年度、同一工种、同一组别只列一次。"),
)


def plan_facts(row: Row, trade: Any) -> tuple[dict[str, Any], dict[str, Decimal]]:
    """A line of the plan as facts and weights of a contest; the year is that of the first day."""
    theory = Decimal(row["theory"] if row["theory"] is not None else 30)
    klass = row["klass"]
    facts = {
        "year": row["planned_on"].year, "trade": trade, "name": row["name"], "klass": klass,
        "group": row["group"] or Group.WORKER, "planned_on": row["planned_on"],
        "ends_on": row["ends_on"] or row["planned_on"], "venue": row["venue"] or "", "cohosts": row["cohosts"] or "",
        "min_field": row["min_field"] or rules().classes[klass].min_field, "per_delegation": row["per_delegation"] or 3,
    }  # fmt: skip
    return facts, {PartKind.THEORY: theory, PartKind.PRACTICAL: Decimal(100) - theory}


def read_competitors(content: bytes, *, today: dt.date) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Lines as facts of competitors, and every problem with its place. Raises Invalid for an unreadable file."""
    reading = read(content, COMPETITORS)
    problems, people, seen = list(reading.problems), [], dict[str, int]()
    for row in reading.rows:
        number = (row["id_number"] or "").upper()
        if problem := citizen_id_problem(number, today=today, allow_unassigned_area=True):
            problems.append(Problem(row.number, "身份证号", problem))
        elif number in seen:
            problems.append(Problem(row.number, "身份证号", _t("与第%d行重复。") % seen[number]))
        if row["phone"] and (problem := mobile_problem(row["phone"])):
            problems.append(Problem(row.number, "手机", problem))
        seen.setdefault(number, row.number)
        blank = {"phone": "", "certificate_number": "", "training_hours": 0}
        people.append({c.key: row[c.key] for c in COMPETITORS.columns} | {"id_number": number})
        people[-1] |= {key: value for key, value in blank.items() if people[-1][key] is None}
    return people, _sorted(problems)


def read_marks(content: bytes, people: dict[str, int]) -> tuple[dict[int, Entered], list[Problem]]:
    """Marks by competitor for ``people`` (code → competitor); all of them must be there, each once."""
    reading = read(content, MARKS)
    problems, found = list(reading.problems), dict[int, Entered]()
    for row in reading.rows:
        code = (row["code"] or "").upper()
        if code not in people:
            problems.append(Problem(row.number, "加密号", _t("本赛项没有加密号“%s”。") % code))
            continue
        if people[code] in found:
            problems.append(Problem(row.number, "加密号", _t("加密号“%s”重复。") % code))
        mark, minutes = (
            _figure(row, "mark", "成绩", 100, problems),
            _figure(row, "minutes", "用时（分钟）", 5000, problems),
        )
        found[people[code]] = Entered(mark, int(minutes * 60) if minutes is not None else None, row["note"] or "")
    missing = sorted(code for code, pk in people.items() if pk not in found)
    if missing and not problems:
        problems.append(Problem(0, "加密号", _t("缺少选手：%s") % "、".join(missing[:10])))
    return found, _sorted(problems)


def _figure(row: Row, key: str, label: str, top: int, problems: list[Problem]) -> Decimal | None:
    text = str(row[key] or "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        problems.append(Problem(row.number, label, _t("“%s”不是数字。") % text))
        return None
    exponent = value.as_tuple().exponent
    if not value.is_finite() or not 0 <= value <= top or (isinstance(exponent, int) and exponent < -2):
        problems.append(Problem(row.number, label, _t("须在0到%d之间，最多两位小数。") % top))
        return None
    return value


def _sorted(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda p: (p.row, p.column))


HEADS = ("序号", "姓名", "性别", "身份证号", "所在单位", "赛项", "竞赛等级", "职业（工种）", "名次", "现有等级", "证书编号",
         "申请晋升等级", "依据")  # fmt: skip
HONOUR_HEADS = ("序号", "推荐荣誉", "报送部门", "姓名", "性别", "身份证号", "所在单位", "赛项", "竞赛等级", "职业（工种）",
                "名次", "总成绩", "依据")  # fmt: skip
HONOUR_WIDTHS = (6, 18, 22, 10, 6, 22, 30, 30, 12, 18, 6, 10, 36)
WIDTHS = (6, 10, 6, 22, 30, 30, 12, 18, 6, 16, 22, 16, 30)


def honour_workbook(candidates: Iterable[Any], *, host: str, now: dt.datetime) -> bytes:
    """荣誉人选推荐表 for the departments that grant the honours: full ID numbers, so handed out to the host only and audited."""
    rows = []
    for number, row in enumerate(candidates, 1):
        person, contest = row.competitor, row.competitor.contest
        rows.append((
            number, row.get_honour_display(), row.rule.to, person.name, person.get_sex_display(), person.id_number,
            person.employer, contest.name, contest.get_klass_display(), contest.trade.name, person.result.rank,
            str(person.result.total), row.reason,
        ))  # fmt: skip
    return _roll("荣誉人选", "职业技能竞赛荣誉人选推荐表", HONOUR_HEADS, HONOUR_WIDTHS, rows, host=host, now=now)


def promotion_workbook(promotions: Iterable[Any], *, year: int, host: str, now: dt.datetime) -> bytes:
    """职业技能等级晋升花名册, as the department takes it: full ID numbers, so handed out to the host only and audited."""
    rows = []
    for number, row in enumerate(promotions, 1):
        person, contest = row.competitor, row.competitor.contest
        rows.append((
            number, person.name, person.get_sex_display(), person.id_number, person.employer, contest.name,
            contest.get_klass_display(), contest.trade.name, person.result.rank, row.get_before_display(),
            person.certificate_number, row.get_after_display(), row.reason,
        ))  # fmt: skip
    return _roll(
        "晋升花名册", f"{year}年职业技能竞赛选手晋升职业技能等级花名册", HEADS, WIDTHS, rows, host=host, now=now
    )


def _roll(
    title: str, heading: str, heads: tuple[str, ...], widths: tuple[int, ...], rows: list[tuple[Any, ...]], *,
    host: str, now: dt.datetime,
) -> bytes:  # fmt: skip
    """A list with heading, who fills it in, lines to sign on; A4 across, the heads on every page."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    sheet.cell(1, 1, heading).font = Font(bold=True, size=16)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center")
    sheet.cell(2, 1, f"填报单位（盖章）：{host}")
    sheet.cell(2, len(heads) - 2, f"填报日期：{local_date(now):%Y年%m月%d日}")
    line = Border(*(Side("thin"),) * 4)
    for number, (head, width) in enumerate(zip(heads, widths, strict=True), 1):
        cell = sheet.cell(3, number, head)
        cell.font, cell.border = Font(bold=True), line
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for at, values in enumerate(rows, 4):
        for number, value in enumerate(values, 1):
            cell = sheet.cell(at, number, value if isinstance(value, int) else spreadsheet_clean(str(value)))
            cell.border, cell.number_format = line, "@" if heads[number - 1] == "身份证号" else "General"
            cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.cell(len(rows) + 5, 1, "经办人：          审核人：          联系电话：")
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
