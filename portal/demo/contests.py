"""The year's plan of trades over all levels; contests in every state with their people, an appeal, promotions; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from competitions.contests.domain import brand, draw, entry, marks, plan, promotions, results
from competitions.contests.models import Competitor, Contest, ContestPart, Promotion, Trade
from competitions.contests.rules import rules, trades
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.demo import numbers, words
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload

WEIGHTS = {"theory": Decimal(30), "practical": Decimal(70)}
PRACTICAL = {"theory": Decimal(0), "practical": Decimal(100)}
COHOSTS = "市人力资源和社会保障局、共青团天津市委员会、市妇女联合会"
VENUES = ("海河教育园区实训中心", "津南高技能人才实训基地", "滨海职业训练院", "中德应用技术实训楼", "企业培训中心")
LEVELS = ("3", "3", "4", "2", "3", "5", "3", "2")
PAPERS = ("pdf",)
APPEAL = "第二工序计时从开门时起算，比技术文件规定的“穿戴完毕、裁判示意”早约四十秒，请求核对监控并更正用时。"
RULED = "经调阅监控，计时确早于裁判示意，但用时没有超过限时，不影响实操得分；维持成绩，已提醒裁判组统一起计点。"


@dataclass
class Host:
    """A union that holds contests, and the two people who record and check."""

    organisation: Organisation
    actor: Actor
    second: Actor


class Year:
    """What is played, by the functions people use, each at its time."""

    def __init__(self, federation: Federation) -> None:
        self.federation, self.now, self.rng = federation, federation.now, random.Random("contests")  # noqa: S311 -- repeatable
        plan.load_trades(actor=federation.manager, owner=federation.municipal, now=self.ago(330))
        self.trades = {t.code: t for t in Trade.objects.filter(owner=federation.municipal)}
        self.city = Host(federation.municipal, federation.manager, federation.city_checker)
        paths = sorted({"/".join(u.organisation.path.split("/")[:2]) + "/" for u in federation.units})
        self.districts = list(Organisation.objects.filter(path__in=paths).order_by("path"))

    def ago(self, days: float) -> dt.datetime:
        return self.now - dt.timedelta(days=days)

    def district(self, number: int) -> Host:
        union = self.districts[number % len(self.districts)]
        checker = self.federation.checker_of(union.pk)
        return Host(union, checker, checker)

    def plan(self, host: Host, trade: Trade, klass: str, day: dt.date, **changed: Any) -> Contest:
        facts = {
            "year": local_date(self.now).year, "trade": trade, "klass": klass, "group": "worker", "team_size": 1,
            "name": f"{trade.name}职业技能竞赛", "cohosts": COHOSTS if host is self.city else "", "planned_on": day,
            "ends_on": day + dt.timedelta(days=1), "venue": VENUES[trade.pk % len(VENUES)], "per_delegation": 3,
            "min_field": rules().classes[klass].min_field, "min_level": "", "min_years": 2,
            "ties": ["time", "practical", "theory"], "with_medals": klass in {"comprehensive", "first"},
            "medal_gap": Decimal(0), "with_scale": False, "scale_k": 50,
            "entry_until": dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC) - dt.timedelta(days=20),
        } | changed  # fmt: skip
        weights = WEIGHTS if klass != "unit" else PRACTICAL
        return plan.plan_contest(
            actor=host.actor, owner=host.organisation, facts=facts, weights=weights, now=self.ago(300)
        )

    def open(self, host: Host, contest: Contest, benches: int, at: dt.datetime) -> Contest:
        start = dt.datetime.combine(contest.planned_on, dt.time(1), tzinfo=dt.UTC)
        for part in ContestPart.objects.filter(contest=contest):
            hours = 1 if part.kind == "theory" else 3
            for number, title in enumerate(("第一场", "第二场")):
                begins = start + dt.timedelta(hours=4 * number + (8 if part.kind == "practical" else 0))
                facts = {"title": title, "starts_at": begins, "ends_at": begins + dt.timedelta(hours=hours),
                         "venue": contest.venue, "benches": (benches + 1) // 2}  # fmt: skip
                plan.add_session(actor=host.actor, contest=contest, part=part, facts=facts, now=at)
        paper = upload("技术文件", PAPERS, self.rng, f"contest-{contest.pk}")
        plan.publish_document(actor=host.actor, contest=contest, upload=paper, note="首次发布", now=at)
        return plan.open_entries(actor=host.actor, contest=contest, now=at)

    def enter(self, contest: Contest, units: Sequence[Unit], people: int, at: dt.datetime, *, faulty: int = 0) -> None:
        left = people
        for unit in units:
            if left <= 0:
                return
            team = entry.enter_delegation(
                actor=unit.filer, contest=contest, leader=words.person(self.rng), leader_phone=numbers.mobile(self.rng),
                coach=words.person(self.rng), now=at,
            )  # fmt: skip
            count = min(left, contest.per_delegation)
            rows = [self.person(unit, insured=left - n > faulty) for n in range(count)]
            entry.enter_competitors(actor=unit.filer, delegation=team, people=rows, now=at)
            left -= count

    def person(self, unit: Unit, *, insured: bool) -> dict[str, Any]:
        number = numbers.citizen_id(self.rng)
        return {
            "name": words.person(self.rng), "id_number": number, "sex": "1" if int(number[16]) % 2 else "2",
            "phone": numbers.mobile(self.rng), "employer": unit.employer_name, "level": self.rng.choice(LEVELS),
            "certificate_number": "", "trade_years": self.rng.randrange(3, 22), "is_insured": insured, "is_employed": True,
            "is_champion": False, "is_nonpublic": self.rng.random() < 0.4, "training_hours": self.rng.randrange(20, 90),
        }  # fmt: skip

    def run(self, host: Host, contest: Contest, at: dt.datetime) -> Contest:
        entry.check_all(actor=host.actor, contest=contest, now=at - dt.timedelta(days=15))
        entry.close_entries(actor=host.actor, contest=contest, now=at - dt.timedelta(days=14))
        draw.draw(
            actor=host.actor, contest=contest, now=at - dt.timedelta(days=2), seed=f"{self.rng.getrandbits(256):064x}"
        )
        return draw.start(actor=host.actor, contest=contest, now=at)

    def mark(
        self,
        host: Host,
        contest: Contest,
        at: dt.datetime,
        *,
        confirmed: bool = True,
        kinds: tuple[str, ...] = ("theory", "practical"),
    ) -> None:
        people = list(Competitor.objects.filter(contest=contest, state="qualified").order_by("pk"))
        for part in ContestPart.objects.filter(contest=contest, kind__in=kinds):
            rows = {}
            for n, person in enumerate(people):
                mark = Decimal(self.rng.randrange(1080, 1960)) / 20
                seconds = self.rng.randrange(80, 170) * 60 if part.kind == "practical" else None
                absent = n == 7 and part.kind == "practical"
                rows[person.pk] = marks.Entered(None, None, "缺考") if absent else marks.Entered(mark, seconds)
            marks.enter_marks(actor=host.actor, part=part, marks=rows, now=at)
            if confirmed:
                marks.confirm_part(actor=host.second, part=part, now=at + dt.timedelta(hours=2))


def contests_of_the_year(federation: Federation) -> Iterator[str]:
    """110 trades and more; contests that are complete, shown, running, taking entries, cancelled."""
    year = Year(federation)
    plan.set_target(
        actor=federation.manager, owner=federation.municipal, year=local_date(year.now).year, target=100,
        basis="“十四五”实施方案：每年分级实施100余项工种", now=year.ago(310),
    )  # fmt: skip
    told = ("welder", "cnc-machine-repairer", "industrial-robot-operator", "electrician", "ai-trainer", "elder-care")
    _complete(year)
    _shown(year)
    _running(year)
    _entering(year)
    _rest(year, told)
    _reported(year)
    yield f"技能竞赛 {Contest.objects.filter(year=local_date(year.now).year).count()} 项"


def _day(year: Year, days: float) -> dt.date:
    return local_date(year.ago(days))


def _later(year: Year, number: int) -> dt.date:
    """A day between next week and the end of the year, so that the year's plan stays within the year."""
    today = local_date(year.now)
    left = (dt.date(today.year, 12, 29) - today).days - 7
    return today + dt.timedelta(days=7 + number % max(left, 1))


