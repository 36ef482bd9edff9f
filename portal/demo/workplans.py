"""The plan's tasks in the demo: most schemes are accepted, the first ones reported by quarters, some are revised."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from portal.core.dates import local_date, local_datetime
from portal.demo.federation import Federation
from portal.demo.files import upload
from portal.workplans.domain.files import ACCEPT, add_file
from portal.workplans.domain.plans import load_plan, open_year, read_plan
from portal.workplans.domain.reports import QUARTER_START, file_report
from portal.workplans.domain.schemes import (
    LineDraft,
    accept_scheme,
    assign_targets,
    return_scheme,
    revise_scheme,
    save_scheme,
    submit_scheme,
)
from portal.workplans.models import ProgressReport, Scheme, SchemeLine

REPORTING = 10  # unions accepted in spring, with reports; the others' schemes were accepted in the last days
LATE, IN_CHECK, RETURNED, SILENT = 4, 6, 7, 2  # of the first: revises too late, revised, told to mend, skips a report
TEXT = (
    "为贯彻《天津市总工会劳动和技能竞赛“十四五”实施方案》，结合本地区、本系统实际，成立竞赛领导小组，"
    "明确牵头部门和责任人，按季调度、年底总结，把目标任务落实到基层单位和一线班组。"
)
STEPS = (
    "列入年度重点工作，按季调度推进。",
    "组织基层工会广泛发动，年中交流、年底总结。",
    "与行政部门联合开展，落实经费保障。",
)


def plan_of_the_year(federation: Federation, rng: random.Random) -> Iterator[str]:
    """Loads the plan, deploys this year and plays the unions' part; yields one line for each step."""
    year = local_date(federation.now).year
    start = local_datetime(dt.date(year, 1, 6), dt.time(10))
    plan, _new = load_plan(
        actor=federation.manager, owner=federation.municipal, data=read_plan(), now=start, last_year=max(2025, year)
    )
    opened = open_year(actor=federation.manager, plan=plan, year=year, now=start)
    for number, scheme in enumerate(Scheme.objects.filter(year=opened).select_related("organisation", "year__plan")):
        _play(federation, scheme, number, rng)
    yield f"方案任务分解 {year} 年度"


def _play(federation: Federation, scheme: Scheme, number: int, rng: random.Random) -> None:
    """A scheme sent and accepted, the first ones with reports and a revision in autumn; some wait to be accepted."""
    start = scheme.year.opened_at
    actor = federation.checker_of(scheme.organisation_id)
    lines = list(SchemeLine.objects.filter(scheme=scheme).select_related("task"))
    targets = {line.pk: Decimal(_target(line, rng)) for line in lines}
    counted = {line.pk: targets[line.pk] for line in lines if line.task.city_target is not None}
    assign_targets(actor=federation.manager, scheme=scheme, targets=counted, now=start)
    early = number < REPORTING
    sent = start + dt.timedelta(days=number + 3) if early else federation.now - dt.timedelta(days=12 + number % 5)
    drafts = {line.pk: LineDraft(targets[line.pk], rng.choice(STEPS)) for line in lines}
    save_scheme(actor=actor, scheme=scheme, text=TEXT, lines=drafts, now=sent)
    add_file(actor=actor, scheme=scheme, upload=upload("实施方案", ACCEPT, rng, f"workplan-{number}"), now=sent)
    submit_scheme(actor=actor, scheme=scheme, now=sent)
    if number % REPORTING == IN_CHECK and not early:
        return
    accept_scheme(actor=federation.city_checker, scheme=scheme, now=sent + dt.timedelta(days=4))
    if early:
        _report(federation, scheme, number, rng)
        _revise(federation, scheme, number)


def _revise(federation: Federation, scheme: Scheme, place: int) -> None:
    """The autumn's revision: begun and not sent in time, sent and waiting, or returned with a reason."""
    if place not in {LATE, IN_CHECK, RETURNED}:
        return
    actor, now = federation.checker_of(scheme.organisation_id), federation.now
    begun = now - dt.timedelta(days=20 if place == LATE else 12)
    revise_scheme(actor=actor, scheme=scheme, now=begun)
    if place == LATE:
        return
    text = f"{TEXT}根据前三季度进展，对四季度任务安排作如下调整：把未达序时进度的任务落实到具体单位。"
    scheme.refresh_from_db()
    submit_scheme(
        actor=actor,
        scheme=save_scheme(actor=actor, scheme=scheme, text=text, lines={}, now=begun),
        now=now - dt.timedelta(days=4),
    )
    if place == RETURNED:
        reason = "请补充非公企业和机关事业单位参赛的具体举措。"
        when = now - dt.timedelta(days=1)
        return_scheme(actor=federation.city_checker, scheme=scheme, reason=reason, days=10, now=when)


def _target(line: SchemeLine, rng: random.Random) -> int:
    return rng.randrange(60, 91, 5) if line.task.unit == "%" else rng.randrange(4, 25) * 4


def _report(federation: Federation, scheme: Scheme, number: int, rng: random.Random) -> None:
    """Quarters that are over; one union skips its last one, some tasks run slow."""
    actor = federation.checker_of(scheme.organisation_id)
    for report in ProgressReport.objects.filter(line__scheme=scheme).select_related("line__task", "line__scheme"):
        if report.due_at > federation.now or (number == SILENT and report.quarter == 3):
            continue
        share = rng.choice((Decimal("0.25"), Decimal("0.27"), Decimal("0.26"), Decimal("0.2"), Decimal("0.15")))
        target = report.line.target or Decimal(0)
        value = target * share if report.line.task.accumulates else target * (share + Decimal("0.72"))
        when = local_datetime(dt.date(scheme.year.year, QUARTER_START[report.quarter] + 2, 25), dt.time(15))
        file_report(
            actor=actor,
            report=report,
            value=value.quantize(Decimal(1)),
            words=f"第{report.quarter}季度按计划推进，{rng.choice(STEPS)}",
            now=max(when, scheme.year.opened_at),
        )
