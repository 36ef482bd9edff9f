"""Sheets of the yearly report: contests, levels gained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competitions.contests import queries
from portal.reports.registry import Sheet


def contest_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per contest of the year's plan."""
    for row in queries.contests().filter(year=year).order_by("number").iterator(chunk_size=500):
        yield [
            row.number, row.name, row.trade.name, row.trade.occupation_code, str(row.trade.get_field_display()),
            str(row.get_klass_display()), row.owner.name, row.cohosts, row.planned_on, row.venue, row.teams, row.people,
            str(row.get_state_display()),
        ]  # fmt: skip


def promotion_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per person promoted by a contest of the year, without names."""
    rows = queries.promotions().filter(year=year).exclude(state="dropped").order_by("competitor__contest__number", "pk")
    for row in rows.iterator(chunk_size=500):
        contest = row.competitor.contest
        yield [
            contest.name, str(contest.get_klass_display()), row.competitor.employer, row.competitor.result.rank,
            str(row.get_before_display()), str(row.get_after_display()), row.rules, str(row.get_state_display()),
        ]  # fmt: skip


CONTESTS = Sheet(
    "contests",
    "技能竞赛",
    (
        "编号",
        "赛项",
        "工种",
        "职业编码",
        "领域",
        "竞赛等级",
        "主办工会",
        "联合主办承办",
        "比赛日期",
        "赛场",
        "代表队",
        "选手",
        "状态",
    ),
    contest_rows,
    "列入本年度工种计划的赛项；同一工种由几级工会举办的分别列出。选手为报名未退出、资格未被否决的人数。",
    65,
)
PROMOTIONS = Sheet(
    "contest_promotions",
    "竞赛晋升技能等级",
    ("赛项", "竞赛等级", "所在单位", "名次", "赛前等级", "晋升等级", "规则版本", "状态"),
    promotion_rows,
    "每人每年只能通过竞赛晋升一次；赛前、晋升等级即职工参赛前后的技能等级。",
    66,
)
