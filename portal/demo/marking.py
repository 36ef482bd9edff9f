"""Three contests marked by scheme: two finished and revealed, one being marked with its board live; names are made up."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook

from competitions.marking import contests as register
from competitions.marking.domain import benches, boards, closing, setup
from competitions.marking.domain.entering import Entered, record_marks
from competitions.marking.domain.judges import name_judges, seat_judges
from competitions.marking.domain.schemes import store_scheme
from competitions.marking.enums import AspectKind, PartState, RuleKind
from competitions.marking.models import Aspect, Bench, Judge, Mark, Marking, SubCriterion
from competitions.marking.scheme import Aspect as PlainAspect
from competitions.marking.scheme import Criterion, Rule, Scheme, Section
from competitions.marking.scheme import SubCriterion as PlainPart
from portal.accounts.imports.template import DATA, template
from portal.core.context import Actor
from portal.demo import words
from portal.demo.federation import Federation, Unit

# title, days since it began, benches, whether it is over
CONTESTS = (
    ("“海河工匠杯”技能大赛数控车工决赛", 41, 24, True),
    ("“海河工匠杯”技能大赛焊工决赛", 27, 20, True),
    ("工业机器人系统操作员职业技能竞赛", 0, 18, False),  # of the register: its competitors, its benches
)
# criterion, sub-criterion, day, its aspects: (what, marks, how it counts)
J, ALL, SIZE, TIME, FAULTS = "judgement", "all", "size", "time", "faults"
PLAN = (
    ("A", "工艺准备", "A1", "图样与工艺文件", 1, (("工序安排合理、完整", 4, J), ("工量具选用正确", 3, ALL), ("文件填写规范", 3, J))),
    ("A", "工艺准备", "A2", "设备点检", 1, (("点检项目齐全", 4, ALL), ("点检记录错漏", 4, FAULTS))),
    ("B", "零件加工", "B1", "主要尺寸", 1, (("直径一", 8, SIZE), ("直径二", 8, SIZE), ("总长", 6, SIZE), ("槽宽", 6, SIZE))),
    ("B", "零件加工", "B2", "表面与外观", 1, (("表面粗糙度目测", 7, J), ("倒角去毛刺", 5, J), ("整体外观", 6, J))),
    ("C", "装配调试", "C1", "功能", 2, (("一次通电成功", 6, ALL), ("功能完整", 8, J), ("完成用时", 8, TIME))),
    ("D", "职业素养", "D1", "安全与现场", 2, (("安全操作", 6, J), ("违规次数", 4, FAULTS), ("现场整理", 4, J))),
)  # fmt: skip
LEVELS = ("未达到要求，影响使用", "达到要求", "达到要求，部分优于行业标准", "全面优于行业标准")
SECTIONS = (("1", "工艺与准备", 18), ("2", "加工与测量", 46), ("3", "装配与调试", 22), ("4", "安全与素养", 14))
SECTION_OF = {"A": "1", "B": "2", "C": "3", "D": "4"}
RULES = {
    ALL: Rule(RuleKind.ALL),
    SIZE: Rule(RuleKind.BANDS, "mm", Decimal(20), Decimal(30), Decimal(25), ((Decimal("0.02"), Decimal(100)), (Decimal("0.05"), Decimal(50)))),
    TIME: Rule(RuleKind.LINEAR, "分钟", Decimal(30), Decimal(240), best=Decimal(120), worst=Decimal(200)),
    FAULTS: Rule(RuleKind.DEDUCT, "处", Decimal(0), Decimal(20), step=Decimal("0.5")),
}  # fmt: skip
SEATS, CHIEF, SECOND = slice(0, 3), 3, 4  # among the judges of a contest


def scheme() -> Scheme:
    """The plan above, as the calculation takes it."""
    parts: dict[str, list[PlainPart]] = {}
    titles: dict[str, str] = {}
    for letter, title, code, part, day, rows in PLAN:
        titles[letter] = title
        aspects = tuple(
            PlainAspect(
                f"{code}.{n:02d}", AspectKind.JUDGEMENT if how == J else AspectKind.MEASUREMENT, what, Decimal(marks),
                SECTION_OF[letter], RULES.get(how), LEVELS if how == J else (),
            )
            for n, (what, marks, how) in enumerate(rows, 1)
        )  # fmt: skip
        parts.setdefault(letter, []).append(PlainPart(code, part, day, aspects))
    return Scheme(
        tuple(Criterion(letter, titles[letter], tuple(found)) for letter, found in parts.items()),
        tuple(Section(code, title, Decimal(weight)) for code, title, weight in SECTIONS),
    )


def marking_of_the_year(federation: Federation) -> Iterator[str]:
    """Opens, marks, confirms and locks; the last contest is still going on."""
    rng = random.Random("marking")  # noqa: S311 -- repeatable
    for number, (title, days, places, is_over) in enumerate(CONTESTS):
        start = federation.now - dt.timedelta(days=days, hours=3)
        units = [federation.units[(number * 11 + n * 3) % len(federation.units)] for n in range(9)]
        _play(Contest(federation, rng, title=title, start=start, units=units, places=places), is_over)
    yield f"现场评分 {len(CONTESTS)} 个赛项"


class Contest:
    """One contest of the demo with its judges."""

    def __init__(
        self,
        federation: Federation,
        rng: random.Random,
        *,
        title: str,
        start: dt.datetime,
        units: list[Unit],
        places: int,
    ) -> None:
        self.actor, self.rng, self.start = federation.city_checker, rng, start
        known = next((c for c in register.candidates(self.actor) if c.title.startswith(title)), None)
        self.marking: Marking = setup.open_marking(actor=self.actor, contest=known, title=title, now=start)
        if known is None:  # outside the register of contests
            self._list(units, places)
        self.judges: list[Actor] = federation.experts[:5]
        row = store_scheme(
            actor=self.actor, marking=self.marking, scheme=scheme(), file_name="评分方案.xlsx", now=start
        )
        name_judges(
            actor=self.actor, marking=self.marking, users=[j.user_id for j in self.judges],
            chief=self.judges[CHIEF].user_id, now=start,
        )  # fmt: skip
        rows = {j.user_id: j.pk for j in Judge.objects.filter(marking=self.marking)}
        seats = {
            (part.pk, n): rows[judge.user_id]
            for part in SubCriterion.objects.filter(scheme=row)
            for n, judge in enumerate(self.judges[SEATS], 1)
        }
        seat_judges(actor=self.actor, scheme=row, seats=seats, now=start)
        setup.start_marking(actor=self.actor, marking=self.marking, now=start)
        self.parts = list(SubCriterion.objects.filter(scheme=row).order_by("order"))
        self.benches = list(Bench.objects.filter(marking=self.marking))
        self.skill = {bench.pk: rng.gauss(0, 1) for bench in self.benches}

    def _list(self, units: list[Unit], places: int) -> None:
        content = _list_of(units, places, self.rng)
        problems, _count = benches.load_benches(actor=self.actor, marking=self.marking, content=content, now=self.start)
        if problems:
            raise RuntimeError(problems)

    def enter(self, part: SubCriterion, benches_now: list[Bench], now: dt.datetime) -> None:
        """All three judges mark these benches; nobody differs by more than one."""
        for number, judge in enumerate(self.judges[SEATS]):
            entries = [
                Entered(uuid.uuid4(), aspect.pk, bench.pk, self._figure(aspect, bench), made_at=now)
                for aspect in Aspect.objects.filter(part=part) if aspect.is_judged or number == 0
                for bench in benches_now
            ]  # fmt: skip
            record_marks(actor=judge, part=part, entries=entries, now=now)

    def _figure(self, aspect: Aspect, bench: Bench) -> Decimal:
        skill = self.skill[bench.pk]
        match aspect.rule:
            case "":
                return Decimal(min(3, max(1, round(2 + skill * 0.5)))) if self.rng.random() < 0.7 else Decimal(2)
            case RuleKind.ALL:
                return Decimal(int(self.rng.random() < 0.75 + skill * 0.1))
            case RuleKind.BANDS:
                return Decimal(str(round(25 + self.rng.gauss(0, 0.03 - skill * 0.008), 3)))
            case RuleKind.LINEAR:
                return Decimal(round(max(100, 150 - skill * 18 + self.rng.gauss(0, 6))))
            case _:
                return Decimal(max(0, round(1.5 - skill + self.rng.random())))

    def close(self, part: SubCriterion, now: dt.datetime, *, locked: bool = True) -> None:
        closing.confirm_part(actor=self.judges[SECOND], part=part, now=now)
        if locked:
            closing.lock_part(actor=self.judges[CHIEF], part=part, now=now)


def _list_of(units: list[Unit], places: int, rng: random.Random) -> bytes:
    """The filled list of benches."""
    book = load_workbook(BytesIO(template(benches.SHEET)))
    for n in range(places):
        unit = units[n % len(units)].organisation
        half = "上午场" if n < places / 2 else "下午场"
        for column, value in enumerate((f"{n + 1:02d}", half, words.person(rng), unit.code, ""), 1):
            book[DATA].cell(n + 2, column, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _play(contest: Contest, is_over: bool) -> None:
    marking, start, actor = contest.marking, contest.start, contest.actor
    freezes = None if is_over else start + dt.timedelta(hours=8)
    boards.turn_board(actor=actor, marking=marking, step="show", now=start, freezes_at=freezes)
    done = contest.parts if is_over else contest.parts[:3]
    for n, part in enumerate(done):
        now = start + dt.timedelta(minutes=25 * (n + 1))
        contest.enter(part, contest.benches, now)
        contest.close(part, now, locked=is_over or n < 2)
    if is_over:
        now = start + dt.timedelta(hours=6)
        setup.close_marking(actor=actor, marking=marking, now=now)
        boards.turn_board(actor=actor, marking=marking, step="reveal", now=now)
    else:
        now = start + dt.timedelta(hours=2)
        contest.enter(contest.parts[3], contest.benches[:10], now)
        _differ(contest, contest.parts[3], now)
    marking.refresh_from_db()
    boards.publish(marking, now=now)


def _differ(contest: Contest, part: SubCriterion, now: dt.datetime) -> None:
    """One bench on which the judges do not agree, and one that still waits for two of them."""
    aspect = Aspect.objects.filter(part=part, kind=AspectKind.JUDGEMENT).first()
    first, second = contest.benches[10:12]
    for judge, score in zip(contest.judges[SEATS], (1, 3, 2), strict=True):
        entry = Entered(uuid.uuid4(), aspect.pk, first.pk, Decimal(score), made_at=now)
        record_marks(actor=judge, part=part, entries=[entry], now=now)
    entry = Entered(uuid.uuid4(), aspect.pk, second.pk, Decimal(2), made_at=now)
    record_marks(actor=contest.judges[1], part=part, entries=[entry], now=now)
    if part.state != PartState.OPEN or not Mark.objects.filter(aspect=aspect, bench=first).exists():
        raise RuntimeError("the demo's contest is not being marked")
