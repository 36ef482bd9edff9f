"""The green contest of the demo: six product groups, forty subjects with up to eighteen months, suggestions, two proposals."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from competitions.green.comparison import next_month
from competitions.green.domain import many, readings, suggestions
from competitions.green.domain.dictionary import add_group, load_dictionary
from competitions.green.enums import CheckState
from competitions.green.models import BenchmarkGroup, BenchmarkSubject, Indicator, MonthlyReading
from portal.accounts.domain.organisations import OrganisationFacts, create_organisation
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Organisation
from portal.core.context import Actor, system_actor
from portal.core.dates import local_datetime
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload

BUREAU = "天津市发展和改革委员会"
# name, product, boundary, indicator, benchmark, kind, basis, seasonal, level of most, names of the subjects of one unit
GROUPS: tuple[tuple[str, str, str, str, str, str, str, bool, str, tuple[str, ...]], ...] = (
    ("电炉炼钢", "合格连铸坯", "电炉本体、精炼和连铸，不含制氧。", "unit_power", "385", "industry", "示例行业标杆值", False, "team",
     ("炼钢甲班", "炼钢乙班", "炼钢丙班", "炼钢丁班")),
    ("空压站", "0.7兆帕压缩空气", "空压机、冷干机及附属水泵。", "unit_air", "0.108", "advanced", "示例先进值", False, "post",
     ("一号空压岗", "二号空压岗", "三号空压岗")),
    ("燃气供热", "建筑供热", "热源厂和一次管网。", "unit_heating", "1.05", "industry", "示例行业标杆值", True, "enterprise",
     ("热源厂", "换热公司", "供热分公司")),
    ("氯碱装置", "烧碱（折百）", "盐水、电解、蒸发工序。", "unit_energy", "315", "advanced", "示例先进值", False, "enterprise",
     ("氯碱一厂", "氯碱二厂")),
    ("循环水处理", "循环水", "循环水泵站和冷却塔补水。", "unit_water", "2.6", "own_best", "示例历史最好水平", False, "team",
     ("水处理一班", "水处理二班", "水处理三班", "水处理四班")),
    ("装备制造总装", "装备总装", "总装、涂装车间。", "output_energy", "18", "peer", "示例同工序最好水平", False, "team",
     ("总装一班", "总装二班", "涂装班")),
)  # fmt: skip
UNITS_EACH = 2
IDEAS = (
    ("循环水泵变频改造", "power", "team", "动力车间水泵班", 262_000, None, 170_000, "verified"),
    ("空压机余热回收供浴室热水", "gas", "team", "空压站运行班", None, 96, 310_000, "verified"),
    ("电炉短流程送电曲线优化", "power", "person", "周启明", 815_000, None, 530_000, "verified"),
    ("高杆灯改为智能照明", "power", "person", "李新明", 88_000, None, 57_000, "verified"),
    ("蒸汽疏水阀逐台普查更换", "gas", "team", "热力维修班", None, 143, 420_000, "verified"),
    ("冷却塔风机按湿球温度启停", "power", "team", "循环水运行班", 134_000, None, 87_000, "verified"),
    ("涂装烘干炉保温改造", "gas", "team", "涂装班", None, 61, 190_000, "claimed"),
    ("中控室空调与机房冷源联动", "power", "person", "赵海宁", 41_000, None, 27_000, "claimed"),
    ("煤场喷淋改用再生水", "water", "team", "料场班", None, None, 65_000, "returned"),
    ("连铸坯热送热装率提高", "gas", "team", "连铸班", None, 410, 1_180_000, "proposed"),
    ("废切削液减量与回用", "recycle", "person", "孙立业", None, None, 36_000, "proposed"),
    ("夜间全厂停压缩空气", "power", "person", "钱文韬", 150_000, None, 90_000, "declined"),
)  # fmt: skip


@dataclass
class Story:
    federation: Federation
    rng: random.Random
    last: dt.date  # the last month that is over
    subjects: list[tuple[BenchmarkSubject, Unit]] = field(default_factory=list)
    level: dict[int, Decimal] = field(default_factory=dict)  # of each subject: its value to the benchmark

    @property
    def now(self) -> dt.datetime:
        return self.federation.now

    def checker(self, unit: Unit) -> Actor:
        return self.federation.checker_of(unit.organisation.parent_id)


def green_of_the_year(federation: Federation) -> Iterator[str]:
    """Dictionary, groups, subjects, months handed in and checked month by month, suggestions, proposals."""
    story = Story(federation, random.Random("green"), readings.last_month(federation.now))  # noqa: S311 -- repeatable
    begun = federation.now - dt.timedelta(days=600)
    load_dictionary(actor=federation.manager, owner=federation.municipal, now=begun)
    bureau = create_organisation(
        actor=system_actor("demo"), parent=federation.municipal, kind=OrganisationKind.DEPARTMENT,
        facts=OrganisationFacts(name=BUREAU), now=begun,
    )  # fmt: skip
    federation.person(bureau, Role.CHECKER, username="fagai")
    for number in range(len(GROUPS)):
        _group(story, number, bureau, begun)
    _months(story)
    _special(story)
    _suggestions(story)
    yield f"双碳竞赛 {len(GROUPS)} 个对标组、{len(story.subjects)} 个参赛主体"


def _group(story: Story, number: int, bureau: Organisation, begun: dt.datetime) -> None:
    name, product, boundary, code, benchmark, kind, basis, seasonal, level, names = GROUPS[number]
    federation, rng = story.federation, story.rng
    group = add_group(
        actor=federation.manager, owner=federation.municipal, now=begun,
        facts={
            "name": name, "product": product, "boundary": boundary, "benchmark": Decimal(benchmark), "basis": basis,
            "indicator": Indicator.objects.filter(code=code, owner=federation.municipal).latest("version"),
            "benchmark_kind": kind, "is_seasonal": seasonal, "cohost": bureau, "is_open": True,
        },
    )  # fmt: skip
    for turn in range(UNITS_EACH):
        unit = federation.units[(number * UNITS_EACH + turn) % min(8, len(federation.units))]
        for place, subject_name in enumerate(names):
            # The last of every other group stands alone at its level: too few to compare.
            alone = number % 2 == 0 and turn == 1 and place == len(names) - 1
            first = next_month(story.last, -17 + (number + place) % 3 * 2)
            subject = readings.register_subject(
                actor=unit.filer, group=group, now=begun,
                facts={
                    "name": subject_name, "level": "enterprise" if alone and level != "enterprise" else level,
                    "people": rng.randrange(8, 60) if level != "enterprise" else rng.randrange(200, 900),
                    "leader": "", "first_month": first,
                },
            )  # fmt: skip
            story.subjects.append((subject, unit))
            story.level[subject.pk] = Decimal(rng.randrange(985, 1190)) / 1000
            if not seasonal and place != 2:
                _baseline(story, subject, unit)


def _baseline(story: Story, subject: BenchmarkSubject, unit: Unit) -> None:
    year = subject.first_month.year - 1
    value = subject.group.benchmark * (story.level[subject.pk] + Decimal("0.045"))
    when = local_datetime(subject.first_month, dt.time(9)) + dt.timedelta(days=20)
    row = readings.submit_baseline(
        actor=unit.filer, subject=subject, starts_on=dt.date(year, 1, 1), ends_on=dt.date(year, 12, 1), now=when,
        value=value.quantize(Decimal("0.0001"), ROUND_HALF_UP), note="",
        files=[upload("能源利用状况报告", ("pdf",), story.rng, f"green-base-{subject.pk}")],
    )  # fmt: skip
    readings.accept(actor=story.checker(unit), row=row, now=when + dt.timedelta(days=4))


def _months(story: Story) -> None:
    """Each unit hands in its subjects of a group by workbook, five days after the month; now and then late."""
    together: dict[tuple[int, int], list[BenchmarkSubject]] = {}
    units = {unit.organisation.pk: unit for _subject, unit in story.subjects}
    for subject, unit in story.subjects:
        together.setdefault((subject.group_id, unit.organisation.pk), []).append(subject)
    month = min(subject.first_month for subject, _unit in story.subjects)
    while month <= story.last:
        for (group, organisation), subjects in together.items():
            lines = [
                _line(story, s, month) for s in subjects if s.first_month <= month and not _skipped(s, month, story)
            ]
            if lines:
                days = 24 if (group + month.month) % 7 == 0 else 5
                when = min(local_datetime(next_month(month), dt.time(10)) + dt.timedelta(days=days), story.now)
                many.submit_many(
                    actor=units[organisation].filer, group=subjects[0].group, lines=lines, now=when,
                    files=[upload("能源统计报表", ("pdf",), story.rng, f"green-{group}-{organisation}-{month}")],
                )  # fmt: skip
        month = next_month(month)
    for unit in units.values():
        waiting = MonthlyReading.objects.filter(subject__organisation=unit.organisation, state=CheckState.SUBMITTED)
        if unit.organisation.pk % 2:
            waiting = waiting.filter(month__lt=story.last)  # the last month still waits for its check
        pks = list(waiting.values_list("pk", flat=True))
        many.accept_many(actor=story.checker(unit), pks=pks, now=story.now - dt.timedelta(days=2))


def _skipped(subject: BenchmarkSubject, month: dt.date, story: Story) -> bool:
    """Two teams of the first unit have not sent the last month yet; every eighth subject misses one month of the year."""
    if subject.organisation_id == story.federation.units[0].organisation.pk and month == story.last:
        return subject.name in GROUPS[0][-1][:2]
    return subject.pk % 8 == 3 and month == next_month(story.last, -3)


def _line(story: Story, subject: BenchmarkSubject, month: dt.date) -> many.Line:
    """Metered data whose value comes down by about four percent in the course, with noise and, where it is so, seasons."""
    age = (month.year - subject.first_month.year) * 12 + month.month - subject.first_month.month
    factor = story.level[subject.pk] * (1 - Decimal(age) * Decimal("0.0028"))
    factor += Decimal(story.rng.randrange(-12, 13)) / 1000
    if subject.group.is_seasonal:
        factor *= {12: Decimal("1.12"), 1: Decimal("1.2"), 2: Decimal("1.1"), 3: 1, 11: 1}.get(
            month.month, Decimal("0.25")
        )
    return many.Line(0, subject.name, month, _inputs(subject.group, subject.group.benchmark * factor, story.rng))


def _inputs(group: BenchmarkGroup, value: Decimal, rng: random.Random) -> dict[str, Decimal]:
    def rounded(number: Decimal) -> Decimal:
        return number.quantize(Decimal(1), ROUND_HALF_UP)

    output = Decimal(rng.randrange(900, 1400))
    match group.indicator.code:
        case "unit_power":
            return {"power": rounded(value * output * 10), "output": output * 10}
        case "unit_air":
            return {"power": rounded(value * output * 1000), "air": output * 1000}
        case "unit_heating":
            return {"gas": rounded(value * output * 400 / Decimal("1.2143")), "power": Decimal(0), "area": output * 400}
        case "unit_water":
            return {"water": rounded(value * output * 10), "output": output * 10}
        case "unit_energy":
            power = rounded(value * output / Decimal("0.1229"))
            return {"coal": Decimal(0), "power": power, "gas": Decimal(0), "heat": Decimal(0), "output": output}
        case _:
            power = rounded(value * output / Decimal("0.1229"))
            return {"coal": Decimal(0), "power": power, "gas": Decimal(0), "worth": output}


def _special(story: Story) -> None:
    """One month of the first unit came back; one of another is being corrected."""
    first = story.federation.units[0]
    subject = next(s for s, unit in story.subjects if unit is first)
    inputs = _inputs(subject.group, subject.group.benchmark * Decimal("0.7"), story.rng)
    row = readings.submit_reading(
        actor=first.filer, subject=subject, month=story.last, inputs=inputs, now=story.now - dt.timedelta(days=3),
        files=[upload("抄表记录", ("pdf",), story.rng, "green-returned")],
    )  # fmt: skip
    reason = "当月电量比上月少三成，请核对电表倍率并补充抄表记录。"
    readings.send_back(actor=story.checker(first), row=row, reason=reason, now=story.now - dt.timedelta(days=1))
    subject, unit = next((s, u) for s, u in story.subjects if u is not first)
    month = next_month(story.last, -2)
    readings.submit_reading(
        actor=unit.filer, subject=subject, month=month, note="外送电量漏扣，按结算单更正。", now=story.now - dt.timedelta(days=1),
        inputs=_inputs(subject.group, subject.group.benchmark * story.level[subject.pk], story.rng),
        files=[upload("结算单", ("pdf",), story.rng, "green-corrected")],
    )  # fmt: skip


def _suggestions(story: Story) -> None:
    federation, now = story.federation, story.now
    for number, (title, kind, who, proposer, kwh, other, yuan, end) in enumerate(IDEAS):
        unit = federation.units[number % min(5, len(federation.units))]
        subject = next((s for s, u in story.subjects if u is unit), None) if number % 2 == 0 else None
        figures = {
            "kwh": Decimal(kwh) if kwh else None, "other": Decimal(other) if other else None, "yuan": Decimal(yuan)
        }  # fmt: skip
        begun = max(now - dt.timedelta(days=200 - number * 9), now.replace(month=1, day=10))
        row = suggestions.suggest(
            actor=unit.filer, now=begun, **figures,
            facts={
                "title": title, "kind": kind, "proposer_kind": who, "proposer": proposer, "subject": subject,
                "baseline": f"{begun.year - 1}年全年计量数据", "investment": Decimal(yuan) * 2,
                "measures": f"{title}：现场测试、制定方案，由班组利用检修时间实施，运行三个月后核实。",
            },
        )  # fmt: skip
        if end == "declined":
            reason = "夜间仍有连续生产工序用气，经论证暂不具备条件。"
            suggestions.decline(actor=unit.filer, suggestion=row, reason=reason, now=begun)
            continue
        if end == "proposed":
            continue
        done = now - dt.timedelta(days=60 - number)
        real = {name: value * Decimal("0.94") if value else None for name, value in figures.items()}
        row = suggestions.claim(
            actor=unit.filer, suggestion=row, verifier="单位能源管理部门", done_on=done.date(), now=done, **real,
            files=[upload("节能量核实报告", ("pdf",), story.rng, f"green-saving-{number}")],
        )  # fmt: skip
        checker = story.checker(unit)
        if end == "returned":
            reason = "节水量没有水表记录，请补充。"
            suggestions.return_claim(actor=checker, suggestion=row, reason=reason, now=now - dt.timedelta(days=2))
        elif end == "verified":
            row = suggestions.verify(actor=checker, suggestion=row, now=done + dt.timedelta(days=9))
            if number in {0, 2}:
                reason = "核定节能量居全市同类建议前列，做法可在同行业推广。"
                actor = federation.city_checker
                suggestions.propose(actor=actor, suggestion=row, reason=reason, now=now - dt.timedelta(days=1))
