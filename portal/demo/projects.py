"""Twelve key projects with a year behind them: reports, problems in every state, visits, scores, care; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from competitions.projects.domain import field, progress, register, tickets
from competitions.projects.domain.files import PAPERS, PICTURES
from competitions.projects.enums import Duty, PeriodState
from competitions.projects.models import KeyProject, Period, ScorecardDefinition, Ticket
from competitions.projects.scoring import parse
from portal.accounts.models import Organisation
from portal.core.context import Actor, system_actor
from portal.core.dates import local_date, local_datetime
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload

# name, kind, level, status, cadence, districts, place, how far the works are to the plan (percentage points), what is special
PROJECTS: tuple[tuple[str, str, str, str, str, tuple[str, ...], str, int, str], ...] = (
    ("津沽会展中心二期工程", "exhibition", "municipal", "building", "monthly", ("120112",), "", 1, "named"),
    ("川藏铁路天津参建标段", "railway", "national", "building", "quarterly", (), "川藏铁路沿线", -3, "named"),
    ("滨海新区集装箱码头改造工程", "port", "municipal", "building", "monthly", ("120116",), "", -7, "ticket"),
    ("轨道交通海河线一期工程", "metro", "municipal", "building", "monthly", ("120101", "120102", "120104"), "", -13, "late"),
    ("渤东新材料产业基地", "industry", "national", "building", "quarterly", ("120116",), "", 2, ""),
    ("于桥水源调水工程", "water", "municipal", "building", "quarterly", ("120119",), "", -2, "accident"),
    ("北洋海上风电场工程", "energy", "municipal", "building", "monthly", ("120116",), "", 4, ""),
    ("京津城际联络线工程", "railway", "national", "building", "monthly", ("120114", "120105"), "河北省廊坊段", -6, "regional"),
    ("子牙再生资源产业园", "industry", "district", "building", "quarterly", ("120118",), "", 0, "planless"),
    ("海门港务综合枢纽", "port", "municipal", "paused", "quarterly", ("120116",), "", -4, ""),
    ("直沽老旧小区集中改造", "livelihood", "district", "building", "quarterly", ("120103",), "", 1, ""),
    ("云帆航空维修基地", "industry", "municipal", "building", "quarterly", ("120110",), "", 0, "archived"),
)  # fmt: skip
PROBLEMS = (
    ("safety", "深基坑临边防护不足", "区住房建设部门"),
    ("land", "施工便道用地手续未办结", "区规划资源部门"),
    ("wages", "劳务分包单位工资支付台账不全", "市总权益保障部"),
    ("living", "工人生活区夏季降温设施不足", "市总权益保障部"),
)
MARKS = (Decimal("0.95"), Decimal("0.9"), Decimal("0.85"), Decimal("0.8"))


@dataclass
class Story:
    """One project of the demo with those who act in it."""

    number: int
    row: Any
    unit: Unit
    actor: Actor  # of the managing union
    owner: Organisation
    inspector: Actor
    definition: ScorecardDefinition
    now: dt.datetime
    rng: random.Random
    project: KeyProject = None

    @property
    def offset(self) -> int:
        return self.row[-2]

    @property
    def special(self) -> str:
        return self.row[-1]

    def file(self, label: str, mark: str, accept: tuple[str, ...] = PAPERS) -> Any:
        return upload(label, accept, self.rng, f"project-{mark}-{self.number}")


def projects_of_the_year(federation: Federation, rng: random.Random) -> Iterator[str]:
    """Registers the projects, files the plans of eleven, reports and checks the year."""
    now = federation.now
    definition, _new = field.load_definition(
        actor=federation.manager, owner=federation.municipal, data=field.read_definition(), now=_at(now, 330)
    )
    for number, row in enumerate(PROJECTS):
        unit = federation.units[0] if number in {2, 4} else federation.units[number % len(federation.units)]
        actor, owner = _manager(federation, number, unit)
        other = federation.units[(number + 7) % len(federation.units)].organisation
        _play(Story(number, row, unit, actor, owner, federation.city_checker, definition, now, rng), other)
    yield f"重点工程 {len(PROJECTS)} 项"


def _at(now: dt.datetime, days: int) -> dt.datetime:
    return now - dt.timedelta(days=days)


def _manager(federation: Federation, number: int, unit: Unit) -> tuple[Actor, Organisation]:
    """Every third project is managed by the union above its unit's, the others by the federation."""
    if number % 3 == 2:
        path = unit.organisation.path.split("/")
        district = Organisation.objects.get(path="/".join(path[:2]) + "/")
        return federation.checker_of(district.pk), district
    return federation.city_checker, federation.municipal


