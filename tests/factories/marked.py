"""A contest that is being marked: the small scheme, judges at their seats, benches from two units."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from competitions.marking.domain.entering import Entered, Outcome, record_marks
from competitions.marking.domain.judges import name_judges, seat_judges
from competitions.marking.domain.schemes import store_scheme
from competitions.marking.domain.setup import start_marking
from competitions.marking.models import Aspect, Bench, Judge, Marking, SubCriterion
from competitions.marking.scheme import Scheme
from portal.accounts.enums import Role
from portal.core.context import Actor
from portal.core.scoping import system_scope
from portal.lifecycle.review.models import ExpertProfile
from tests.factories.marking import small_scheme
from tests.factories.people import Tree, make_actor

NAMES = ("张建国", "李明", "王小丫", "赵一", "钱二丰", "孙三")


def make_judge(tree: Tree, name: str, unit: Any = None) -> Actor:
    """An expert of the federation's pool, at home in ``unit``."""
    actor = make_actor(tree.municipal, Role.EXPERT, name)
    ExpertProfile.objects.create(user=actor.user, owner=tree.municipal, unit=unit)
    return actor


class Marked:
    """``Marked(tree, now)``: started; A2 and B1 have three judges, A1 the first; the fourth judge sits nowhere."""

    def __init__(
        self, tree: Tree, now: dt.datetime, *, benches: int = 3, scheme: Scheme | None = None, number: int = 1
    ) -> None:
        self.tree, self.now = tree, now
        self.marking = Marking.objects.create(
            contest=number,
            owner=tree.municipal,
            title=f"数控车工决赛{number}",
            opened_at=now,
            opened_by=tree.manager.user,
        )
        self.judges = [make_judge(tree, f"裁判{n}") for n in "一二三四"]
        self.chief = make_judge(tree, "裁判长")
        people = [*self.judges, self.chief]
        name_judges(
            actor=tree.manager,
            marking=self.marking,
            users=[p.user_id for p in people],
            chief=self.chief.user_id,
            now=now,
        )
        row = store_scheme(
            actor=tree.manager, marking=self.marking, scheme=scheme or small_scheme(), file_name="方案.xlsx", now=now
        )
        self.seat(row)
        self.benches = [self.add_bench(n) for n in range(1, benches + 1)]
        start_marking(actor=tree.manager, marking=self.marking, now=now)
        self.marking.refresh_from_db()

    def seat(self, row: Any) -> None:
        rows = {j.user_id: j.pk for j in Judge.objects.filter(marking=self.marking)}
        seats: dict[tuple[int, int], int | None] = {}
        for part in SubCriterion.objects.filter(scheme=row).prefetch_related("aspects"):
            count = 3 if any(a.is_judged for a in part.aspects.all()) else 1
            seats |= {(part.pk, n): rows[self.judges[n - 1].user_id] for n in range(1, count + 1)}
        seat_judges(actor=self.tree.manager, scheme=row, seats=seats, now=self.now)

    def add_bench(self, number: int) -> Bench:
        unit = (self.tree.unit, self.tree.group_unit)[number % 2]
        return Bench.objects.create(
            marking=self.marking, competitor=number, name=NAMES[number % len(NAMES)], organisation=unit,
            code=f"{number:02d}", session="第一场", order=number,
        )  # fmt: skip

    def part(self, code: str) -> SubCriterion:
        return SubCriterion.objects.get(scheme__marking=self.marking, scheme__state="frozen", code=code)

    def aspect(self, code: str) -> Aspect:
        return Aspect.objects.get(part__scheme__marking=self.marking, part__scheme__state="frozen", code=code)

    def aspect_pk(self, code: str) -> int:
        with system_scope("test factory"):
            return self.aspect(code).pk

    def entry(self, code: str, bench: int, figure: Any, base: uuid.UUID | None = None, **fields: Any) -> Entered:
        return Entered(
            fields.get("client_id") or uuid.uuid4(),
            self.aspect(code).pk,
            self.benches[bench].pk,
            Decimal(str(figure)),
            base,
        )

    def mark(self, judge: int, *entries: Entered, part: str = "", now: dt.datetime | None = None) -> list[Outcome]:
        code = part or Aspect.objects.get(pk=entries[0].aspect).part.code
        return record_marks(actor=self.judges[judge], part=self.part(code), entries=entries, now=now or self.now)

    def mark_all(self, code: str, figure: Any = None) -> None:
        """Every aspect of the sub-criterion, every bench; judgements get ``figure`` (2) of all three."""
        part = self.part(code)
        for aspect in Aspect.objects.filter(part=part):
            typed = 2 if figure is None and aspect.is_judged else figure
            for judge in range(3 if aspect.is_judged else 1):
                good = aspect.target or aspect.best or (1 if aspect.rule == "all" else 0)
                value = typed if aspect.is_judged else good
                self.mark(judge, *(self.entry(aspect.code, n, value) for n in range(len(self.benches))))
