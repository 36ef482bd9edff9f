"""Sheets of the yearly report: the register with its coverage, and care for the workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import timezone

from competitions.projects import queries
from competitions.projects.display import place_of
from competitions.projects.enums import FundSource, Light
from portal.core.dates import local_date
from portal.reports.registry import Sheet


def project_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per project that was built in the year; figures as they stand when the report is made."""
    rows = queries.projects(now=timezone.now()).filter(starts_on__year__lte=year)
    rows = rows.filter(Q(finished_on=None) | Q(finished_on__year__gte=year)).order_by("number")
    for project in rows.iterator(chunk_size=500):
        yield [
            project.number,
            project.name,
            str(project.get_level_display()),
            str(project.get_kind_display()),
            str(project.get_status_display()),
            place_of(project),
            project.owner.name,
            local_date(project.plan_filed_at) if project.plan_filed_at else None,
            project.planned,
            project.real,
            str(Light(project.light).label),
            project.open_tickets,
            project.last_visit,
            project.score,
            project.workers,
            project.named_year,
        ]


def care_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per 慰问 of the year."""
    for care in queries.care_visits().filter(on__year=year).order_by("on", "pk").iterator(chunk_size=500):
        yield [
            care.on,
            care.project.name,
            care.organisation.name if care.organisation else "",
            care.headcount,
            care.goods,
            care.amount,
            str(FundSource(care.source).label),
            care.approval_number,
        ]


PROJECTS = Sheet(
    "projects",
    "重点工程",
    ("编号", "工程名称", "级别", "类别", "建设状态", "所在地", "管理工会", "方案备案", "计划进度%", "形象进度%", "进度灯",
     "未办结问题", "最近调研", "最近评分", "参建职工", "示范工程命名年度"),
    project_rows,
    "本年度在建过的重点工程；重点工程竞赛率＝方案已备案的在建工程÷全部在建工程。",
    60,
)  # fmt: skip
CARE = Sheet(
    "project_care",
    "重点工程慰问",
    ("日期", "工程", "慰问单位", "人数", "慰问品", "金额（元）", "资金来源", "审批文号"),
    care_rows,
    "慰问日期在本年度的记录。",
    61,
)
