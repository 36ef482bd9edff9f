"""The workbook of a marking scheme: template, reading it back with every problem on its line, and export. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill

from competitions.marking.enums import AspectKind, RuleKind
from competitions.marking.scheme import Aspect, Criterion, Rule, Scheme, Section, SubCriterion, findings, plain
from portal.accounts.imports.reading import read
from portal.accounts.imports.sheets import Column, Problem, Row, Sheet
from portal.accounts.imports.template import DATA, template

STANDARD = "职业标准"
STANDARD_HEADS = ("章节代码", "章节名称", "权重（%）")
DECIMAL = re.compile(r"-?\d{1,8}(\.\d{1,4})?")
BAND = re.compile(r"(\d+(?:\.\d{1,4})?)\s*[=＝]\s*(\d{1,3}(?:\.\d{1,2})?)\s*%?")
PARTED = re.compile(r"[;；\n]")


class SchemeKind(TextChoices):
    SCHEME = "scheme", _("评分方案")


def _labels(enum: Any) -> Any:
    return lambda: {str(label): value for value, label in enum.choices}


SHEET = Sheet(
    SchemeKind.SCHEME,
    (
        Column("criterion", "大项代码", True, 1, _("A至I中的一个字母，最多9个大项。"), width=10, example="A"),
        Column("criterion_title", "大项名称", True, 60, _("同一大项各行写法一致。"), width=18, example="零件加工"),
        Column("part", "小项代码", True, 3, _("大项字母加数字；每个小项由一组裁判评分。"), width=10, example="A1"),
        Column("part_title", "小项名称", True, 60, width=18, example="外圆与长度"),
        Column("day", "评分日", True, kind="whole", help=_("第几天评分，1起。"), width=8, example="1"),
        Column("title", "评分点", True, 200, _("写清看什么、量什么。"), width=40, example="外圆直径 25±0.02 mm"),
        Column("kind", "类型", True, options=_labels(AspectKind), width=8, example="测量"),
        Column("max", "满分", True, 8, _("最多两位小数；全部评分点合计100分。"), width=8, example="2.5"),
        Column("section", "标准章节", True, 20, _("“职业标准”表中的章节代码。"), width=10, example="3"),
        Column("rule", "评分规则", options=_labels(RuleKind), help=_("测量评分点必选；评判评分点不填。"), width=12, example="允差分档"),
        Column("unit", "单位", False, 12, _("测量值的单位。"), width=8, example="mm"),
        Column("low", "最小值", False, 14, _("可能测到的最小值，超出的输入会被挡住。"), width=8, example="20"),
        Column("high", "最大值", False, 14, _("可能测到的最大值。"), width=8, example="30"),
        Column("target", "目标值", False, 14, _("允差分档填写。"), width=8, example="25"),
        Column("bands", "允差分档", False, 120, _("允差=得分比例，由小到大，用分号隔开；都不在的0分。"), width=26, example="0.02=100；0.05=50"),
        Column("best", "满分值", False, 14, _("线性折算：测到这个值得满分。"), width=8),
        Column("worst", "零分值", False, 14, _("线性折算：测到这个值得0分。"), width=8),
        Column("step", "每处扣分", False, 8, _("逐处扣分：每发现一处扣几分，扣完为止。"), width=8),
        *(
            Column(f"d{n}", f"{n}分描述", False, 300, _("评判评分点必填：什么样的工件得%s分。") % n, width=30)
            for n in range(4)
        ),
    ),
    _("一行一个评分点，按大项、小项归组，顺序就是评分时的顺序。“职业标准”表填写各章节的权重，合计100%。"),
)  # fmt: skip


@dataclass(slots=True)
class SchemePlan:
    """What was read; ``scheme`` only when there is no problem."""

    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    scheme: Scheme | None = None


def scheme_template(scheme: Scheme | None = None) -> bytes:
    """The workbook to fill in – empty, or holding a scheme (which is also its export)."""
    book = load_workbook(BytesIO(template(SHEET)))
    standard = book.create_sheet(STANDARD, 1)
    for number, head in enumerate(STANDARD_HEADS, 1):
        cell = standard.cell(1, number, head)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="A61B1F")
    for letter, width in zip("ABC", (12, 36, 12), strict=True):
        standard.column_dimensions[letter].width = width
    if scheme is not None:
        _fill(book, scheme)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(book: Workbook, scheme: Scheme) -> None:
    for number, section in enumerate(scheme.sections, 2):
        for column, value in enumerate((section.code, section.title, plain(section.weight)), 1):
            book[STANDARD].cell(number, column, value).number_format = "@"
    data, line = book[DATA], 2
    for criterion in scheme.criteria:
        for part in criterion.parts:
            for aspect in part.aspects:
                cells = _cells(criterion, part, aspect)
                for column, key in enumerate((c.key for c in SHEET.columns), 1):
                    cell = data.cell(line, column, cells.get(key))
                    if isinstance(cell.value, str):
                        cell.data_type, cell.number_format = "s", "@"  # never a formula
                line += 1


def _cells(criterion: Criterion, part: SubCriterion, aspect: Aspect) -> dict[str, Any]:
    cells = {
        "criterion": criterion.code, "criterion_title": criterion.title, "part": part.code, "part_title": part.title,
        "day": part.day, "title": aspect.title, "kind": str(AspectKind(aspect.kind).label), "max": plain(aspect.max),
        "section": aspect.section,
    }  # fmt: skip
    cells |= {f"d{n}": text for n, text in enumerate(aspect.descriptions)}
    if rule := aspect.rule:
        figures = {name: getattr(rule, name) for name in ("low", "high", "target", "best", "worst", "step")}
        cells |= {name: plain(value) for name, value in figures.items() if value is not None}
        cells |= {"rule": str(RuleKind(rule.kind).label), "unit": rule.unit, "bands": bands_text(rule.bands)}
    return cells


def bands_text(bands: tuple[tuple[Decimal, Decimal], ...]) -> str:
    return "；".join(f"{plain(limit)}={plain(share)}" for limit, share in bands)


def read_scheme(content: bytes) -> SchemePlan:
    """Every line and the whole. Raises Invalid when the file cannot be read at all; ``scheme`` is None with problems."""
    reading = read(content, SHEET)
    plan = SchemePlan(list(reading.problems), reading.count)
    sections = _sections(content, plan)
    rows: list[tuple[Row, Aspect]] = []
    counts: dict[str, int] = {}
    for row in reading.rows:
        found = _aspect(row, counts, plan)
        if found is not None:
            rows.append((row, found))
    scheme = Scheme(_grouped(rows, plan), sections)
    if plan.problems:  # what follows would only repeat them
        return plan
    lines = {aspect.code: row.number for row, aspect in rows}
    for row, _aspect_of in rows:
        lines.setdefault(row["part"], row.number)
        lines.setdefault(row["criterion"], row.number)
    plan.problems += [Problem(lines.get(f.place, 0), f.place, f.message) for f in findings(scheme)]
    plan.problems.sort(key=lambda p: (p.row, p.column))
    plan.scheme = None if plan.problems else scheme
    return plan


def _aspect(row: Row, counts: dict[str, int], plan: SchemePlan) -> Aspect | None:
    """One line as an aspect, numbered within its sub-criterion; None when a figure cannot be read."""
    before = len(plan.problems)
    part = row["part"].upper()
    counts[part] = counts.get(part, 0) + 1
    rule = None
    if row["rule"]:
        figures = {name: _figure(row, name, plan) for name in ("low", "high", "target", "best", "worst", "step")}
        rule = Rule(kind=row["rule"], unit=row["unit"] or "", bands=_bands(row, plan), **figures)
    maximum = _figure(row, "max", plan)
    if len(plan.problems) > before:
        return None
    texts = tuple(row[f"d{n}"] or "" for n in range(4))
    return Aspect(
        f"{part}.{counts[part]:02d}", row["kind"], row["title"], maximum, row["section"], rule,
        texts if any(texts) else (),
    )  # fmt: skip


def _figure(row: Row, key: str, plan: SchemePlan) -> Decimal | None:
    text = (row[key] or "").replace("，", "").replace(",", "")
    if not text:
        return None
    if not DECIMAL.fullmatch(text):
        plan.problems.append(Problem(row.number, SHEET.column(key).label, f"“{text[:30]}”不是最多四位小数的数"))
        return None
    return Decimal(text)


def _bands(row: Row, plan: SchemePlan) -> tuple[tuple[Decimal, Decimal], ...]:
    found = []
    for piece in filter(None, (p.strip() for p in PARTED.split(row["bands"] or ""))):
        match = BAND.fullmatch(piece.removeprefix("±"))
        if match is None:
            text = f"“{piece[:30]}”看不懂，请写成 0.02=100；0.05=50"
            plan.problems.append(Problem(row.number, SHEET.column("bands").label, text))
            return ()
        found.append((Decimal(match[1]), Decimal(match[2])))
    return tuple(found)


def _grouped(rows: list[tuple[Row, Aspect]], plan: SchemePlan) -> tuple[Criterion, ...]:
    """Criteria and sub-criteria in the order in which they first appear; names and days must agree."""
    criteria: dict[str, dict[str, list[tuple[Row, Aspect]]]] = {}
    first: dict[str, Row] = {}
    for row, aspect in rows:
        letter, part = row["criterion"].upper(), row["part"].upper()
        for code, keys in ((letter, ("criterion_title",)), (part, ("part_title", "day", "criterion"))):
            there = first.setdefault(code, row)
            for key in keys:
                if there[key] != row[key]:
                    text = f"与第{there.number}行“{code}”的写法不一致"
                    plan.problems.append(Problem(row.number, SHEET.column(key).label, text))
        criteria.setdefault(letter, {}).setdefault(part, []).append((row, aspect))
    return tuple(
        Criterion(
            letter, first[letter]["criterion_title"],
            tuple(
                SubCriterion(code, first[code]["part_title"], first[code]["day"], tuple(a for _r, a in of_part))
                for code, of_part in parts.items()
            ),
        )
        for letter, parts in criteria.items()
    )  # fmt: skip


def _sections(content: bytes, plan: SchemePlan) -> tuple[Section, ...]:
    """The sheet of the standard; ``read`` has made sure that the workbook opens."""
    book = load_workbook(BytesIO(content), data_only=False, keep_links=False)
    if STANDARD not in book.sheetnames:
        plan.problems.append(Problem(0, "", f"没有找到“{STANDARD}”工作表，请使用下载的模板。"))
        return ()
    found = []
    for number, cells in enumerate(book[STANDARD].iter_rows(min_row=2, max_row=60, max_col=3, values_only=True), 2):
        texts = ["" if value is None else str(value).strip() for value in cells]
        if not any(texts):
            continue
        try:
            weight = Decimal(texts[2].removesuffix("%"))
        except InvalidOperation:
            weight = Decimal("NaN")
        if not all(texts) or not weight.is_finite():
            plan.problems.append(Problem(0, STANDARD, f"第{number}行须填写章节代码、名称和权重（数字）。"))
            continue
        found.append(Section(texts[0][:20], texts[1][:80], weight))
    return tuple(found)
