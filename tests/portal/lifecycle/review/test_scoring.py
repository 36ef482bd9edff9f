"""Scores: worked examples that can be checked by hand, then properties over random panels."""

import ast
import json
import statistics
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.blueprints.stages import Criterion as BlueprintCriterion
from portal.lifecycle.blueprints.stages import ReviewParams
from portal.lifecycle.blueprints.vocabulary import TieBreak
from portal.lifecycle.review import scoring as s

pytestmark = pytest.mark.unit

D = Decimal
ONE = (s.Criterion("all", "综合", D(100)),)
RUBRIC = (
    s.Criterion("novelty", "创新性", D(30), D(40), D("0.6"), core=True),
    s.Criterion("benefit", "效益", D(10), D(35)),
    s.Criterion("spread", "推广性", D(25)),
)


def one(values, **kwargs):
    """Score marks on a single criterion of 100."""
    experts = [f"e{i}" for i in range(len(values))]
    marks = [s.Mark(e, "all", v if v is s.ABSTAINED else D(v)) for e, v in zip(experts, values, strict=True) if v != ""]
    return s.score_entry("A", criteria=kwargs.pop("criteria", ONE), experts=experts, marks=marks, **kwargs)


def full(table, **kwargs):
    """Score ``{expert: (novelty, benefit, spread)}``; ``None`` is an abstention."""
    marks = [
        s.Mark(e, c.code, s.ABSTAINED if value is None else D(str(value)))
        for e, row in table.items()
        for c, value in zip(RUBRIC, row, strict=True)
    ]
    return s.score_entry("A", criteria=RUBRIC, experts=table, marks=marks, **kwargs)


# --- examples ---


def test_four_marks_are_all_kept():
    score = one([60, 70, 80, 100])
    assert (score.total, score.median) == (D("77.50"), D("75.00"))
    assert {e.dropped for e in score.experts} == {""}


def test_from_five_marks_on_one_high_and_one_low_are_dropped():
    score = one([100, 60, 70, 80, 90])
    assert score.total == D("80.00")
    assert {e.expert: e.dropped for e in score.experts} == {"e0": "high", "e1": "low", "e2": "", "e3": "", "e4": ""}
    criterion = score.criteria[0]
    assert criterion.kept == (("e2", D(70)), ("e3", D(80)), ("e4", D(90)))
    assert (criterion.dropped_high, criterion.dropped_low) == ((("e0", D(100)),), (("e1", D(60)),))


def test_equal_extremes_lose_one_mark_each():
    score = one([90, 90, 90, 60, 60])
    assert score.total == D("80.00")
    assert [e.dropped for e in score.experts] == ["", "", "high", "low", ""]


def test_rounding_happens_once_and_halves_go_up():
    assert one(["80.01", "80.00"]).total == D("80.01")  # 80.005
    assert one(["80.02", "80.01", "80.00"]).total == D("80.01")
    assert one(["80.004", "80.005"], rule=s.ScoringRule(places=3)).total == D("80.005")  # 80.0045
    # Rounding the experts' totals first (26.67, 26.67) would give 26.67; exactly it is 26.6650.
    criteria = (s.Criterion("all", "综合", D(3), D(100)),)
    assert one(["0.8", "0.7999"], criteria=criteria).total == D("26.67")


def test_weighted_total_of_several_criteria():
    score = full({"a": (30, 10, 25), "b": (15, 5, 0)})
    # a: 40 + 35 + 25 = 100; b: 20 + 17.5 + 0 = 37.5
    assert score.total == D("68.75")
    assert [e.value for e in score.experts] == [D("100.00"), D("37.50")]
    assert [c.mean for c in score.criteria] == [D("22.50"), D("7.50"), D("12.50")]
    assert score.core == D("30.00")


