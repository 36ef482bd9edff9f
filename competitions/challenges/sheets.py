"""Sheets of the yearly report: topics per industry and what challenges led to. What is secret is in none of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competitions.challenges import queries
from competitions.challenges.enums import Audience, ProblemKind, ProblemState
from portal.accounts.queries.codes import industry_label
from portal.reports.registry import Sheet


def topic_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per industry of the problems handed in for the year."""
    for line in queries.topics(queries.problems().filter(year=year, is_secret=False)):
        figures = [line[name] for name in ("stated", "picked", "contests", "challenged", "solved", "saved")]
        yield [industry_label(line["industry"]), *figures]


def result_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per problem solved, of the year it was stated in: problem, competition, result."""
    rows = queries.problems().filter(year=year, is_secret=False, state=ProblemState.SOLVED).order_by("industry", "pk")
    for row in rows.iterator(chunk_size=500):
        yield [
            row.title, row.industry_name, str(ProblemKind(row.kind).label), row.owner.name,
            row.employer.name if row.employer else "", row.filing.title if row.filing else "", row.outcome,
            row.quality_gain, row.productivity_gain, row.cost_saved,
        ]  # fmt: skip


def challenge_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per challenge published in the year."""
    rows = queries.challenges(actor).filter(year=year).exclude(audience=Audience.INVITED).order_by("pk")
    for row in rows.iterator(chunk_size=500):
        yield [
            row.title, row.industry_name, row.owner.name, str(row.get_audience_display()), row.claim_until,
            row.claim_count, str(row.get_state_display()),
        ]  # fmt: skip


TOPICS = Sheet(
    "problem_topics", "产业重点难点",
    ("行业门类", "提出难题", "已入选", "对应竞赛", "张榜", "已解决", "年降本增效（元）"), topic_rows,
    "本年度提出（不含草稿、撤回、暂不入选）的难题按行业门类汇总；涉密不公开的不列入。", 20,
)  # fmt: skip
RESULTS = Sheet(
    "problem_results", "难题攻关成果",
    ("难题", "行业门类", "类别", "提出工会", "企业", "对应竞赛", "成果", "质量提升%", "生产率提升%", "年降本增效（元）"),
    result_rows, "本年度提出并已解决的难题；金额须有财务证明；涉密不公开的不列入。", 21,
)  # fmt: skip
CHALLENGES = Sheet(
    "challenges", "揭榜挂帅", ("榜单", "行业门类", "难题提出工会", "张榜范围", "揭榜截止", "揭榜团队", "状态"),
    challenge_rows, "本年度发榜的榜单；定向邀请的不列入。", 22,
)  # fmt: skip
