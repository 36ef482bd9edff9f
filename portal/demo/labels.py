"""Teams with labels, this year's re-checks in all their states, windows that guests rated; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from competitions.labels.domain import ratings, rechecks, removals, teams
from competitions.labels.domain.rechecks import PAPERS
from competitions.labels.enums import Dimension, TeamKind
from competitions.labels.kinds import given_here
from competitions.labels.models import Recheck, TeamLabel, WorkTeam
from portal.accounts.enums import OwnershipClass
from portal.accounts.models import Employer, Organisation
from portal.core.context import PUBLIC, Actor
from portal.core.dates import local_date
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload
from portal.demo.words import person

UNITS, WINDOWS = 28, 4
TEAMS = ("焊接一班", "数控加工班", "总装二班", "设备维修班", "质检组", "电气班", "叉车班", "化验室")
COVENANTS = ("日学一题、周练一技、月比一次", "质量零缺陷、服务零距离", "安全从我做起，隐患随手整改")
SERVICES = ("职工入会转会、会员普惠", "困难职工帮扶申请", "劳动争议咨询和法律援助", "技能竞赛报名咨询")
REMARKS = ("工作人员很耐心，一次就办好了。", "排队时间有点长，希望增加窗口。", "材料清单写得清楚。", "希望能网上预约。")
GUESTS = (46, 30, 14, 4)  # ratings of each window; the last has too few for a mean


def labels_of_the_year(federation: Federation) -> Iterator[str]:
    """By the functions people use: labels given in past years, a re-check per union, ratings of four windows."""
    rng, now = random.Random("labels"), federation.now  # noqa: S311 -- repeatable
    given: dict[int, tuple[Actor, Organisation]] = {}
    placed = [(unit, desk) for unit in federation.units if (desk := _union_of(federation, unit)) is not None]
    for number, (unit, desk) in enumerate(placed[:UNITS]):
        _name(unit, desk, number, rng, now)
        given[desk[1].pk] = desk
    for number, desk in enumerate(given.values()):
        _recheck(federation, desk, number, rng)
    if rechecks.to_recheck(owner=federation.municipal, kind="pioneer", today=local_date(now)).exists():
        rechecks.open_campaign(
            actor=federation.manager, owner=federation.municipal, kind="pioneer", now=now - dt.timedelta(days=20),
            due_on=local_date(now) + dt.timedelta(days=10), words="对照命名条件逐项自查，班组撤并、发生责任事故的如实报告。",
        )  # fmt: skip
    _windows(federation, rng, now)
    yield "班组称号、年度复查、服务评价"


def _union_of(federation: Federation, unit: Unit) -> tuple[Actor, Organisation] | None:
    """Who works at the second-level union above the unit, and the union; None where nobody was needed yet."""
    union = Organisation.objects.get(path="/".join(unit.organisation.path.split("/")[:2]) + "/")
    return (federation.checkers[union.pk], union) if union.pk in federation.checkers else None


def _employer(unit: Unit) -> Employer:
    return Employer.objects.select_related("organisation").get(organisation=unit.organisation, name=unit.employer_name)


def _team(unit: Unit, name: str, kind: str, rng: random.Random, now: dt.datetime) -> WorkTeam:
    facts = {
        "name": name, "kind": kind, "leader": person(rng), "headcount": rng.randint(6, 24),
        "founded_on": dt.date(rng.randint(1998, 2018), 3, 1), "covenant": rng.choice(COVENANTS),
    }  # fmt: skip
    return teams.add_team(actor=unit.filer, employer=_employer(unit), facts=facts, now=now)


def _name(unit: Unit, desk: tuple[Actor, Organisation], number: int, rng: random.Random, now: dt.datetime) -> None:
    """One team with one or two labels of the second-level union; every seventh was given this year."""
    actor, union = desk
    back = 0 if number % 7 == 6 else 1 + number % 2
    day = dt.date(local_date(now).year - back, 4, 28)
    team = _team(unit, TEAMS[number % len(TEAMS)], TeamKind.TEAM, rng, now - dt.timedelta(days=900))
    codes = [code for code, _title in given_here()]
    for code in {codes[number % 4], codes[(number // 2) % 4]} if number % 3 == 0 else {codes[number % 4]}:
        facts = {
            "kind": code, "basis_title": f"关于命名{day.year}年度班组称号的决定", "given_on": day, "valid_until": None,
            "basis_number": f"津{union.label[:2]}工〔{day.year}〕{12 + number % 5}号",
        }  # fmt: skip
        teams.give_label(actor=actor, team=team, given_by=union, facts=facts, now=now)


def _recheck(federation: Federation, desk: tuple[Actor, Organisation], number: int, rng: random.Random) -> None:
    """The kind (the first union: two kinds) given most, opened two months ago; some are overdue, one plate goes."""
    (_actor, union), now = desk, federation.now
    today = local_date(now)
    held = {code: rechecks.to_recheck(owner=union, kind=code, today=today).count() for code, _t in given_here()}
    for place, kind in enumerate(sorted(held, key=lambda code: -held[code])[: 2 if number == 0 else 1]):
        if held[kind]:
            _campaign(federation, desk, number + place, kind, rng)


def _campaign(
    federation: Federation, desk: tuple[Actor, Organisation], number: int, kind: str, rng: random.Random
) -> None:
    (actor, union), now = desk, federation.now
    today, began = local_date(now), now - dt.timedelta(days=60)
    campaign = rechecks.open_campaign(
        actor=actor, owner=union, kind=kind, due_on=today + dt.timedelta(days=(-6, 12)[number % 2]), now=began,
        words="请对照标准逐项自查，附记录、台账和照片，没有达到的写明整改措施。",
    )  # fmt: skip
    filers = {unit.organisation.pk: unit.filer for unit in federation.units}
    rows = list(Recheck.objects.filter(campaign=campaign).select_related("label__team").order_by("pk"))
    for place, row in enumerate(rows):
        if place % 4 != (3, 0)[number % 2]:
            _file(row, filers[row.label.team.organisation_id], campaign.criteria, began, rng)
    filed = [row for place, row in enumerate(rows) if place % 4 != (3, 0)[number % 2]]
    for place, row in enumerate(filed[1:]):
        later = began + dt.timedelta(days=25)
        if place % 3 == 1:
            due = today + dt.timedelta(days=15)
            rechecks.ask_mending(actor=actor, recheck=row, words="补充本年度培训记录。", due_on=due, now=later)
        else:
            rechecks.confirm(actor=actor, recheck=row, words="材料齐全，同意。", now=later)
    if number < 2 and filed:  # one is gone, one waits for the second person
        label = TeamLabel.objects.get(pk=filed[0].label_id)
        removal = removals.propose_removal(
            actor=actor, label=label, reason="班组撤并，人员分流到其他车间，不再具备称号条件。", now=now
        )
        if number == 0:
            removals.decide_removal(
                actor=federation.city_checker, removal=removal, agreed=True, words="情况属实。", now=now
            )


def _file(row: Recheck, filer: Actor, criteria: list, began: dt.datetime, rng: random.Random) -> None:
    answers = {c["code"]: {"met": "yes", "words": ""} for c in criteria}
    if row.pk % 3 == 0:
        answers[criteria[-1]["code"]] = {"met": "partly", "words": "部分成果还在推广，年底前完成。"}
    rechecks.file_self_check(
        actor=filer, recheck=row, answers=answers, words="一年来坚持班前会、周练兵、月评比，指标完成良好。",
        files=[upload("自查台账", PAPERS, rng, f"recheck-{row.pk}")], now=began + dt.timedelta(days=12),
    )  # fmt: skip


def _windows(federation: Federation, rng: random.Random, now: dt.datetime) -> None:
    """Windows of organs and institutions first; guests of five months, nine of them from one phone shop at once."""
    kinds = {e.organisation_id: e.ownership for e in Employer.objects.all()}
    public = [u for u in federation.units if kinds.get(u.organisation.pk) == OwnershipClass.INSTITUTION]
    units = [*public, *(u for u in federation.units if u not in public)][:WINDOWS]
    for number, (unit, guests) in enumerate(zip(units, GUESTS, strict=False)):
        team = _team(unit, "职工服务窗口", TeamKind.WINDOW, rng, now - dt.timedelta(days=400))
        point = ratings.open_point(
            actor=unit.filer, team=team, service=SERVICES[number], now=now - dt.timedelta(days=150)
        )
        for guest in range(guests):
            when = now - dt.timedelta(days=140 - 140 * guest / guests, minutes=rng.randint(1, 200))
            _rate(point, f"{number}-{guest}", f"10.{number}.{guest}.1", when, rng)
        if number == 0:
            for guest in range(9):
                _rate(point, f"shop-{guest}", "10.99.0.1", now - dt.timedelta(days=2, seconds=400 - guest * 20), rng)


def _rate(point: object, device: str, network: str, when: dt.datetime, rng: random.Random) -> None:
    scores = {name: rng.choice((5, 5, 5, 4, 4, 3)) for name in Dimension.values}
    remark = rng.choice(REMARKS) if rng.random() < 0.12 else ""
    ratings.rate(actor=PUBLIC, point=point, scores=scores, remark=remark, device=device, network=network, now=when)
