"""Sheets of the yearly report: studios with the year's numbers, their checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from innovations.studios import queries
from innovations.studios.enums import CheckStatus
from portal.reports.registry import Sheet


def studio_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per studio that ran in the year."""
    rows = queries.studios(year).filter(founded_on__year__lte=year)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__year__gte=year)).order_by("organisation__path", "pk")
    for row in rows.iterator(chunk_size=500):
        yield [
            row.name, str(row.get_kind_display()), row.level_label, row.employer.name, row.organisation.name,
            row.leader, row.leader_honour, row.area, row.members_now, row.topics_year, row.results_all,
            row.activities_year, row.promotions_all, row.benefit_year, row.balance, str(row.get_status_display()),
            row.reconfirm_on,
        ]  # fmt: skip


def check_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per check of the year; those dropped with their studio are not among them."""
    rows = queries.checks().filter(year=year).exclude(status=CheckStatus.DROPPED)
    for row in rows.order_by("owner__path", "studio__organisation__path", "pk").iterator(chunk_size=500):
        yield [
            row.studio.name, row.studio.employer.name, row.owner.name, str(row.get_status_display()), row.first_total,
            row.total, row.grade, row.due_on,
        ]  # fmt: skip


STUDIOS = Sheet(
    "studios",
    "创新工作室",
    ("工作室", "类型", "级别", "所在单位", "所属工会", "领衔人", "主要荣誉", "面积（m²）", "成员", "本年课题", "累计成果",
     "本年培训交流（场）", "累计晋级", "本年效益（元）", "经费余额（元）", "状态", "复核到期"),
    studio_rows,
    "截至生成日的登记；本年以前摘牌、注销的不列。效益为本年度成果的年效益合计。",
    80,
)  # fmt: skip
CHECKS = Sheet(
    "studio_checks",
    "工作室年度考核",
    ("工作室", "所在单位", "考核单位", "状态", "整改前得分", "得分", "等级", "期限"),
    check_rows,
    "本年度的考核，百分制，低于60分限期六个月整改。",
    81,
)