def _play(story: Story, other: Organisation) -> None:
    now, start, unit, actor = story.now, _at(story.now, 320), story.unit, story.actor
    story.project = project = register.register_project(
        actor=actor, owner=story.owner, reporter=unit.organisation, facts=_register(story), now=start
    )
    if other.pk != unit.organisation.pk:
        register.add_participant(actor=actor, project=project, organisation=other, duty=Duty.BUILDER, now=start)
    if story.special == "planless":
        return
    slots = progress.plan_slots(project)
    progress.file_plan(
        actor=unit.filer, project=project, percents={s: p for s, _e, p, _f in slots}, now=start + dt.timedelta(days=6),
        files=[story.file("竞赛方案", "plan")],
    )  # fmt: skip
    for title, share in (("开工建设", 0), ("主体结构完成", 50), ("竣工验收", 100)):
        when = project.starts_on + (project.ends_on - project.starts_on) * share / 100
        milestone = progress.add_milestone(actor=unit.filer, project=project, title=title, planned_on=when, now=start)
        if when < local_date(now) and story.offset > -10:
            progress.finish_milestone(actor=unit.filer, milestone=milestone, done_on=when, now=now)
    _reports(story)
    _at_the_site(story)
    _problems(story)
    if story.special == "archived":
        _finish(story)


def _register(story: Story) -> dict[str, Any]:
    name, kind, level, status, cadence, districts, place, *_rest = story.row
    number, now, workers = story.number, story.now, story.rng.randrange(4, 40) * 50
    begun = local_date(_at(now, 318)).replace(day=1)
    lasts = 220 if story.special == "archived" else 480 + 30 * (number % 6)
    return {
        "name": name, "approval_code": f"{local_date(now).year - 1}-120000-48-01-{number + 1:06d}", "level": level, "kind": kind,
        "status": status, "cadence": cadence, "districts": list(districts), "place": place,
        "is_regional": story.special == "regional", "client": f"{name[:4]}建设管理单位",
        "contractor": story.unit.employer_name, "supervisor": "示例工程监理单位",
        "committee": "建设单位牵头，总包、监理和主要参建单位参加",
        "investment": Decimal(story.rng.randrange(8, 400) * 1000), "workers": workers,
        "migrant_workers": workers * 3 // 5, "teams": workers // 25, "starts_on": begun,
        "ends_on": begun + dt.timedelta(days=lasts), "report_days": 5,
        "named_year": local_date(now).year - 1 if story.special == "named" else None,
    }  # fmt: skip


def _reports(story: Story) -> None:
    """All periods that are over; the last one late, returned or waiting for its check, as the project's story goes."""
    now, project = story.now, story.project
    over = [p for p in Period.objects.filter(project=project).order_by("starts_on") if p.ends_on < local_date(now)]
    if story.special == "late":
        over = over[:-1]
    reached = Decimal(0)
    for place, period in enumerate(over):
        is_last = place == len(over) - 1
        drift = story.offset * (place + 1) // len(over)
        reached = max(reached, min(Decimal(100), period.planned + drift), Decimal(0))
        when = min(local_datetime(period.ends_on + dt.timedelta(days=3), dt.time(10)), now)
        figures = _figures(story, reached, drift, accident=is_last and story.special == "accident")
        progress.report_period(
            actor=story.unit.filer, period=period, figures=figures, now=when,
            words="按计划组织施工，开展班组对标和安全竞赛，完成本期主要工程量。",
            difficulties="部分材料供应偏紧。" if drift < -5 else "",
        )  # fmt: skip
        if is_last and story.special == "regional":
            reason = "请补充廊坊段的形象进度。"
            progress.return_period(actor=story.actor, period=period, reason=reason, days=5, now=_at(now, 1))
        elif not (is_last and story.special == "ticket"):
            progress.accept_period(actor=story.actor, period=period, now=when + dt.timedelta(hours=5))


def _figures(story: Story, reached: Decimal, drift: int, *, accident: bool) -> dict[str, Any]:
    rng, hazards = story.rng, story.rng.randrange(2, 14)
    return {
        "percent": reached,
        "invested": (story.project.investment * reached / 100).quantize(Decimal("0.01")),
        "pass_rate": Decimal(rng.randrange(960, 1000)) / 10,
        "hazards": hazards,
        "hazards_fixed": hazards - 1 if drift < -5 else hazards,
        "innovations": rng.randrange(0, 4),
        "events": rng.randrange(1, 5),
        "people": rng.randrange(40, 400),
        "accidents": int(accident),
    }


