"""Sheets of the yearly report: labels that stand, what the re-checks found, ratings of windows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from competitions.labels import queries
from competitions.labels.enums import Dimension
from competitions.labels.figures import MIN_COUNT, Scores
from portal.reports.registry import Sheet


def label_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per label given up to the end of the year; those taken away with the day."""
    rows = queries.labels().filter(given_on__lte=dt.date(year, 12, 31))
    rows = rows.filter(Q(removed_on=None) | Q(removed_on__year=year)).order_by("team__organisation__path", "pk")
    for row in rows.iterator(chunk_size=500):
        yield [
            row.title, row.team.name, row.team.unit_name, row.team.organisation.name, str(row.get_level_display()),
            row.given_by.name, row.basis_number, row.given_on, row.valid_until, str(row.get_status_display()),
            row.removed_on, row.removed_reason,
        ]  # fmt: skip


def recheck_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per campaign of the year."""
    for row in queries.campaigns(dt.date(year, 12, 31)).filter(year=year).order_by("owner__path", "kind"):
        done = [row.holders, row.confirmed, row.filed, row.mending, row.waiting, row.removed, row.overdue]
        yield [row.title, row.owner.name, row.due_on, *done]


def rating_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per rated team: its ratings of all time as they count today."""
    found, nothing = queries.scores_of_all(), Scores(0, dict.fromkeys(Dimension.values, 0))
    for point in queries.points().order_by("team__organisation__path", "pk"):
        scores = found.get(point.pk, nothing)
        means = [scores.mean(d) for d in Dimension.values]
        yield [point.team.name, point.team.unit_name, point.service, scores.count, scores.left_out, *means,
               scores.overall]  # fmt: skip


LABELS = Sheet(
    "team_labels",
    "班组称号",
    (
        "称号",
        "班组",
        "所在单位",
        "所属工会",
        "级别",
        "授予单位",
        "文号",
        "授予日期",
        "有效期至",
        "状态",
        "摘牌日期",
        "摘牌原因",
    ),
    label_rows,
    "截至本年度末授予的班组称号；以前年度已摘牌的不列。",
    70,
)
RECHECKS = Sheet(
    "label_rechecks",
    "称号年度复查",
    ("称号", "组织单位", "自查截止", "应复查", "合格", "待审核", "整改中", "待自查", "已摘牌", "逾期"),
    recheck_rows,
    "本年度发起的复查，当年授予、已到期和已摘牌的称号不列入复查。",
    71,
)
RATINGS = Sheet(
    "service_ratings",
    "服务五比评价",
    ("窗口（班组）", "所在单位", "服务事项", "计入评价数", "不计入", *Dimension.labels, "综合"),
    rating_rows,
    f"服务对象扫码评价，1至5分；计入评价不足{MIN_COUNT}次的不计算均值。仅供参考，不作为评选依据。",
    72,
)
