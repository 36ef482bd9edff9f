"""Ranks: 1, 2, 2, 4; the declared chain really decides; missing figures last; ineligible apart."""

from decimal import Decimal
from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.review.scoring import Criterion, Mark, score_entry
from portal.lifecycle.selection import ranking as r

pytestmark = pytest.mark.unit

D = Decimal


def ranks(ranking):
    return {x.candidate.code: x.rank for x in ranking.ranked}


def test_equal_candidates_share_a_rank_and_the_next_one_is_skipped():
    ranking = r.rank(
        [r.Candidate("a", D(90)), r.Candidate("b", D(80)), r.Candidate("c", D("80.00")), r.Candidate("d", D(70))]
    )
    assert ranks(ranking) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert ranking.position("b").tied_with == ("c",)
    assert ranking.position("a").tied_with == ()
    with pytest.raises(KeyError):
        ranking.position("x")


@pytest.mark.parametrize(
    ("tie", "better", "worse"),
    [
        ("core_criterion", {"core": D(30)}, {"core": D(29)}),
        ("core_criterion", {"core": D(0)}, {"core": None}),
        ("untrimmed_median", {"median": D(30)}, {"median": D(29)}),
        ("submitted_first", {"submitted": 5}, {"submitted": 6}),
        ("submitted_first", {"submitted": 5}, {"submitted": None}),
        ("panel_vote", {"vote": 1}, {"vote": 2}),
        ("draw", {"draw": 1}, {"draw": 2}),
    ],
)
def test_each_tie_break_decides_when_declared_and_only_then(tie, better, worse):
    pair = [r.Candidate("a", D(80), **worse), r.Candidate("b", D(80), **better)]
    decided = r.rank(pair, (tie,))
    assert ranks(decided) == {"b": 1, "a": 2}
    assert decided.position("a").same_total_with == ("b",)
    assert decided.position("a").tied_with == ()
    assert r.deciding_tie(pair[0], pair[1], (tie,)) == tie
    if tie != "draw":
        assert ranks(r.rank(pair, ())) == {"a": 1, "b": 1}


def test_the_first_difference_in_the_chain_wins():
    one = r.Candidate("a", D(80), core=D(30), median=D(70), draw=2)
    two = r.Candidate("b", D(80), core=D(30), median=D(75), draw=1)
    assert ranks(r.rank([one, two], ("core_criterion", "untrimmed_median"))) == {"b": 1, "a": 2}
    three = r.Candidate("c", D(80), core=D(31), median=D(60))
    assert ranks(r.rank([one, two, three], ("core_criterion", "untrimmed_median"))) == {"c": 1, "b": 2, "a": 3}
    assert ranks(r.rank([one, two, three], ("untrimmed_median", "core_criterion"))) == {"b": 1, "a": 2, "c": 3}


def test_draw_is_the_last_resort_wherever_it_is_declared():
    assert r.chain(("draw", "core_criterion", "core_criterion")) == ("core_criterion", "draw")
    assert r.deciding_tie(r.Candidate("a", D(1)), r.Candidate("b", D(1)), ()) == ""


def test_candidates_without_total_come_last_and_are_not_called_tied():
    ranking = r.rank([r.Candidate("a", None), r.Candidate("b", D(0)), r.Candidate("c", None)])
    assert ranks(ranking) == {"b": 1, "a": 2, "c": 2}
    assert ranking.position("a").tied_with == ()


def test_ineligible_candidates_stand_apart():
    ranking = r.rank([r.Candidate("b", D(99), eligible=False, reason="资格审查未通过"), r.Candidate("a", D(1))])
    assert ranks(ranking) == {"a": 1}
    assert [c.code for c in ranking.ineligible] == ["b"]


def test_ranks_by_track_count_inside_each_track():
    candidates = [
        r.Candidate("a", D(90), track="x"),
        r.Candidate("b", D(95), track="y"),
        r.Candidate("c", D(80), track="x"),
    ]
    ranking = r.rank(candidates, by_track=True)
    assert ranks(ranking) == {"b": 1, "a": 1, "c": 2}
    assert [x.candidate.code for x in ranking.ranked] == ["b", "a", "c"]
    assert ranking.list_of(candidates[0]) == "x"
    assert r.rank(candidates).list_of(candidates[0]) == ""