def _complete(year: Year) -> None:
    """焊工, 市级一类: with an appeal, promotions sent, one certificate entered."""
    host, at = year.city, year.ago(120)
    contest = year.plan(host, year.trades["welder"], "first", local_date(at), min_level="", with_scale=True)
    year.open(host, contest, 40, year.ago(180))
    year.enter(contest, year.federation.units, 36, year.ago(160), faulty=2)
    year.run(host, contest, at)
    year.mark(host, contest, at)
    results.lock_marks(actor=host.actor, contest=contest, now=year.ago(119))
    contest = results.publish(actor=host.actor, contest=contest, now=year.ago(118))
    unit, judge = year.federation.units[0], year.federation.city_checker
    team = contest.delegations.get(organisation=unit.organisation)
    appeal = results.file_appeal(actor=unit.filer, delegation=team, kind="result", words=APPEAL, now=year.ago(117.5))
    results.rule_appeal(actor=judge, appeal=appeal, ruling="dismissed", reasons=RULED, now=year.ago(117))
    results.confirm(actor=host.actor, contest=contest, now=year.ago(115))
    waiting = list(Promotion.objects.filter(competitor__contest=contest))
    promotions.send(actor=host.actor, promotions=waiting[: len(waiting) // 2], now=year.ago(90))
    promotions.grant(actor=host.actor, promotion=waiting[0], certificate_number="S000012026000001", now=year.ago(40))


def _shown(year: Year) -> None:
    """数控机床装调维修工: results shown, an appeal waits."""
    host, at = year.city, year.ago(3)
    contest = year.plan(host, year.trades["cnc-machine-repairer"], "first", local_date(at))
    year.open(host, contest, 34, year.ago(70))
    year.enter(contest, year.federation.units[1:], 33, year.ago(50), faulty=1)
    year.run(host, contest, at)
    year.mark(host, contest, at)
    results.lock_marks(actor=host.actor, contest=contest, now=year.ago(1))
    contest = results.publish(actor=host.actor, contest=contest, now=year.ago(0.5))
    unit = year.federation.units[1]
    team = contest.delegations.get(organisation=unit.organisation)
    results.file_appeal(actor=unit.filer, delegation=team, kind="result", words=APPEAL, now=year.ago(0.2))


def _running(year: Year) -> None:
    """工业机器人系统操作员: today; theory waits for the second person, the practical part is marked by scheme."""
    host, at = year.city, year.ago(0.3)
    contest = year.plan(host, year.trades["industrial-robot-operator"], "comprehensive", local_date(at))
    year.open(host, contest, 32, year.ago(60))
    year.enter(contest, year.federation.units[2:], 31, year.ago(40))
    year.run(host, contest, at)
    year.mark(host, contest, year.ago(0.1), confirmed=False, kinds=("theory",))


def _entering(year: Year) -> None:
    for number, (code, klass) in enumerate((("electrician", "first"), ("ai-trainer", "second"))):
        contest = year.plan(year.city, year.trades[code], klass, _day(year, -30 - 2 * number))
        year.open(year.city, contest, 40, year.ago(10))
        year.enter(contest, year.federation.units[3 + number :: 4], 7, year.ago(4), faulty=1)
    host = year.district(0)
    contest = year.plan(host, year.trades["elder-care"], "district", _day(year, -33))
    year.open(host, contest, 20, year.ago(9))


def _rest(year: Year, told: Sequence[str]) -> None:
    """All other trades of the plan, by level; a few of units; one cancelled."""
    codes = [t["code"] for t in trades() if t["code"] not in told]
    for number, code in enumerate(codes):
        klass = "first" if number < 25 else "second" if number < 82 else "district"
        host = year.district(number) if klass == "district" else year.city
        row = year.plan(host, year.trades[code], klass, _later(year, number))
        if number == 30:
            plan.cancel_contest(
                actor=host.actor, contest=row, reason="报名摸底不足三十人，本年度不举办。", now=year.ago(30)
            )
    for number, unit in enumerate(year.federation.units[:8]):
        host = Host(unit.organisation, unit.checker, unit.filer)
        year.plan(host, year.trades[codes[number]], "unit", _later(year, 3 * number))


REPORTS = (
    (0, 20, "百余工种同台竞技，津门工匠比高低", "示范工人报", "city"),
    (0, 45, "焊花里的青春：海河工匠杯焊工赛侧记", "示范日报", "city"),
    (0, 60, "以赛促训，三千职工晋升技能等级", "示范劳动报", "national"),
    (0, 75, "新职业进赛场，训练师比拼人工智能", "示范新闻网", "online"),
    (0, 90, "区级赛场走出“00后”状元", "示范区融媒体", "district"),
    (1, 380, "年度职工职业技能大赛落幕", "示范日报", "city"),
    (1, 400, "从赛场到岗位：金牌选手的一年", "示范工人报", "city"),
    (2, 760, "海河工匠杯：让技能成为硬通货", "示范劳动报", "national"),
)


def _reported(year: Year) -> None:
    """What the media wrote, this year and before."""
    this_year = local_date(year.now).year
    for back, days, title, outlet, medium in REPORTS:
        facts = {
            "year": this_year - back, "title": title, "outlet": outlet, "medium": medium,
            "published_on": local_date(year.ago(days)), "link": f"https://example.org/news/{days}",
        }  # fmt: skip
        brand.add_report(actor=year.city.actor, owner=year.city.organisation, facts=facts, now=year.ago(days - 1))
