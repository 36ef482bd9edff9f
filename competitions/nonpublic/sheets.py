"""Sheets of the yearly report: coverage with its definitions, the pool, who gained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competitions.nonpublic import figures, queries
from competitions.nonpublic.enums import Reached
from portal.reports.registry import Sheet


def coverage_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per figure, then one per kind of 三新 and 八大群体, as they stand when the report is made."""
    units = queries.units(year=year)
    for figure, share in figures.shares(units).items():
        yield [str(figure.label), share.held, share.total, share.percent, figures.definition_of(figure)]
    words = figures.emerging_words()
    for key, share in figures.emerging_shares(units).items():
        yield [words[key], share.held, share.total, share.percent, str(figures.EMERGING_DEFINITION)]


def pool_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per enterprise in a pool in the year."""
    rows = queries.pool().filter(year__lte=year).order_by("owner__path", "pk")
    for row in rows.iterator(chunk_size=500):
        yield [
            row.employer.name,
            row.owner.name,
            str(row.get_stage_display()),
            row.year,
            row.goal_year,
            row.coach,
            row.helper.name if row.helper else "",
            row.last_on,
        ]


def benefit_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per record of the year."""
    rows = queries.benefits().filter(on__year=year).order_by("on", "pk")
    for row in rows.iterator(chunk_size=500):
        yield [
            row.on,
            row.employer.name,
            str(row.get_kind_display()),
            row.contest,
            row.headcount,
            row.amount,
            row.words,
        ]


def weak_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per enterprise helped in the year or still being helped in it."""
    rows = queries.weak_units().filter(year__lte=year).exclude(ended_at__year__lt=year)
    for row in rows.order_by("owner__path", "pk").iterator(chunk_size=500):
        yield [
            row.employer.name, row.owner.name, row.helper_label, row.contact, row.year, row.due_on, row.planned, row.done,
            row.get_status_display(), row.filing.title if row.filing else row.reason,
        ]  # fmt: skip


def assessment_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per union and check item of the year's assessments; unions that have not handed in have one empty line."""
    rows = queries.self_answers().filter(assessment__year=year).order_by("assessment", "union__path")
    for row in rows.iterator(chunk_size=200):
        head = [row.assessment.policy.title, row.union.name, row.get_status_display()]
        if row.filed_at is None:
            yield [*head, "", "", ""]
            continue
        for number, item in enumerate(row.assessment.items):
            mark = row.mark(number)
            label = Reached(mark["reached"]).label if mark.get("reached") else ""
            yield [*head, f"{number + 1}. {item['words']}", str(label), mark.get("words", "")]


COVERAGE = Sheet(
    "coverage",
    "竞赛覆盖面",
    ("指标", "已开展", "单位数", "覆盖率%", "口径"),
    coverage_rows,
    "一个单位的工会本年度至少有一项竞赛已备案（审核通过且未撤回），即计为已开展；没有单位的指标不计算比率。",
    62,
)
POOL = Sheet(
    "cultivated",
    "非公竞赛培育库",
    ("企业", "培育工会", "阶段", "入库年度", "目标申报年度", "联系指导人", "结对帮扶单位", "最近一次指导"),
    pool_rows,
    "本年度及以前入库的培育对象，阶段为形成报表时的阶段。",
    63,
)
BENEFITS = Sheet(
    "contest_benefits",
    "竞赛双受益",
    ("日期", "单位", "受益类别", "竞赛", "受益职工", "金额（元）", "说明"),
    benefit_rows,
    "日期在本年度的受益记录；受益职工为每条记录内的人数，不同记录之间不去重。",
    64,
)
WEAK = Sheet(
    "weak_units",
    "薄弱企业帮扶",
    ("企业", "帮扶工会", "帮扶单位", "联系人", "列入年度", "帮扶期限", "措施", "已完成", "状态", "竞赛或原因"),
    weak_rows,
    "本年度及以前列入、本年度仍在帮扶或本年度结束的中小微非公企业；状态为形成报表时的状态。",
    65,
)
ASSESSMENTS = Sheet(
    "policy_assessments",
    "政策落实自评",
    ("政策文件", "工会", "状态", "检查项目", "落实情况", "说明"),
    assessment_rows,
    "各区、局、集团公司工会自评；状态为形成报表时的状态。",
    66,
)
