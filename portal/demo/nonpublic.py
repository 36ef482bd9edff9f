"""Reminders and their answers, a pool of enterprises, leaders and gains; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from competitions.nonpublic import queries
from competitions.nonpublic.domain import coverage, pool, records
from competitions.nonpublic.domain.records import PAPERS
from competitions.nonpublic.enums import Answer, Benefit, Engagement, Stage
from competitions.nonpublic.forms import WORDS
from portal.accounts.enums import OwnershipClass
from portal.accounts.models import Employer, Organisation
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.demo import guidance, policy, weak_units
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload

REMINDED = 24  # unions that were asked; some have answered
POOL: tuple[tuple[Stage, ...], ...] = (
    (Stage.COACHED, Stage.READY),
    (Stage.COACHED, Stage.COACHED, Stage.READY, Stage.APPLIED),
    (Stage.COACHED,),
    (),
    (Stage.COACHED, Stage.READY, Stage.APPLIED, Stage.NAMED),
    (Stage.COACHED, Stage.COACHED),
    (Stage.LEFT,),
    (Stage.COACHED, Stage.READY),
)
HIGHLIGHTS = (
    "连续五年开展焊工、钳工技能比武，参赛职工占一线职工八成以上，成绩与岗位津贴挂钩。",
    "班组每周一赛、车间每月一评，合理化建议采纳率连续三年提高。",
    "老板带头担任竞赛委员会主任，竞赛经费列入年度预算并足额兑现奖励。",
    "与两家上下游企业联合开展质量攻关竞赛，不良品率明显下降。",
)
DONE = {
    Stage.COACHED: "到企业走访，帮助完善竞赛方案和奖励办法，组织车间主任观摩先进班组。",
    Stage.READY: "资料齐全、成效经财务确认，具备申报条件。",
    Stage.APPLIED: "推荐申报本年度示范单位，材料已上报。",
    Stage.NAMED: "经评审、公示和命名，列入示范单位名单。",
    Stage.LEFT: "企业搬迁外省，终止培育。",
}
COACHES = ("周海宁", "郑文渊", "孙立群", "冯桂兰")
ANSWERS = (
    (Answer.PLANNED, "计划开展数控车工岗位练兵比武。"),
    (Answer.HELD, "一季度已举办叉车司机比武，正在补办备案。"),
    (Answer.UNABLE, "订单不足、职工轮休，希望参加街道组织的联合竞赛。"),
)
ENGAGED = (
    (Engagement.COMMITMENT, "签署年度劳动竞赛承诺书，向全体职工公开。", None),
    (Engagement.MEETING, "主持召开竞赛工作会，研究岗位比武项目和奖励标准。", None),
    (Engagement.BUDGET, "列支年度竞赛专项经费。", 80000),
    (Engagement.REWARD, "出席竞赛总结表彰会，现场兑现奖励。", None),
)
GAINED = (
    (Benefit.BONUS, 46, 92000, "优胜班组和个人奖金。"),
    (Benefit.SKILL_LEVEL, 12, 0, "经比武晋升高级工。"),
    (Benefit.PAY_GRADE, 30, 0, "按竞赛奖励晋级制度提高岗位工资一档。"),
    (Benefit.PROMOTION, 3, 0, "竞赛优胜者聘任为班组长。"),
    (Benefit.ENTERPRISE, 0, 1260000, "节约材料和提高合格率的效益，经财务核定。"),
)


def nonpublic_of_the_year(federation: Federation) -> Iterator[str]:
    """Last year's snapshot, this year's reminders, the pool and the records, by the functions people use."""
    rng, now = random.Random("nonpublic"), federation.now  # noqa: S311 -- repeatable
    coverage.take_snapshot(
        actor=federation.manager, year=local_date(now).year - 1, version=1, reason="", now=now - dt.timedelta(days=300)
    )
    _remind(federation, now)
    private = [u for u in federation.units if _employer(u).ownership == OwnershipClass.NON_PUBLIC]
    for number, (unit, steps) in enumerate(zip(private, POOL, strict=False)):
        _bring_on(federation, unit, steps, number, now)
    for number, unit in enumerate(private[:12]):
        _gain(unit, number, now, rng)
    weak_units.weak_of_the_year(federation)
    guidance.templates_of_the_year(federation)
    policy.policy_of_the_year(federation)
    yield "非公竞赛推进：提醒、培育库、薄弱企业帮扶、分类指导、政策自评、双受益"


def _employer(unit: Unit) -> Employer:
    return Employer.objects.select_related("organisation").get(organisation=unit.organisation, name=unit.employer_name)


def _remind(federation: Federation, now: dt.datetime) -> None:
    waiting = list(queries.gap(queries.units(year=local_date(now).year)).order_by("pk")[:REMINDED])
    sent, day = now - dt.timedelta(days=20), local_date(now)
    made, _passed = coverage.remind(
        actor=federation.city_checker, employers=waiting, year=local_date(now).year, words=str(WORDS), days=10, now=sent
    )
    desks = {unit.organisation.pk: unit.filer for unit in federation.units}
    answering = [row for row in made if row.organisation_id in desks]
    for number, row in enumerate(answering[: len(answering) * 2 // 3]):
        answer, words = ANSWERS[number % len(ANSWERS)]
        coverage.answer_reminder(
            actor=desks[row.organisation_id], reminder=row, answer=answer, words=words, now=sent + dt.timedelta(days=3),
            planned_on=day + dt.timedelta(days=20) if answer == Answer.PLANNED else None,
        )  # fmt: skip


def _union_of(federation: Federation, unit: Unit) -> tuple[Actor, Organisation]:
    """The second-level union above the unit, and who works there."""
    path = "/".join(unit.organisation.path.split("/")[:2]) + "/"
    union = Organisation.objects.get(path=path)
    return federation.checker_of(union.pk), union


def _bring_on(federation: Federation, unit: Unit, steps: tuple[Stage, ...], number: int, now: dt.datetime) -> None:
    actor, union = _union_of(federation, unit)
    found = now - dt.timedelta(days=200 - number)
    facts = {
        "coach": COACHES[number % len(COACHES)], "helper": None, "highlights": HIGHLIGHTS[number % len(HIGHLIGHTS)],
        "plan": "每季度走访一次，帮助整理竞赛成效，推荐参加区级交流。", "goal_year": local_date(now).year + number % 2,
    }  # fmt: skip
    row = pool.add_to_pool(actor=actor, owner=union, employer=_employer(unit), facts=facts, now=found)
    for n, stage in enumerate(steps, start=1):
        when = found + dt.timedelta(days=30 * n)
        pool.write_step(actor=actor, cultivated=row, on=local_date(when), stage=stage, words=DONE[stage], now=when)
        row.refresh_from_db()


def _gain(unit: Unit, number: int, now: dt.datetime, rng: random.Random) -> None:
    employer = _employer(unit)
    when = now - dt.timedelta(days=30 + 9 * number)
    kind, words, amount = ENGAGED[number % len(ENGAGED)]
    facts = {
        "on": local_date(when),
        "kind": kind,
        "leader": "企业负责人",
        "post": "总经理",
        "amount": amount,
        "words": words,
    }
    proof = upload("经费凭据", PAPERS, rng, f"engagement-{number}") if amount else None
    records.enter_engagement(actor=unit.filer, employer=employer, facts=facts, upload=proof, now=when)
    gained, people, money, why = GAINED[number % len(GAINED)]
    facts = {
        "on": local_date(when), "kind": gained, "contest": "岗位技能比武", "headcount": people, "amount": money, "words": why,
    }  # fmt: skip
    proof = upload("发放表", PAPERS, rng, f"benefit-{number}") if money else None
    records.enter_benefit(actor=unit.filer, employer=employer, facts=facts, upload=proof, now=when)
