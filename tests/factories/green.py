"""The green contest at the points tests begin from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from competitions.green.domain.dictionary import add_group, load_dictionary
from competitions.green.domain.readings import accept, register_subject, submit_baseline, submit_reading
from competitions.green.domain.suggestions import claim, suggest, verify
from competitions.green.models import BenchmarkGroup, BenchmarkSubject, Indicator, MonthlyReading, SavingSuggestion
from portal.core.context import Actor
from tests.factories.people import Tree

JANUARY = dt.date(2026, 1, 1)


def pdf(words: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile("抄表记录.pdf", b"%PDF-1.4\n" + words.encode() + b"\n%%EOF\n", "application/pdf")


def make_group(tree: Tree, *, now: dt.datetime, indicator: str = "unit_power", **over: Any) -> BenchmarkGroup:
    """Benchmark 100 of the indicator; the definition files are loaded on the way."""
    load_dictionary(actor=tree.manager, owner=tree.municipal, now=now)
    facts = {
        "name": "电炉炼钢", "product": "合格连铸坯", "boundary": "电炉本体和精炼",
        "indicator": Indicator.objects.filter(owner=tree.municipal, code=indicator).order_by("-version").first(),
        "benchmark_kind": "advanced", "benchmark": Decimal(100), "basis": "示例标准", "is_seasonal": False,
        "cohost": None, "is_open": True,
    } | over  # fmt: skip
    return add_group(actor=tree.manager, owner=tree.municipal, facts=facts, now=now)


def make_subject(
    actor: Actor, group: BenchmarkGroup, *, now: dt.datetime, name: str = "炼钢一班", **over: Any
) -> BenchmarkSubject:
    facts = {"name": name, "level": "team", "people": 20, "leader": "李新明", "first_month": JANUARY} | over
    return register_subject(actor=actor, group=group, facts=facts, now=now)


def read(
    actor: Actor,
    subject: BenchmarkSubject,
    month: dt.date,
    value: Any,
    *,
    now: dt.datetime,
    output: Any = 10,
    **over: Any,
) -> MonthlyReading:
    """A value of unit_power: ``value`` kWh for each of ``output`` t."""
    inputs = {"power": Decimal(str(value)) * output, "output": Decimal(output)}
    options = {"files": [pdf(f"{subject.pk}{month}{value}")]} | over
    return submit_reading(actor=actor, subject=subject, month=month, inputs=inputs, now=now, **options)


def accepted(
    actor: Actor,
    checker: Actor,
    subject: BenchmarkSubject,
    month: dt.date,
    value: Any,
    *,
    now: dt.datetime,
    **over: Any,
) -> MonthlyReading:
    return accept(actor=checker, row=read(actor, subject, month, value, now=now, **over), now=now)


def with_baseline(actor: Actor, checker: Actor, subject: BenchmarkSubject, value: Any, *, now: dt.datetime) -> Any:
    row = submit_baseline(
        actor=actor, subject=subject, starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 1),
        value=Decimal(str(value)), files=[pdf(f"基准{subject.pk}{value}")], now=now,
    )  # fmt: skip
    return accept(actor=checker, row=row, now=now)


SUGGESTION: dict[str, Any] = {
    "title": "循环水泵变频改造", "kind": "power", "proposer_kind": "team", "proposer": "动力车间水泵班", "subject": None,
    "baseline": "2025年循环水泵年用电120万千瓦时", "measures": "三台循环水泵加装变频器，按回水温度调节转速。",
    "investment": Decimal(180000),
}  # fmt: skip


def make_suggestion(actor: Actor, *, now: dt.datetime, **over: Any) -> SavingSuggestion:
    figures = {"kwh": Decimal(260000), "other": None, "yuan": Decimal(170000)}
    return suggest(actor=actor, facts=SUGGESTION | over, now=now, **figures)


def claimed(actor: Actor, row: SavingSuggestion, *, now: dt.datetime, kwh: Any = 240000) -> SavingSuggestion:
    return claim(
        actor=actor, suggestion=row, kwh=Decimal(kwh), other=None, yuan=Decimal(150000), verifier="示例能源管理部",
        done_on=dt.date(2026, 2, 20), files=[pdf("核实")], now=now,
    )  # fmt: skip


def verified(actor: Actor, checker: Actor, *, now: dt.datetime, **over: Any) -> SavingSuggestion:
    return verify(actor=checker, suggestion=claimed(actor, make_suggestion(actor, now=now, **over), now=now), now=now)
