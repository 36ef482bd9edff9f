"""Ranking, medals, the 700 scale, promotion, draws: for every field, not for examples only."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.contests import drawing, promoting, qualification, ranking
from competitions.contests.enums import LADDER, Group, Level, Medal, PartKind, TieKey
from competitions.contests.rules import honour_rules, promotion_rules, rules, trades

marks = st.decimals(min_value=0, max_value=100, places=1)
fields = st.lists(st.tuples(marks, marks, st.one_of(st.none(), st.integers(1, 20000))), min_size=1, max_size=40)
CHAIN = [TieKey.TIME, TieKey.PRACTICAL, TieKey.THEORY]


def standings(rows, theory=Decimal(30)):
    return [
        ranking.Standing(n, ((PartKind.THEORY, theory, one), (PartKind.PRACTICAL, Decimal(100) - theory, two)), seconds)
        for n, (one, two, seconds) in enumerate(rows)
    ]


@given(fields, st.permutations(CHAIN))
def test_ranks_follow_totals_and_share_only_full_ties(rows, ties):
    found = standings(rows)
    by_key = {s.key: s for s in found}
    placed = ranking.ranked(found, ties)
    assert {p.key for p in placed} == set(by_key)
    assert placed[0].rank == 1
    for before, after in itertools.pairwise(placed):
        assert before.total >= after.total
        assert after.rank in {before.rank, placed.index(after) + 1}
        if before.rank == after.rank:
            assert before.total == after.total
            assert by_key[before.key].seconds == by_key[after.key].seconds


@given(fields, st.randoms())
def test_order_of_entry_does_not_matter(rows, random):
    found = standings(rows)
    shuffled = list(found)
    random.shuffle(shuffled)
    ranks = {p.key: p.rank for p in ranking.ranked(found, CHAIN)}
    assert ranks == {p.key: p.rank for p in ranking.ranked(shuffled, CHAIN)}


def test_tie_chain_is_taken_in_its_order():
    rows = [(Decimal(80), Decimal(80), 300), (Decimal(80), Decimal(80), 200), (Decimal(80), Decimal(80), None)]
    placed = ranking.ranked(standings(rows), CHAIN)
    assert [p.key for p in placed] == [1, 0, 2]
    assert [p.rank for p in ranking.ranked(standings(rows), [])] == [1, 1, 1]


@given(st.dictionaries(st.integers(), marks, min_size=1, max_size=40), st.integers(1, 100))
def test_scale_keeps_the_order_and_puts_the_median_at_700(totals, k):
    points = ranking.scaled(totals, k)
    assert set(points) == set(totals)
    for one, two in zip(sorted(totals, key=totals.get), sorted(totals, key=totals.get)[1:], strict=False):
        assert points[one] <= points[two]
    assert abs(ranking.median(list(points.values())) - 700) <= Decimal("0.01")


@given(st.dictionaries(st.integers(), st.decimals(550, 850, places=1), min_size=1, max_size=20))
def test_medals_by_gap_keep_the_order_and_the_ban_on_silver(points):
    gap = Decimal(2)
    found = ranking.medals_by_gap(points, gap)
    worth = [Medal.GOLD, Medal.SILVER, Medal.BRONZE, Medal.MEDALLION]
    order = sorted(found, key=lambda key: -points[key])
    values = [worth.index(found[key]) for key in order]
    assert values == sorted(values)
    golds = [key for key in found if found[key] == Medal.GOLD]
    assert golds
    assert max(points.values()) - min(points[key] for key in golds) <= gap
    if len(golds) > 1:
        assert Medal.SILVER not in found.values()


def test_medals_by_rank_share_a_shared_rank():
    placed = [ranking.Placed(n, Decimal(9), rank) for n, rank in enumerate((1, 1, 3, 4))]
    assert ranking.medals_by_rank(placed) == {0: Medal.GOLD, 1: Medal.GOLD, 2: Medal.BRONZE}


finishers = st.builds(
    promoting.Finisher,
    klass=st.sampled_from(["comprehensive", "first", "second", "district", "unit"]),
    group=st.sampled_from([Group.WORKER, Group.STUDENT]),
    rank=st.integers(1, 60),
    field=st.integers(30, 60),
    level=st.sampled_from(list(Level)),
)


@given(finishers, st.integers(2015, 2030))
@pytest.mark.row(185)
def test_promotion_never_takes_down_and_keeps_to_the_ranks(one, year):
    step = promoting.promotion_of(one, promotion_rules(year))
    if step is None:
        return
    assert year >= 2021
    assert LADDER.index(Level(step.after)) > LADDER.index(Level(one.level))
    limit = {"comprehensive": 10, "first": 10, "second": 6, "district": 6, "unit": one.field * 30 // 100}[one.klass]
    assert one.rank <= limit
    if year < 2024:
        assert one.klass not in {"comprehensive", "unit"}


@pytest.mark.parametrize(
    ("klass", "rank", "level", "group", "after"),
    [
        ("first", 10, "3", "worker", "2"),
        ("first", 1, "2", "worker", "1"),
        ("first", 11, "3", "worker", None),
        ("second", 6, "3", "worker", "2"),
        ("district", 1, "0", "worker", "3"),
        ("unit", 9, "0", "worker", "4"),
        ("unit", 10, "0", "worker", None),
        ("first", 5, "0", "student", "3"),
    ],
)
@pytest.mark.row(35)
def test_promotion_of_2024(klass, rank, level, group, after):
    step = promoting.promotion_of(promoting.Finisher(klass, group, rank, 30, level), promotion_rules(2026))
    assert (step.after if step else None) == after


def test_honours_are_for_single_workers_of_the_first_class():
    first = promoting.Finisher("first", "worker", 1, 30, "3", "2")
    assert {h.honour for h in promoting.honours_of(first, 1, honour_rules())} == {"technician", "may_day", "women"}
    student = promoting.Finisher("first", "student", 1, 30, "3", "2")
    assert promoting.honours_of(student, 1, honour_rules()) == []


@given(st.sets(st.integers(1, 9999), min_size=1, max_size=60), st.text(min_size=1, max_size=8), st.integers(1, 20))
def test_draw_is_repeatable_and_gives_everybody_one_place(people, seed, size):
    sessions = [(n, size) for n in range(len(people) // size + 1)]
    places = drawing.places(seed, people, sessions)
    assert places == drawing.places(seed, sorted(people), sessions)
    assert set(places) == people
    assert len(set(places.values())) == len(people)
    assert all(1 <= bench <= size for _session, bench in places.values())
    assert sorted(drawing.numbers(seed, people).values()) == list(range(1, len(people) + 1))
    assert len(set(drawing.codes(seed, people).values())) == len(people)


def test_draw_without_enough_benches_is_refused():
    with pytest.raises(ValueError, match="benches"):
        drawing.places("s", [1, 2, 3], [(1, 2)])


@pytest.mark.row(36)
def test_catalogue_has_more_than_a_hundred_trades():
    found = trades()
    assert len(found) >= 110
    assert len({t["code"] for t in found}) == len(found) == len({t["name"] for t in found})
    assert rules().theory_max == 30


def test_every_reason_is_told():
    facts = qualification.Facts("worker", "5", 1, False, False, True, "3", 3, "钳工")
    found = qualification.reasons_of(facts)
    assert [r.code for r in found] == ["insured", "employed", "years", "level", "champion", "once"]
    assert not any(r.passed for r in found)
    assert not qualification.is_qualified(found)