def test_abstention_is_neither_zero_nor_missing():
    score = full({"a": (30, None, 25), "b": (15, 5, 0)})
    # a: (40 + 25) of 65 possible, scaled to 100 = 100
    assert score.is_complete
    assert score.total == D("68.75")
    assert score.experts[0].abstained == ("benefit",)
    assert score.criteria[1].abstained == ("a",)
    assert score.criteria[1].mean == D("5.00")


def test_expert_who_abstains_on_everything_counts_for_nothing():
    score = one([100, 60, 70, 80, s.ABSTAINED])
    assert score.total == D("77.50")  # four marks: nothing is dropped
    assert score.experts[4].value is None
    assert not score.experts[4].outlier


def test_missing_mark_blocks_the_total():
    score = one([100, "", 80])
    assert score.status == "incomplete"
    assert (score.total, score.median, score.core) == (None, None, None)
    assert score.missing == (("e1", "all"),)
    assert score.reasons == ("还有1位专家的1项评分未完成",)
    assert score.below_floor == ()


def test_recused_expert_is_left_out_with_every_mark():
    score = one([100, 60, 70, 80, 0], recused=["e4"])
    assert score.total == D("77.50")
    assert score.recused == ("e4",)
    assert "e4" not in {e.expert for e in score.experts}
    assert one([100, "", 80], recused=["e1"]).is_complete


@pytest.mark.parametrize("values", [[s.ABSTAINED, s.ABSTAINED], []])
def test_criterion_without_valid_mark_cannot_be_scored(values):
    score = one(values)
    assert score.status == "no_valid_marks"
    assert score.total is None
    assert score.reasons == ("“综合”没有有效评分（专家均弃权或回避），须另行安排专家评审",)


def test_one_criterion_without_valid_mark_is_enough_to_stop():
    score = full({"a": (30, None, 25), "b": (15, None, 0)})
    assert score.status == "no_valid_marks"
    assert "效益" in score.reasons[0]


def test_floor_looks_at_the_published_trimmed_mean():
    below = full({"a": (18, 10, 25), "b": ("17.98", 10, 25)})  # mean 17.99 of 18
    assert below.below_floor == ("novelty",)
    assert below.reasons == ("创新性得分低于该项满分的60%，不予入选",)
    assert below.total is not None
    at = full({"a": (18, 10, 25), "b": ("17.99", 10, 25)})  # mean 17.995, published 18.00
    assert at.below_floor == ()
    assert at.criteria[0].floor == D("18.0")
    trimmed = full({"a": (0, 10, 25), **dict.fromkeys("bcde", (18, 10, 25))})
    assert trimmed.below_floor == ()


def test_floor_sentence_writes_plain_percentages():
    assert (
        s.Criterion("c", "效益", D(10), floor_ratio=D("0.625")).floor_sentence
        == "效益得分低于该项满分的62.5%，不予入选"
    )
    assert s.Criterion("c", "效益", D(10), floor_ratio=D(1)).floor_sentence == "效益得分低于该项满分的100%，不予入选"
    assert "0%" in s.Criterion("c", "效益", D(10)).floor_sentence


def test_outliers_differ_by_more_than_the_distance_from_the_exact_mean():
    score = one([80, 80, 80, 59, 100, 101 - 1])
    assert score.total == D("85.00")
    assert [e.expert for e in score.outliers] == ["e3"]
    assert not one([60, 100]).outliers  # exactly 20 is not more than 20
    assert len(one([60, 100], rule=s.ScoringRule(outlier_distance=D("19.9"))).outliers) == 2


def test_rubric_without_core_criterion_has_no_core_figure():
    assert one([80]).core is None


def test_fingerprint_ignores_how_numbers_were_typed_and_the_order_of_marks():
    first = full({"a": (30, 10, "25.0"), "b": (15, 5, 0)})
    second = full({"b": ("15.00", 5, "0.0"), "a": (30, 10, 25)})
    assert first.fingerprint() == second.fingerprint()
    assert first.fingerprint() != full({"a": (30, 10, "24.5"), "b": (15, 5, 0)}).fingerprint()
    assert json.loads(json.dumps(first.canonical())) == first.canonical()
    assert one([80, "", 100]).canonical()["total"] == ""
    assert one([100]).canonical()["total"] == "100"


