"""Masters and apprentices, drills and matches of the year; names are made up, some people stand on rosters too."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from competitions.growth import queries
from competitions.growth.calculations import CRITERIA
from competitions.growth.domain import drills, mentoring, purge
from competitions.growth.domain.people import person_of
from competitions.growth.enums import DrillKind, DrillLevel
from competitions.growth.models import Drill, Mentorship
from competitions.rosters.enums import IdKind
from competitions.rosters.persons import Person, read_person
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.demo import numbers, words
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload

TRADES = ("焊工", "数控车工", "维修电工", "钳工", "叉车司机")
GOALS = "期满能独立完成本岗位全部操作，掌握安全规程和常见故障处置，达到中级工水平。"
PLAN = "第一阶段：安全规程和设备认知；第二阶段：基本操作和质量标准；第三阶段：疑难工序和故障排除，独立顶岗。"
TAUGHT = (
    "讲解安全操作规程，熟悉设备和工具",
    "示范基本操作，徒弟跟岗练习",
    "练习典型工序，逐件检查质量",
    "处理常见故障，独立顶岗半天",
)
LEARNED = ("能独立完成，质量合格", "动作基本规范，速度还要提高", "掌握较快，可以进入下一阶段")
STORIES = ("running", "running", "late", "completed", "over", "terminated", "draft")  # by turns
DRILLS = (
    (DrillKind.DRILL, "焊工平板对接岗位练兵", "焊工", 36), (DrillKind.MATCH, "数控车工技术比武", "数控车工", 24),
    (DrillKind.DRILL, "电气故障排除每月一练", "维修电工", 18), (DrillKind.MATCH, "叉车精准作业技术比武", "叉车司机", 20),
)  # fmt: skip


def growth_of_the_year(federation: Federation) -> Iterator[str]:
    """Contracts in every state at four units; drills there, and matches of the union above and of the city."""
    rng, now = random.Random("growth"), federation.now  # noqa: S311 -- repeatable
    for number, unit in enumerate(federation.units[:4]):
        people = _people(unit, rng, local_date(now))
        for turn, story in enumerate(STORIES if number < 2 else STORIES[1:4]):
            _pair(unit, people[0 if turn % 2 else 1], people[2 + turn], story, trade=TRADES[number], rng=rng, now=now)
        for line in DRILLS[: 4 - number]:
            _held(unit.organisation, unit.filer, line, DrillLevel.ENTERPRISE, people=people, rng=rng, now=now)
    path = "/".join(federation.units[0].organisation.path.split("/")[:2]) + "/"
    union = Organisation.objects.get(path=path)
    others = _people(federation.units[0], rng, local_date(now))
    line = (DrillKind.MATCH, "全区焊工技术比武", "焊工", 60)
    _held(union, federation.checker_of(union.pk), line, DrillLevel.DISTRICT, people=others, rng=rng, now=now)
    _leavers(federation, union, now)
    yield "职工成长：师徒合同、练兵比武"


def _leavers(federation: Federation, union: Organisation, now: dt.datetime) -> None:
    """Two workers who left: one file is deleted already, the other waits for the second person."""
    checker, then = federation.checker_of(union.pk), now - dt.timedelta(days=20)
    rows = queries.plain_files().filter(organisation=union.pk, mentored=None, apprenticed=None)
    reason = "职工已调离本单位，书面要求删除，申请书存工会。"
    for number, file in enumerate(rows.order_by("-pk")[:2]):
        asked = purge.ask_purge(actor=checker, file=file, basis="request", reason=reason, now=then)
        if number == 0:
            after = then + dt.timedelta(days=1)
            purge.decide_purge(actor=federation.city_checker, purge=asked, agree=True, verdict="", now=after)


def _people(unit: Unit, rng: random.Random, today: dt.date) -> list[Person]:
    """Nine workers, up to four of them from the unit's rosters."""
    found = [person_of(row.worker) for row in queries.people_on_rosters(unit.organisation.path)[:4]]
    while len(found) < 9:
        found.append(read_person(IdKind.CITIZEN, words.person(rng), numbers.citizen_id(rng), today=today))
    return found


def _pair(
    unit: Unit, mentor: Person, apprentice: Person, story: str, *, trade: str, rng: random.Random, now: dt.datetime
) -> None:
    today = local_date(now)
    ago = {"completed": 300, "over": 200, "draft": 0}.get(story, rng.randint(100, 140))
    start = today - dt.timedelta(days=ago)
    end = start + dt.timedelta(days=185 if story in {"completed", "over"} else 360)
    then = now - dt.timedelta(days=ago)
    facts = {
        "trade": trade, "starts_on": start, "ends_on": end, "goals": GOALS, "plan": PLAN,
        "allowance": Decimal(rng.choice((0, 200, 300))),
    }  # fmt: skip
    row = mentoring.draft_mentorship(
        actor=unit.filer, organisation=unit.organisation, mentor=mentor, apprentice=apprentice, facts=facts, now=then
    )
    if story == "draft":
        return
    mentoring.sign_mentorship(
        actor=unit.filer, mentorship=row, mentor_signed_on=start, apprentice_signed_on=start, now=then
    )
    _write_months(unit, row, 2 if story == "late" else 99, rng, now)
    if story == "completed":
        shares = {key: most - rng.randint(0, most // 5) for key, _title, most in CRITERIA}
        mentoring.assess_mentorship(
            actor=unit.checker, mentorship=row, marks=shares, opinion="技能扎实，能独立顶岗，同意出师。",
            now=now - dt.timedelta(days=90),
        )  # fmt: skip
    elif story == "terminated":
        mentoring.terminate_mentorship(actor=unit.checker, mentorship=row, reason="徒弟调离本岗位。", now=now)


def _write_months(unit: Unit, row: Mentorship, most: int, rng: random.Random, now: dt.datetime) -> None:
    due = row.months.filter(due_on__lt=local_date(now)).order_by("month")[:most]
    for number, month in enumerate(due):
        when = min(now, now - (local_date(now) - month.due_on) + dt.timedelta(days=-2))
        mentoring.record_month(
            actor=unit.filer, month=month, content=TAUGHT[min(number, len(TAUGHT) - 1)] + "。",
            progress=rng.choice(LEARNED) + "。", hours=Decimal(rng.randint(6, 16)), now=when,
        )  # fmt: skip


def _held(
    union: Organisation,
    actor: Actor,
    line: tuple,
    level: str,
    *,
    people: list[Person],
    rng: random.Random,
    now: dt.datetime,
) -> Drill:
    kind, title, trade, count = line
    day = local_date(now) - dt.timedelta(days=rng.randint(20, 260))
    facts = {
        "kind": kind, "level": level, "title": title, "trade": trade, "starts_on": day, "ends_on": day, "people": count,
        "summary": "按岗位标准设置实操项目，现场评分，第一名作为岗位示范；针对暴露的短板安排了专题培训。",
    }  # fmt: skip
    row = drills.add_drill(actor=actor, organisation=union, facts=facts, now=now)
    marks = sorted((Decimal(rng.randint(6800, 9800)) / 100 for _person in range(6)), reverse=True)
    for rank, (person, mark) in enumerate(zip(rng.sample(people, 6), marks, strict=True), start=1):
        drills.set_result(actor=actor, drill=row, person=person, rank=rank, mark=mark, now=now)
    file = upload(f"{title}成绩单", drills.PAPERS, rng, f"drill-{row.pk}")
    drills.add_file(actor=actor, drill=row, upload=file, now=now)
    return row
