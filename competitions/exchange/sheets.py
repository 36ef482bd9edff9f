"""Sheets of the yearly report: cases that were shared, events and visits that took place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Sum

from competitions.exchange import queries
from competitions.exchange.enums import BookingState, CaseState, EventState
from competitions.exchange.models import ExchangeCase, ExchangeEvent
from portal.reports.registry import Sheet


def case_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per case published in the year."""
    rows = ExchangeCase.objects.filter(state=CaseState.PUBLISHED, published_at__year=year).select_related("owner")
    for row in rows.order_by("published_at", "pk").iterator(chunk_size=500):
        yield [
            row.title, str(row.get_subject_display()), row.model_name, row.honour, row.field, row.owner.name,
            row.published_at.date(),
        ]  # fmt: skip


def event_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """Events held and visits received in the year."""
    rows = ExchangeEvent.objects.filter(state=EventState.HELD, starts_at__year=year).select_related("owner")
    for row in rows.annotate(came=Sum("registrations__came")).order_by("starts_at", "pk"):
        yield ["交流活动", row.title, str(row.get_kind_display()), row.owner.name, row.starts_at.date(), row.came or 0]
    visits = queries.bookings().filter(state=BookingState.DONE, day__on__year=year).order_by("day__on", "pk")
    for visit in visits:
        yield [
            "参观接待",
            visit.day.topic,
            visit.organisation.name,
            visit.day.owner.name,
            visit.day.on,
            visit.came or 0,
        ]


CASES = Sheet(
    "exchange_cases",
    "经验案例",
    ("标题", "典型类型", "典型名称", "所获荣誉", "领域", "提供单位", "发布日期"),
    case_rows,
    "本年度经上一级工会审核后发布、没有撤下的案例。",
    67,
)
EVENTS = Sheet(
    "exchange_events",
    "交流互访",
    ("类别", "名称", "形式或来访单位", "主办（接待）单位", "日期", "参加人次"),
    event_rows,
    "本年度已登记小结的交流活动和已登记接待情况的参观；人次为签到人数。",
    68,
)