@pytest.mark.parametrize(
    ("criteria", "experts", "marks"),
    [
        ((), ["a"], []),
        (ONE * 2, ["a"], []),
        (ONE, ["a"], [s.Mark("b", "all", D(1))]),
        (ONE, ["a"], [s.Mark("a", "other", D(1))]),
        (ONE, ["a"], [s.Mark("a", "all", D(1)), s.Mark("a", "all", D(1))]),
        (ONE, ["a"], [s.Mark("a", "all", D("100.01"))]),
        (ONE, ["a"], [s.Mark("a", "all", D(-1))]),
        (ONE, ["a"], [s.Mark("a", "all", D("NaN"))]),
        (ONE, ["a"], [s.Mark("a", "all", 80.0)]),
        (ONE, ["a"], [s.Mark("a", "all", None)]),
    ],
)
def test_contradictory_input_is_refused(criteria, experts, marks):
    with pytest.raises(s.ScoringError):
        s.score_entry("A", criteria=criteria, experts=iter(experts), marks=iter(marks))


@pytest.mark.parametrize(
    "build",
    [
        lambda: s.Criterion("c", "项", D(0)),
        lambda: s.Criterion("c", "项", D(10), D(0)),
        lambda: s.Criterion("c", "项", D(10), floor_ratio=D("1.1")),
        lambda: s.ScoringRule(trim_from=2),
        lambda: s.ScoringRule(trim_each=-1),
        lambda: s.ScoringRule(places=7),
    ],
)
def test_impossible_rule_is_refused(build):
    with pytest.raises(s.ScoringError):
        build()


def test_rules_come_from_a_blueprint():
    params = ReviewParams(
        rubric=(BlueprintCriterion("novelty", "创新性", D(40), D(30), floor_ratio=D("0.6"), core=True),),
        trim_from=6,
        decimals=3,
        ties=(TieBreak.CORE_CRITERION, TieBreak.PANEL_VOTE),
        outlier_points=D(15),
    )
    rubric, rule = s.rules_from_blueprint(params)
    assert rubric == (s.Criterion("novelty", "创新性", D(30), D(40), D("0.6"), core=True),)
    assert rule == s.ScoringRule(6, 1, 3, D(15), ("core_criterion", "panel_vote"))


def test_module_knows_no_float():
    tree = ast.parse(Path(s.__file__).read_text())
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == "float"]


# --- properties ---

MARKS = st.one_of(st.none(), st.decimals(0, 1, places=3))  # part of the full mark; None is an abstention
PANELS = st.dictionaries(
    st.sampled_from([f"x{i}" for i in range(9)]), st.tuples(MARKS, MARKS, MARKS), min_size=1, max_size=9
)
RULES = st.builds(s.ScoringRule, trim_from=st.integers(3, 7), trim_each=st.integers(0, 1), places=st.integers(0, 4))


def panel(parts):
    return {
        e: tuple(None if p is None else p * c.max_score for p, c in zip(row, RUBRIC, strict=True))
        for e, row in parts.items()
    }


def reference_total(table, rule):
    """The rule of the score sheet once more, with 60-digit decimals and the standard library's statistics."""
    with localcontext(prec=60):
        totals = []
        for row in table.values():
            given = [(D(v), c) for v, c in zip(row, RUBRIC, strict=True) if v is not None]
            if given:
                reached = sum(v * c.weight / c.max_score if c.weight else v for v, c in given)
                possible = sum(c.weight or c.max_score for _, c in given)
                totals.append(reached * 100 / possible)
        totals.sort()
        cut = rule.trim_each if len(totals) >= rule.trim_from else 0
        kept = totals[cut : len(totals) - cut]
        unit = D(1).scaleb(-rule.places)

        def published(value):
            return value.quantize(D("1E-40")).quantize(unit, rounding=ROUND_HALF_UP)

        return published(sum(kept) / len(kept)), published(statistics.median(totals))


