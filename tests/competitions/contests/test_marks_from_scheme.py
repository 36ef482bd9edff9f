"""A contest of the register marked by scheme: from the scheme before the draw to the ranked result."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from competitions.contests import overview
from competitions.contests.domain import draw, entry, marks, results
from competitions.contests.models import Competitor, ContestPart, ContestResult, PartMark, SessionPlace
from competitions.marking import contests as register
from competitions.marking.domain import benches, closing, setup
from competitions.marking.domain.entering import Entered, record_marks
from competitions.marking.domain.judges import name_judges, seat_judges
from competitions.marking.domain.schemes import store_scheme
from competitions.marking.models import Aspect, Bench, Judge, SubCriterion
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid
from tests.factories import contests as make
from tests.factories.marked import make_judge
from tests.factories.marking import small_scheme

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOW = timezone.now()


def prepared(tianjin, in_scope, people: int):
    """A contest whose field is known, its marking with scheme, judges and seats; and the judges."""
    with in_scope(tianjin.manager):
        contest = make.open_contest(tianjin.manager, tianjin.municipal, NOW, per_delegation=people)
        judges = [make_judge(tianjin, name) for name in ("裁判一", "裁判二", "裁判三", "裁判四", "裁判长")]
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, contest, NOW, [make.person(n) for n in range(1, people + 1)])
    with in_scope(tianjin.manager):
        entry.check_all(actor=tianjin.manager, contest=contest, now=NOW)
        contest = entry.close_entries(actor=tianjin.manager, contest=contest, now=NOW)
        found = register.candidates(tianjin.manager)
        assert [c.pk for c in found] == [contest.pk], "each contest is offered once, before the draw too"
        marking = setup.open_marking(actor=tianjin.manager, contest=found[0], now=NOW)
        assert overview.marked_by(contest, list(contest.parts.all()))[0][1] == marking.get_absolute_url()
        name_judges(
            actor=tianjin.manager, marking=marking, users=[j.user_id for j in judges], chief=judges[4].user_id, now=NOW
        )
        scheme = store_scheme(
            actor=tianjin.manager, marking=marking, scheme=small_scheme(), file_name="方案.xlsx", now=NOW
        )
        rows = {j.user_id: j.pk for j in Judge.objects.filter(marking=marking)}
        seats = {(part.pk, n): rows[judges[n - 1].user_id]
                 for part in SubCriterion.objects.filter(scheme=scheme) for n in (1, 2, 3)}  # fmt: skip
        seat_judges(actor=tianjin.manager, scheme=scheme, seats=seats, now=NOW)
        with pytest.raises(Invalid, match="工位"):
            setup.start_marking(actor=tianjin.manager, marking=marking, now=NOW)
    return contest, marking, judges


def mark(judges, in_scope, marking, figures: dict[int, int]) -> None:
    """Judgements of all three by bench; measurements are perfect. Confirmed by the fourth, locked by the chief."""
    for part in SubCriterion.objects.filter(scheme__marking=marking):
        aspects = list(Aspect.objects.filter(part=part))
        for number, judge in enumerate(judges[:3]):
            entries = []
            for aspect in aspects:
                good = aspect.target or aspect.best or (1 if aspect.rule == "all" else 0)
                for bench, score in figures.items():
                    if aspect.is_judged or number == 0:
                        figure = Decimal(score) if aspect.is_judged else Decimal(good)
                        entries.append(Entered(uuid.uuid4(), aspect.pk, bench, figure))
            with in_scope(judge):
                outcomes = record_marks(actor=judge, part=part, entries=entries, now=NOW)
            assert {o.status for o in outcomes} <= {"saved"}
        with in_scope(judges[3]):
            closing.confirm_part(actor=judges[3], part=part, now=NOW)
        with in_scope(judges[4]):
            closing.lock_part(actor=judges[4], part=part, now=NOW)


@pytest.mark.row(99)
def test_scheme_before_the_draw_leads_to_ranks_of_the_contest(tianjin, in_scope, all_rows):
    contest, marking, judges = prepared(tianjin, in_scope, 4)
    with in_scope(tianjin.manager):
        contest = draw.draw(actor=tianjin.manager, contest=contest, now=NOW)
        setup.start_marking(actor=tianjin.manager, marking=marking, now=NOW)
        row = list(Bench.objects.filter(marking=marking))
        places = dict(SessionPlace.objects.filter(part__kind="practical").values_list("competitor_id", "bench"))
        assert {b.competitor: int(b.code) for b in row} == places, "judges meet the benches that were drawn"
        assert setup.refresh_benches(actor=tianjin.manager, marking=marking, now=NOW) == 4
        absent = row[3]
        assert benches.set_absent(actor=tianjin.manager, marking=marking, benches=[absent.pk], now=NOW) == 1
        assert setup.refresh_benches(actor=tianjin.manager, marking=marking, now=NOW) == 3
    mark(judges, in_scope, marking, {row[0].pk: 1, row[1].pk: 3, row[2].pk: 2})
    with in_scope(tianjin.manager):
        with pytest.raises(Conflict, match="工位"):
            benches.set_absent(actor=tianjin.manager, marking=marking, benches=[row[0].pk], now=NOW)
        with pytest.raises(Conflict, match="比赛中"):
            setup.close_marking(actor=tianjin.manager, marking=marking, now=NOW)
        contest = draw.start(actor=tianjin.manager, contest=contest, now=NOW)
        assert setup.close_marking(actor=tianjin.manager, marking=marking, now=NOW) == 3
        assert AuditEvent.objects.filter(action="competitions.contest_part.entered").count() == 1
        part = ContestPart.objects.get(contest=contest, kind="practical")
        assert (part.source, part.entered_by, part.confirmed_by) == ("marking", tianjin.manager.user, None)
        found = dict(PartMark.objects.filter(part=part).values_list("competitor_id", "mark"))
        assert [found[b.competitor] for b in row] == [Decimal("73.33"), Decimal(100), Decimal("86.67"), None]
        with pytest.raises(Conflict, match="登记人以外"):
            marks.confirm_part(actor=tianjin.manager, part=part, now=NOW)
        marks.confirm_part(actor=tianjin.checker, part=part, now=NOW)
        theory = ContestPart.objects.get(contest=contest, kind="theory")
        people = Competitor.objects.values_list("pk", flat=True)
        marks.enter_marks(
            actor=tianjin.manager, part=theory, marks={p: marks.Entered(Decimal(80)) for p in people}, now=NOW
        )
        marks.confirm_part(actor=tianjin.checker, part=theory, now=NOW)
        results.lock_marks(actor=tianjin.manager, contest=contest, now=NOW)
        ranked = list(ContestResult.objects.order_by("rank").values_list("competitor_id", "rank", "total"))
        assert ranked == [
            (row[1].competitor, 1, Decimal("94.00")),
            (row[2].competitor, 2, Decimal("84.67")),
            (row[0].competitor, 3, Decimal("75.33")),
        ], "70 % of the scheme's marks and 30 % theory; who was absent is not ranked"