@pytest.mark.parametrize(
    ("candidates", "ties"),
    [([r.Candidate("a", D(1))] * 2, ()), ([r.Candidate("a", D(1))], ("height",))],
)
def test_contradictory_input_is_refused(candidates, ties):
    with pytest.raises(r.RankingError):
        r.rank(candidates, ties)


def test_candidate_from_score_carries_figures_and_floor_sentences():
    rubric = (Criterion("n", "创新性", D(10), floor_ratio=D("0.6"), core=True),)
    score = score_entry("A", criteria=rubric, experts=["e"], marks=[Mark("e", "n", D(5))])
    candidate = r.candidate_from_score(score, nominating="u", track="t", submitted=7, vote=1, draw=2)
    assert candidate == r.Candidate(
        "A",
        D("5.00"),
        D("5.00"),
        D("5.00"),
        "u",
        "t",
        below_floor="创新性得分低于该项满分的60%，不予入选",
        submitted=7,
        vote=1,
        draw=2,
    )
    fine = score_entry("A", criteria=rubric, experts=["e"], marks=[])
    assert r.candidate_from_score(fine).below_floor == ""


# --- properties ---

SMALL = st.one_of(st.none(), st.integers(0, 2))
CANDIDATES = st.lists(
    st.builds(
        lambda total, core, median, submitted, vote, draw, track, eligible: {
            "total": None if total is None else D(total),
            "core": None if core is None else D(core),
            "median": None if median is None else D(median),
            "submitted": submitted,
            "vote": vote,
            "draw": draw,
            "track": track,
            "eligible": eligible,
        },
        *([SMALL] * 6),
        st.sampled_from(["", "x", "y"]),
        st.sampled_from([True, True, True, False]),
    ),
    max_size=10,
).map(lambda rows: [r.Candidate(f"c{i}", **row) for i, row in enumerate(rows)])
TIES = st.lists(st.sampled_from(sorted(r.TIE_LABELS)), max_size=4)


def compare(one, other, ties):
    """The rule as a comparison, written independently of the sort key."""
    highest = {"core_criterion": "core", "untrimmed_median": "median"}
    lowest = {"submitted_first": "submitted", "panel_vote": "vote", "draw": "draw"}
    for name in ["total", *[t for t in ties if t != "draw"], "draw"]:
        field = highest.get(name) or lowest.get(name) or name
        a, b = getattr(one, field), getattr(other, field)
        if a == b:
            continue
        if a is None or b is None:
            return 1 if a is None else -1
        first_is_better = a < b if name in lowest else a > b
        return -1 if first_is_better else 1
    return 0


@given(CANDIDATES, TIES, st.booleans())
def test_rank_is_one_plus_the_number_of_better_candidates(candidates, ties, by_track):
    ranking = r.rank(candidates, ties, by_track=by_track)
    eligible = [c for c in candidates if c.eligible]
    assert {x.candidate.code for x in ranking.ranked} == {c.code for c in eligible}
    for x in ranking.ranked:
        rivals = [c for c in eligible if not by_track or c.track == x.candidate.track]
        assert x.rank == 1 + sum(compare(c, x.candidate, ties) < 0 for c in rivals)
        if x.candidate.total is not None:
            assert set(x.tied_with) == {
                c.code for c in rivals if c is not x.candidate and compare(c, x.candidate, ties) == 0
            }


@given(CANDIDATES, TIES, st.randoms())
def test_order_of_input_does_not_matter(candidates, ties, random):
    shuffled = candidates[:]
    random.shuffle(shuffled)
    assert r.rank(candidates, ties) == r.rank(shuffled, ties)


@given(CANDIDATES, TIES)
def test_order_agrees_with_the_comparison(candidates, ties):
    ranking = r.rank(candidates, ties)
    expected = sorted((c for c in candidates if c.eligible), key=lambda c: c.code)
    expected.sort(key=cmp_to_key(lambda a, b: compare(a, b, ties)))
    assert [x.candidate for x in ranking.ranked] == expected
