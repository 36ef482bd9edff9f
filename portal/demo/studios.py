"""Twelve studios in every state: topics, results, people, money, checks of two years; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from innovations.studios.domain import alliances, checks, endings, money, records, studios
from innovations.studios.domain.common import PAPERS
from innovations.studios.index import index
from innovations.studios.models import Studio, YearCheck
from portal.accounts.models import Employer, Organisation
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload
from portal.demo.words import person

FIELDS = (
    ("焊接工艺", "焊工", "机器人焊缝跟踪装置", "降低薄板焊接返修率"),
    ("数控加工", "数控车工", "薄壁件快换夹具", "缩短薄壁件装夹时间"),
    ("电气自动化", "电工", "产线故障自诊断模块", "减少产线停机时间"),
    ("设备维修", "机修钳工", "主轴在线监测系统", "延长主轴大修周期"),
    ("化工操作", "化工总控工", "精馏塔节汽操作法", "降低吨产品蒸汽消耗"),
    ("轨道交通", "城轨车辆检修工", "转向架检修工装", "提高转向架检修效率"),
)
KINDS = ("model", "craft", "craft", "worker")
HONOURS = ("天津市劳动模范", "天津市五一劳动奖章", "海河工匠", "")
STORIES = ("passed", "passed", "good", "filed", "waiting", "mending", "mended", "proposed", "removed", "closed",
           "leader", "growing")  # fmt: skip
SUMMARY = "一年来围绕生产难题开展攻关，课题按计划推进，成果已在车间应用，组织培训交流，带徒弟参加技能等级认定。"


def studios_of_the_year(federation: Federation) -> Iterator[str]:
    """By the functions people use. The second-level union names most, the federation the best; one stays unnamed."""
    rng, now = random.Random("studios"), federation.now  # noqa: S311 -- repeatable
    made: list[Studio] = []
    units = [unit for unit in federation.units if _second(unit) in federation.checkers]
    for number, (unit, story) in enumerate(zip(units, STORIES, strict=False)):
        made.append(_Tale(federation, unit, number, story, rng).tell(now))
    _alliance(federation, made, now)
    yield "创新工作室：课题、成果、经费、年度考核、联盟"


def _second(unit: Unit) -> int:
    return int(unit.organisation.path.split("/")[1])


class _Tale:
    """One studio from its registration to where its story stands today."""

    def __init__(self, federation: Federation, unit: Unit, number: int, story: str, rng: random.Random) -> None:
        self.unit, self.number, self.story, self.rng = unit, number, story, rng
        self.federation = federation
        if story == "good":  # of the city
            self.desk, self.second, self.union = federation.manager, federation.city_checker, federation.municipal
        else:
            self.union = Organisation.objects.get(pk=_second(unit))
            self.desk = federation.checkers[self.union.pk]
            self.second = None
        self.direction, self.trade, self.result, self.topic = FIELDS[number % len(FIELDS)]
        self.leader = person(rng)

    def tell(self, now: dt.datetime) -> Studio:
        self.now, self.today = now, local_date(now)
        self.studio = self._register(now - dt.timedelta(days=900))
        self._year(self.today.year - 1, richness=2)
        self._year(self.today.year, richness={"waiting": 1, "mending": 0, "growing": 1}.get(self.story, 3))
        self._money()
        if self.story != "growing":
            self._name()
            self._checks()
        self._end()
        return self.studio

    def _file(self, label: str) -> object:
        return upload(label, PAPERS, self.rng, f"studio-{self.number}-{self.rng.random()}")

    def _register(self, when: dt.datetime) -> Studio:
        employer = Employer.objects.select_related("organisation").get(
            organisation=self.unit.organisation, name=self.unit.employer_name
        )
        facts = {
            "name": f"{self.leader}{self.direction}创新工作室", "kind": KINDS[self.number % 4],
            "direction": self.direction, "leader": self.leader, "leader_post": f"{self.trade}、高级技师",
            "leader_honour": HONOURS[self.number % 4], "place": f"{2 + self.number % 4}号车间二楼",
            "area": Decimal(60 + 15 * self.number), "equipment": "实训工位6个、检测台2套、工业相机1套。",
            "rules": "工作室管理办法、培训制度、成果奖励办法。", "founded_on": dt.date(self.today.year - 4, 3, 1),
        }  # fmt: skip
        studio = studios.register(actor=self.unit.filer, employer=employer, facts=facts, now=when)
        for place in range(4):
            member = {
                "name": person(self.rng), "trade": self.trade, "skill": ("高级工", "技师")[place % 2],
                "role": ("工艺试验", "图纸和资料", "设备改造", "成果推广")[place], "joined_on": facts["founded_on"],
            }  # fmt: skip
            if not studio.members.filter(name=member["name"]).exists():
                studios.add_member(actor=self.unit.filer, studio=studio, facts=member, now=when)
        return studio

    def _year(self, year: int, *, richness: int) -> None:
        """Topics, results, trainings and people of one year; ``richness`` 0 leaves almost nothing."""
        who, now = {"actor": self.unit.filer, "studio": self.studio}, self.now
        if richness:
            self._topic(year, done=year < self.today.year)
        for place in range(min(richness, 2)):
            facts = {
                "topic": None, "title": f"{self.result}（{year % 100}型{place + 1}）", "number": "",
                "kind": ("process", "five_small", "method")[(self.number + place) % 3],
                "on": dt.date(year, 4 + place * 3, 12), "applied_in": f"{2 + place}号车间",
                "benefit": Decimal(self.rng.randrange(4, 60) * 10_000),
            }  # fmt: skip
            records.add_result(**who, facts=facts, file=self._file("效益证明"), now=now)
        for place in range(richness):
            facts = {
                "on": dt.date(year, 3 + place * 2, 18), "title": f"{self.direction}实训（第{place + 1}期）",
                "kind": ("training", "exchange", "roadshow")[place], "sessions": 1 + place % 2,
                "reach": ("unit", "system", "city")[place], "people": self.rng.randrange(16, 60),
            }  # fmt: skip
            records.add_activity(**who, facts=facts, file=self._file("签到表") if place else None, now=now)
        for place in range(richness):
            self._growth(year, place, who, now)

    def _topic(self, year: int, *, done: bool) -> None:
        when = self.now - dt.timedelta(days=365 * (self.today.year - year))
        facts = {
            "year": year, "title": f"{self.topic}（{year}）", "goal": "找出主要原因，改进工装和参数，形成作业指导书。",
            "head": self.leader, "due_on": dt.date(year, 11, 30), "budget": Decimal(20_000),
        }  # fmt: skip
        topic = records.propose_topic(actor=self.unit.filer, studio=self.studio, facts=facts, now=when)
        if self.story == "growing":
            return
        number, on = f"单位立项〔{year}〕{3 + self.number}号", dt.date(year, 2, 20)
        records.approve_topic(actor=self.unit.checker, topic=topic, number=number, on=on, now=when)
        if done or self.number % 2 == 0:
            end = dt.date(year, 10, 20)
            records.finish_topic(
                actor=self.unit.filer, topic=topic, outcome="达到预定目标，已固化为作业指导书。", on=end,
                benefit=Decimal(self.rng.randrange(5, 40) * 10_000), file=self._file("结题报告"), now=self.now,
            )  # fmt: skip

    def _growth(self, year: int, place: int, who: dict, now: dt.datetime) -> None:
        promoted = place % 2 == 0
        facts = {
            "kind": "promotion" if promoted else "apprentice", "name": person(self.rng), "trade": self.trade,
            "on": dt.date(year, 5 + place, 10), "mentor": "" if promoted else self.leader, "until": None,
            "before": "中级工" if promoted else "", "after": "高级工" if promoted else "",
        }  # fmt: skip
        records.add_growth(**who, facts=facts, file=self._file("等级证书") if promoted else None, now=now)

    def _money(self) -> None:
        year = self.today.year
        lines = [("employer", 20_000, "单位年度拨款", dt.date(year, 1, 15), ""),
                 ("material", 6_800, "试制材料", dt.date(year, 4, 9), ""),
                 ("training", 2_350, "实训耗材和讲课费", dt.date(year, 6, 20), "")]  # fmt: skip
        if self.story == "good":
            lines.append(("grant", 30_000, "市总工会补助", dt.date(year, 7, 1), ""))
        if self.story == "mending":
            lines.append(("equipment", 15_000, "检测台", dt.date(year, 8, 3), "设备科先行垫支，待补助到位归还"))
        for place, (kind, amount, words, on, overdraft) in enumerate(lines):
            facts = {
                "on": on, "kind": kind, "amount": Decimal(amount), "words": words, "overdraft": overdraft,
                "voucher": f"记{self.number + 1:02d}-{place + 1:03d}",
            }  # fmt: skip
            money.enter(actor=self.unit.filer, studio=self.studio, facts=facts, file=self._file("凭证"), now=self.now)

    def _name(self) -> None:
        back = 3 if self.number % 3 == 1 else 1
        on = dt.date(self.today.year - back, 5, 6)
        level = "city" if self.union == self.federation.municipal else "district"
        self.studio = studios.name_studio(
            actor=self.desk, studio=self.studio, by=self.union, level=level, named_on=on, now=self.now,
            number=f"津{self.union.label[:2]}工〔{on.year}〕{20 + self.number}号",
        )  # fmt: skip

    def _checks(self) -> None:
        began = self.now - dt.timedelta(days=40)
        due = self.today + dt.timedelta(days=20)
        checks.open_year(actor=self.desk, owner=self.union, year=self.today.year, due_on=due, now=began)
        check = YearCheck.objects.get(studio=self.studio, year=self.today.year)
        if self.story in {"waiting", "leader", "closed"}:
            return
        self._self_mark(check, 0.92, began + dt.timedelta(days=9))
        if self.story == "filed":
            return
        poor = self.story in {"mending", "mended", "proposed", "removed"}
        share = 0.5 if poor else 0.94 if self.story == "good" else 0.82
        self._mark(check, share, began + dt.timedelta(days=15), poor=poor)
        if self.story == "mended":
            self._self_mark(check, 0.8, began + dt.timedelta(days=34))

    def _shares(self, share: float) -> dict[str, Decimal]:
        return {c.code: Decimal(round(c.max * share)) for c in index().criteria}

    def _self_mark(self, check: YearCheck, share: float, when: dt.datetime) -> None:
        checks.file_check(
            actor=self.unit.filer, check=check, marks=self._shares(share), summary=SUMMARY, now=when,
            plan="新立一项课题，推广两项成果，再带两名徒弟。", files=[self._file("年度台账")],
        )  # fmt: skip

    def _mark(self, check: YearCheck, share: float, when: dt.datetime, *, poor: bool) -> None:
        words = "课题没有过程记录，培训不足，请补做并建档。" if poor else "运行规范，成果有应用，继续加强推广。"
        checks.mark_check(actor=self.desk, check=check, marks=self._shares(share), opinion=words, now=when)

    def _end(self) -> None:
        studio, now = Studio.objects.get(pk=self.studio.pk), self.now
        if self.story in {"proposed", "removed"}:
            removal = endings.propose_removal(
                actor=self.desk, studio=studio, reason="领衔人长期不在岗，一年没有开展活动，资料不全。", now=now
            )
            if self.story == "removed":
                endings.decide_removal(actor=self._another(), removal=removal, agreed=True, words="情况属实。", now=now)
        if self.story in {"leader", "closed"}:
            facts = {
                "kind": "leader" if self.story == "leader" else "close", "on": self.today - dt.timedelta(days=20),
                "reason": "retired" if self.story == "leader" else "unit", "new_post": "技师", "new_honour": "",
                "words": "领衔人办理退休，工作室由副领衔人接任。" if self.story == "leader" else "厂区迁出本市，工作室停止运行。",
                "new_leader": person(self.rng) if self.story == "leader" else "",
            }  # fmt: skip
            asked = endings.ask_change(actor=self.unit.filer, studio=studio, facts=facts, now=now)
            if self.story == "closed":
                endings.decide_change(actor=self.desk, request=asked, agreed=True, opinion="同意。", now=now)

    def _another(self) -> Actor:
        """A second person at the union that named the studio."""
        return self.second or self.federation.person(self.union, "manager", name=person(self.rng))


def _alliance(federation: Federation, made: list[Studio], now: dt.datetime) -> None:
    facts = {
        "name": "天津市智能制造创新工作室联盟", "direction": "工装改造和产线自动化联合攻关",
        "founded_on": local_date(now) - dt.timedelta(days=200),
        "charter": "每季度联合攻关一次，成果共享，互派师傅；牵头工作室负责年度计划。",
    }  # fmt: skip
    alliance = alliances.found(actor=federation.manager, owner=federation.municipal, facts=facts, now=now)
    shares = ("总体方案和牵头", "夹具设计", "电气控制", "试验验证")
    for place, (row, share) in enumerate(zip(made[:4], shares, strict=False)):
        alliances.join(actor=federation.manager, alliance=alliance, studio=row, share=share, leads=place == 0, now=now)
