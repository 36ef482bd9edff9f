"""Plans of a tree, with schemes at the points tests begin from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.core.context import Actor
from portal.workplans.domain.files import add_file
from portal.workplans.domain.plans import load_plan, open_year, read_plan
from portal.workplans.domain.schemes import LineDraft, accept_scheme, save_scheme, submit_scheme
from portal.workplans.models import Plan, PlanYear, Scheme, SchemeLine
from tests.factories.people import Tree

TEXT = "结合本地区实际，成立竞赛领导小组，细化目标任务，明确责任分工，按季调度推进，确保全年竞赛目标任务得到落实。" * 2


def pdf(name: str = "方案.pdf", words: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n" + words.encode() + b"\n%%EOF\n", content_type="application/pdf")


def make_plan(tree: Tree, *, last_year: int = 2026, now: dt.datetime) -> Plan:
    plan, _new = load_plan(actor=tree.manager, owner=tree.municipal, data=read_plan(), now=now, last_year=last_year)
    return plan


def make_year(tree: Tree, *, now: dt.datetime, year: int = 2026, **options: Any) -> PlanYear:
    return open_year(actor=tree.manager, plan=make_plan(tree, now=now), year=year, now=now, **options)


def fill(scheme: Scheme, actor: Actor, *, now: dt.datetime, target: Decimal | None = Decimal(40)) -> Scheme:
    """Everything a scheme needs before it can be sent."""
    lines = SchemeLine.objects.filter(scheme=scheme)
    drafts = {line.pk: LineDraft(target, "按季推进，年底验收。") for line in lines}
    scheme = save_scheme(actor=actor, scheme=scheme, text=TEXT, lines=drafts, now=now)
    add_file(actor=actor, scheme=scheme, upload=pdf(), now=now)
    return scheme


def make_submitted(year: PlanYear, actor: Actor, *, now: dt.datetime) -> Scheme:
    scheme = fill(Scheme.objects.get(year=year, organisation__path=actor.path), actor, now=now)
    submit_scheme(actor=actor, scheme=scheme, now=now)
    return Scheme.objects.get(pk=scheme.pk)


def make_accepted(year: PlanYear, actor: Actor, judge: Actor, *, now: dt.datetime) -> Scheme:
    return accept_scheme(actor=judge, scheme=make_submitted(year, actor, now=now), now=now)
