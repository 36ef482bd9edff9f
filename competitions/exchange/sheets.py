"""Sheets of the yearly report: cases that were shared, events and visits that took place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Sum

from competitions.exchange import effects, queries
from competitions.exchange.enums import BookingState, CaseState, EventState
from competitions.exchange.models import ExchangeCase, ExchangeEvent
from portal.core.dates import local_date
from portal.reports.registry import Sheet


def case_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per case published in the year."""
    rows = ExchangeCase.objects.filter(state=CaseState.PUBLISHED, published_at__year=year).select_related("owner")
    for row in rows.order_by("published_at", "pk").iterator(chunk_size=500):
        yield [
            row.title, str(row.get_kind_display()), str(row.get_saving_display()), str(row.get_subject_display()), row.model_name, row.honour, row.field, row.owner.name,
            local_date(row.published_at), "、".join(row.tags), row.views,
        ]  # fmt: skip


def event_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """Events held and visits received in the year."""
    rows = ExchangeEvent.objects.filter(state=EventState.HELD, starts_at__year=year).select_related("owner")
    for row in rows.annotate(came=Sum("registrations__came")).order_by("starts_at", "pk"):
        yield [
            "交流活动",
            row.title,
            str(row.get_kind_display()),
            row.owner.name,
            local_date(row.starts_at),
            row.came or 0,
        ]
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


def effect_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per case, event or open day that somebody took up in the year, and all of them together."""
    found = effects.lines(year)
    for x in found:
        yield [str(x.label), x.title, x.owner.name, len(x.unions), len(x.joined), len(x.first)]
    if found:
        total = effects.total(found)
        yield ["合计（去重）", "", "", total["unions"], total["joined"], total["first"]]


def duty_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    for row in queries.duties().filter(year=year).order_by("organisation__path", "pk"):
        yield [
            row.entry.title, row.organisation.name, row.set_from.name, row.wanted, row.done_times, row.due_on,
            str(row.get_state_display()), row.verdict,
        ]  # fmt: skip


CASES = Sheet(
    "exchange_cases",
    "经验案例",
    (
        "标题",
        "案例类别",
        "节能类型",
        "典型类型",
        "典型名称",
        "所获荣誉",
        "领域",
        "提供单位",
        "发布日期",
        "标签",
        "公众阅读（次）",
    ),
    case_rows,
    "本年度经上一级工会审核后发布、没有撤下的案例；公众阅读＝公众网页面被打开的次数，每一刻钟汇总，不含搜索引擎。",
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
EFFECTS = Sheet(
    "exchange_effects",
    "典型带动",
    ("类别", "名称", "提供单位", "学用单位", "后续开展竞赛", "首次开展竞赛"),
    effect_rows,
    "学用登记、活动签到、参观接待的单位；后续＝此后有报备并通过备案的竞赛，首次＝此前没有过。合计每个单位只计一次。",
    68,
)
DUTIES = Sheet(
    "exchange_duties",
    "典型交流任务",
    ("获奖对象", "所属工会", "布置工会", "要求次数", "已交流", "期限", "状态", "检查意见"),
    duty_rows,
    "已交流＝报告或检查时平台登记的案例、活动、参观次数。",
    68,
)
