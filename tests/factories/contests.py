"""Contests for tests, by the functions people use."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from competitions.contests.domain import draw, entry, marks, plan
from competitions.contests.enums import PartKind
from competitions.contests.models import Competitor, Contest, ContestPart, Trade
from portal.core.dates import local_date
from portal.core.identifiers import citizen_id_check_digit

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WEIGHTS = {PartKind.THEORY: Decimal(30), PartKind.PRACTICAL: Decimal(70)}


def citizen(serial: int) -> str:
    body = f"120199198{serial % 10}{1 + serial // 10 % 9:02d}{10 + serial // 90 % 18:02d}{serial % 999 + 1:03d}"
    body = body[:17]
    return body + citizen_id_check_digit(body)


def facts(trade: Trade, now: dt.datetime, **changed: object) -> dict:
    day = local_date(now) + dt.timedelta(days=40)
    return {
        "year": now.year, "trade": trade, "name": f"{trade}赛项", "klass": "first", "group": "worker", "team_size": 1,
        "cohosts": "", "planned_on": day, "ends_on": day, "venue": "实训基地", "min_field": 2,
        "entry_until": now + dt.timedelta(days=20), "per_delegation": 3, "min_level": "", "min_years": 0,
        "ties": ["time", "practical", "theory"], "with_medals": True, "medal_gap": Decimal(0), "with_scale": True,
        "scale_k": 50,
    } | changed  # fmt: skip


def make_trade(actor, owner, now, code: str = "welder") -> Trade:
    plan.load_trades(actor=actor, owner=owner, now=now)
    return Trade.objects.get(owner=owner, code=code)


def open_contest(actor, owner, now, trade: Trade | None = None, **changed: object) -> Contest:
    """Planned, with a session per part and a technical document; entries are open."""
    trade = trade or make_trade(actor, owner, now)
    contest = plan.plan_contest(actor=actor, owner=owner, facts=facts(trade, now, **changed), weights=WEIGHTS, now=now)
    start = now + dt.timedelta(days=40)
    for part in ContestPart.objects.filter(contest=contest):
        plan.add_session(
            actor=actor, contest=contest, part=part, now=now,
            facts={"title": "第一场", "starts_at": start, "ends_at": start + dt.timedelta(hours=2), "venue": "一号赛场",
                   "benches": 30},
        )  # fmt: skip
    upload = SimpleUploadedFile("技术文件.pdf", PDF, "application/pdf")
    plan.publish_document(actor=actor, contest=contest, upload=upload, note="", now=now)
    return plan.open_entries(actor=actor, contest=contest, now=now)


def person(serial: int, **changed: object) -> dict:
    return {
        "name": f"选手{serial}", "id_number": citizen(serial), "sex": "1", "phone": "", "employer": "精工机械有限公司",
        "level": "3", "certificate_number": "", "trade_years": 5, "is_insured": True, "is_employed": True,
        "is_champion": False, "is_nonpublic": False, "training_hours": 20,
    } | changed  # fmt: skip


def enter(actor, contest, now, people: list[dict]):
    delegation = entry.enter_delegation(
        actor=actor, contest=contest, leader="李领队", leader_phone="13800000000", coach="王指导", now=now
    )
    entry.enter_competitors(actor=actor, delegation=delegation, people=people, now=now)
    return delegation


def drawn(actor, contest, now) -> Contest:
    entry.check_all(actor=actor, contest=contest, now=now)
    contest = entry.close_entries(actor=actor, contest=contest, now=now)
    contest = draw.draw(actor=actor, contest=contest, now=now)
    return draw.start(actor=actor, contest=contest, now=now)


def marked(contest, given: list[int], *, by, confirmed_by, now) -> None:
    """The same marks in every part, in the order in which people entered."""
    people = list(Competitor.objects.filter(contest=contest, state="qualified").order_by("pk"))
    for part in ContestPart.objects.filter(contest=contest):
        rows = {p.pk: marks.Entered(Decimal(m), 3600) for p, m in zip(people, given, strict=True)}
        marks.enter_marks(actor=by, part=part, marks=rows, now=now)
        marks.confirm_part(actor=confirmed_by, part=part, now=now)
