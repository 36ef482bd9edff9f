"""Key projects at the points tests begin from."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from competitions.projects.domain.field import load_definition, read_definition
from competitions.projects.domain.progress import accept_period, file_plan, plan_slots, report_period
from competitions.projects.domain.register import add_participant, register_project
from competitions.projects.domain.tickets import raise_ticket
from competitions.projects.enums import Duty
from competitions.projects.models import KeyProject, Period, ScorecardDefinition, Ticket
from portal.core.context import Actor
from tests.factories.people import Tree

FACTS: dict[str, Any] = {
    "name": "滨海示范货运枢纽工程",
    "approval_code": "2026-120116-48-01-000001",
    "level": "municipal",
    "kind": "railway",
    "status": "building",
    "districts": ["120116"],
    "place": "",
    "is_regional": False,
    "client": "示例建设单位",
    "contractor": "示例总包单位",
    "supervisor": "示例监理单位",
    "committee": "",
    "investment": Decimal("12800.00"),
    "workers": 800,
    "migrant_workers": 500,
    "teams": 32,
    "starts_on": dt.date(2026, 1, 1),
    "ends_on": dt.date(2026, 10, 31),
    "cadence": "monthly",
    "report_days": 5,
    "named_year": None,
}


def pdf(words: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile("方案.pdf", b"%PDF-1.4\n" + words.encode() + b"\n%%EOF\n", content_type="application/pdf")


def photo(colour: str = "red") -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(target, "JPEG")
    return SimpleUploadedFile("现场.jpg", target.getvalue(), content_type="image/jpeg")


def make_project(tree: Tree, *, now: dt.datetime, actor: Actor | None = None, **facts: Any) -> KeyProject:
    """Managed by the district, reported by the unit below its zone; ``actor`` of another union manages it instead."""
    owner = tree.municipal if actor in (tree.manager, tree.checker) else tree.district
    return register_project(
        actor=actor or tree.district_checker, owner=owner, reporter=tree.unit, facts=FACTS | facts, now=now
    )


def with_group(tree: Tree, project: KeyProject, *, now: dt.datetime) -> KeyProject:
    """The group's unit builds too."""
    add_participant(
        actor=tree.district_checker, project=project, organisation=tree.group_unit, duty=Duty.BUILDER, now=now
    )
    project.refresh_from_db()
    return project


def file(tree: Tree, project: KeyProject, *, now: dt.datetime, actor: Actor | None = None) -> KeyProject:
    """The even plan, with its scheme."""
    percents = {start: planned for start, _end, planned, _fixed in plan_slots(project)}
    return file_plan(actor=actor or tree.district_checker, project=project, percents=percents, files=[pdf()], now=now)


def report(period: Period, actor: Actor, *, percent: Any, now: dt.datetime, **figures: Any) -> Period:
    return report_period(
        actor=actor, period=period, figures={"percent": Decimal(str(percent)), **figures}, words="按计划推进。",
        difficulties="", now=now,
    )  # fmt: skip


def reported(tree: Tree, project: KeyProject, number: int, *, percent: Any, now: dt.datetime, **figures: Any) -> Period:
    """The ``number``-th period, reported by the unit and accepted by the district."""
    period = Period.objects.filter(project=project)[number]
    report(period, tree.filer, percent=percent, now=now, **figures)
    return accept_period(actor=tree.district_checker, period=period, now=now)


def make_ticket(
    tree: Tree, project: KeyProject, *, now: dt.datetime, actor: Actor | None = None, **over: Any
) -> Ticket:
    options = {
        "category": "safety", "title": "深基坑临边防护不足", "text": "东侧基坑临边防护缺失约二十米。",
        "responsible": tree.unit, "department": "区住房建设部门", "days": 5,
    } | over  # fmt: skip
    return raise_ticket(actor=actor or tree.district_checker, project=project, now=now, **options)


def make_definition(tree: Tree, *, now: dt.datetime) -> ScorecardDefinition:
    row, _new = load_definition(actor=tree.manager, owner=tree.municipal, data=read_definition(), now=now)
    return row