@given(PANELS, RULES)
def test_total_and_median_agree_with_the_reference(parts, rule):
    table = panel(parts)
    score = full(table, rule=rule)
    if score.is_complete:
        assert (score.total, score.median) == reference_total(table, rule)
    else:
        assert any(all(row[i] is None for row in table.values()) for i in range(3))


@given(PANELS, RULES)
def test_kept_and_dropped_marks_partition_the_marks(parts, rule):
    table = panel(parts)
    score = full(table, rule=rule)
    for i, criterion in enumerate(score.criteria):
        given_marks = {e: row[i] for e, row in table.items() if row[i] is not None}
        shown = criterion.kept + criterion.dropped_high + criterion.dropped_low
        assert dict(shown) == given_marks
        assert len(shown) == len(given_marks)
        assert set(criterion.abstained) == set(table) - set(given_marks)
        if criterion.kept:
            lowest, highest = criterion.kept[0][1], criterion.kept[-1][1]
            assert all(v >= highest for _, v in criterion.dropped_high)
            assert all(v <= lowest for _, v in criterion.dropped_low)
            assert (
                s.half_up(Fraction(lowest), rule.places) <= criterion.mean <= s.half_up(Fraction(highest), rule.places)
            )


@given(PANELS, RULES, st.randoms())
def test_order_of_experts_and_marks_does_not_matter(parts, rule, random):
    table = panel(parts)
    shuffled = list(table.items())
    random.shuffle(shuffled)
    assert full(table, rule=rule).fingerprint() == full(dict(shuffled), rule=rule).fingerprint()


@given(PANELS, RULES, st.integers(0, 2), st.data())
def test_raising_one_mark_never_lowers_the_score(parts, rule, place, data):
    table = panel(parts)
    expert = data.draw(st.sampled_from(sorted(table)))
    if table[expert][place] is None:
        return
    row = list(table[expert])
    row[place] = RUBRIC[place].max_score
    before, after = full(table, rule=rule), full({**table, expert: tuple(row)}, rule=rule)
    if before.is_complete:
        assert after.total >= before.total
        assert after.median >= before.median
        assert after.core >= before.core


@given(PANELS, RULES)
def test_total_lies_between_the_lowest_and_highest_expert(parts, rule):
    score = full(panel(parts), rule=rule)
    if score.is_complete:
        values = [e.value for e in score.experts if e.value is not None]
        assert min(values) <= score.total <= max(values)
        assert min(values) <= score.median <= max(values)
        assert 0 <= score.total <= 100


@given(PANELS, RULES)
def test_full_abstention_and_recusal_equal_absence(parts, rule):
    table = panel(parts)
    plain = full(table, rule=rule)
    abstaining = full({**table, "zz": (None, None, None)}, rule=rule)
    recused = full({**table, "zz": (0, 0, 0)}, rule=rule, recused=["zz"])
    for other in (abstaining, recused):
        assert (other.status, other.total, other.median, other.core) == (
            plain.status,
            plain.total,
            plain.median,
            plain.core,
        )
        assert [c.mean for c in other.criteria] == [c.mean for c in plain.criteria]


@given(st.fractions(0, 1000, max_denominator=2000), st.integers(0, 6))
def test_half_up_is_the_nearest_multiple_and_never_rounds_a_half_down(value, places):
    rounded = Fraction(s.half_up(value, places))
    step = Fraction(1, 10**places)
    assert -step / 2 < rounded - value <= step / 2


@given(st.lists(st.fractions(0, 100, max_denominator=100), min_size=1, max_size=9))
def test_median_agrees_with_the_standard_library(values):
    assert s.median(values) == statistics.median(values)