def _at_the_site(story: Story) -> None:
    """A visit with pictures, for some a next one; a card; for every second project care for the workers."""
    now, number, project, inspector = story.now, story.number, story.project, story.inspector
    visit = field.plan_visit(
        actor=inspector, project=project, planned_on=local_date(_at(now, 60 + number * 5)),
        team="市总工会劳动和经济工作部调研组", agenda="座谈汇报、实地考察、反馈意见", now=_at(now, 90),
    )  # fmt: skip
    field.record_visit(
        actor=inspector, visit=visit, visited_on=visit.planned_on, score=Decimal(story.rng.randrange(82, 97)),
        findings="竞赛组织健全，班组活动经常；建议把节点目标分解到班组，加强临边防护检查。", now=_at(now, 50),
        photos=[story.file("现场", f"photo-{n}", PICTURES) for n in range(2)],
    )  # fmt: skip
    if number % 4 == 0:
        field.plan_visit(
            actor=inspector, project=project, planned_on=local_date(now) + dt.timedelta(days=6 + number),
            team="市总工会分管领导带队", agenda="现场推进会", now=_at(now, 3),
        )  # fmt: skip
    share = story.rng.choice(MARKS)
    marks = {d.code: (d.max * share).quantize(Decimal("0.1")) for d in parse(story.definition.content).dimensions}
    scored = _at(now, 40)
    field.enter_scorecard(
        actor=story.actor, project=project, definition=story.definition, scored_on=local_date(scored), marks=marks,
        words="总体较好，技术创新成果有待总结。", now=scored,
    )  # fmt: skip
    if number % 2 == 0:
        field.enter_care(
            actor=story.actor, project=project, facts=_care(story), files=[story.file("签收单", "care")],
            now=_at(now, 100),
        )  # fmt: skip


def _care(story: Story) -> dict[str, Any]:
    return {
        "on": local_date(_at(story.now, 110)),
        "leaders": "市总工会分管领导",
        "recipients": "一线施工班组职工、农民工",
        "headcount": story.rng.randrange(30, 200),
        "goods": "防暑降温用品、劳动保护用品",
        "amount": Decimal(story.rng.randrange(4, 20) * 1000),
        "source": "union",
        "approval_number": f"津工经批〔{local_date(story.now).year}〕{20 + story.number}号",
    }


def _problems(story: Story) -> None:
    """One closed problem each; then by turns open, solved, overdue and escalated, reopened."""
    now, number = story.now, story.number
    closed = _raise(story, 0, _at(now, 45))
    _solve(story, closed, "closed", _at(now, 42))
    tickets.close_ticket(actor=story.actor, ticket=closed, now=_at(now, 40))
    if story.special == "archived":
        return
    turn = number % 4
    ticket = _raise(story, 1, _at(now, (4, 8, 24, 12)[turn]))
    if turn in {1, 3}:
        _solve(story, ticket, "solved", _at(now, 5))
    if turn == 3:
        reason = "证明材料看不清楚，请补充照片。"
        tickets.reopen_ticket(actor=story.actor, ticket=ticket, reason=reason, days=5, now=_at(now, 2))
    elif turn == 2:
        tickets.escalate_overdue(actor=system_actor("demo"), ticket=ticket, now=_at(now, 3))


def _raise(story: Story, turn: int, begun: dt.datetime) -> Ticket:
    category, title, department = PROBLEMS[(story.number + turn) % len(PROBLEMS)]
    return tickets.raise_ticket(
        actor=story.actor, project=story.project, category=category, title=title, department=department, days=10,
        text=f"调研中发现：{title}，请尽快整改。", responsible=story.unit.organisation, now=begun,
    )  # fmt: skip


def _solve(story: Story, ticket: Ticket, mark: str, when: dt.datetime) -> None:
    proof = [story.file("整改证明", mark)]
    solution = "已按要求整改，并举一反三开展排查。"
    tickets.solve_ticket(actor=story.unit.filer, ticket=ticket, solution=solution, files=proof, now=when)


def _finish(story: Story) -> None:
    now, project = story.now, story.project
    for period in Period.objects.filter(project=project, state=PeriodState.SUBMITTED):
        progress.accept_period(actor=story.actor, period=period, now=_at(now, 20))
    register.close_project(
        actor=story.actor, project=project, finished_on=project.ends_on, now=_at(now, 15),
        summary="竞赛期间全部节点按期完成，未发生质量安全事故，建议表彰先进班组三个。",
        experience="把“五比一创”六个维度的指标分解到班组，每周亮牌，每月讲评。",
        files=[story.file("竞赛总结", "summary")],
    )  # fmt: skip
    register.archive_project(actor=story.actor, project=project, now=_at(now, 10))
