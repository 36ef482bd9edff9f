"""Places: worked examples with their reason lines, then properties against exhaustive search over all orders."""

from collections import Counter
from decimal import Decimal
from itertools import groupby, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.lifecycle.selection.quotas import QuotaError, QuotaRule, allocate, promote_next
from portal.lifecycle.selection.ranking import Candidate, rank, ranking_key

pytestmark = pytest.mark.unit

D = Decimal


def field_of(*totals, **common):
    return [Candidate(f"c{i:02d}", D(str(total)), **common) for i, total in enumerate(totals, start=1)]


def results(allocation):
    return {o.code: o.result for o in allocation.outcomes}


# --- examples ---


def test_exactly_twenty_places_are_filled_in_ranking_order():
    allocation = allocate(rank(field_of(*range(99, 74, -1))), QuotaRule(20, reserves=2))
    assert [o.code for o in allocation.selected] == [f"c{i:02d}" for i in range(1, 21)]
    assert [o.order for o in allocation.selected] == list(range(1, 21))
    assert allocation.of("c03").reason == "按名次入选（第3名，共20个名额）"
    assert [(o.code, o.order) for o in allocation.reserves] == [("c21", 1), ("c22", 2)]
    assert allocation.of("c21").reason == "名次列第21位，超出20个名额，转入递补第1位"
    assert allocation.of("c23").reason == "名次列第23位，超出20个名额，未入选"
    assert not allocation.needs_decision
    with pytest.raises(KeyError):
        allocation.of("nobody")


def test_cap_of_a_nominating_union_turns_the_fourth_into_a_reserve():
    candidates = [*field_of(99, 98, 97, 96, nominating="u"), Candidate("z", D(50), nominating="v")]
    allocation = allocate(rank(candidates), QuotaRule(4, reserves=1, cap_per_nominating=3))
    assert [o.code for o in allocation.selected] == ["c01", "c02", "c03", "z"]
    assert allocation.of("c04").reason == "第4名，受“每家推荐单位不超过3名”限制，转入递补第1位"
    assert allocation.of("c04").cause == "cap"


def test_cap_does_not_apply_to_entries_without_nominating_union():
    assert len(allocate(rank(field_of(99, 98, 97)), QuotaRule(3, cap_per_nominating=1)).selected) == 3


def test_floor_minimum_and_missing_total_exclude_for_good():
    candidates = [
        Candidate("floor", D(99), below_floor="创新性得分低于该项满分的60%，不予入选"),
        Candidate("low", D("59.99")),
        Candidate("none", None),
        Candidate("fine", D("60.00")),
        Candidate("apart", D(100), eligible=False, reason="资格审查未通过"),
        Candidate("apart2", D(100), eligible=False),
    ]
    allocation = allocate(rank(candidates), QuotaRule(5, reserves=5, min_score=D(60)))
    assert [o.code for o in allocation.selected] == ["fine"]
    assert not allocation.reserves
    assert {o.code: (o.reason, o.cause) for o in allocation.outcomes if o.code != "fine"} == {
        "floor": ("创新性得分低于该项满分的60%，不予入选", "below_floor"),
        "low": ("总分59.99分，低于最低入选分60分，不予入选", "below_minimum"),
        "none": ("没有有效总分，不予入选", "no_total"),
        "apart": ("资格审查未通过", "ineligible"),
        "apart2": ("不符合参评条件，不参加排序", "ineligible"),
    }


def test_without_a_number_of_places_everybody_above_the_minimum_is_selected():
    allocation = allocate(rank(field_of(90, 70, 50)), QuotaRule(None, min_score=D(60)))
    assert [o.code for o in allocation.selected] == ["c01", "c02"]
    assert allocation.of("c02").reason == "达到入选条件（第2名）"


def test_tie_break_across_the_last_place_is_named_on_both_sides():
    candidates = [
        Candidate("a", D(90)),
        Candidate("b", D(80), core=D(30)),
        Candidate("c", D(80), core=D(29)),
        Candidate("d", D(80), core=D(29), median=D(1)),
    ]
    allocation = allocate(rank(candidates), QuotaRule(2, reserves=1))
    assert allocation.of("a").reason == "按名次入选（第1名，共2个名额）"
    assert allocation.of("b").reason == "按名次入选（第2名，共2个名额）；与第3名同分，经“核心指标”比较列前"
    assert allocation.of("d").reason == "与第2名同分，经“核心指标”比较列后，转入递补第1位"
    assert allocation.of("c").reason == "与第2名同分，经“核心指标”比较列后，未入选"
    assert not allocation.needs_decision


def test_tie_that_the_rules_cannot_break_across_the_last_place_is_left_to_people():
    candidates = field_of(90, 80, 80, 80, 70)
    allocation = allocate(rank(candidates), QuotaRule(3, reserves=3))
    assert results(allocation) == {
        "c01": "selected",
        "c02": "undecided",
        "c03": "undecided",
        "c04": "undecided",
        "c05": "reserve",
    }
    (decision,) = allocation.decisions
    assert (decision.kind, decision.codes, decision.places) == ("place", ("c02", "c03", "c04"), 2)
    assert decision.sentence == "第2名有3家并列，只余2个名额，现有规则无法区分，须议定先后次序"
    assert allocation.of("c03").reason == "第2名并列，现有规则无法区分，待议定先后次序"
    assert allocation.of("c05").order == 2  # the loser of the three will be the first reserve
    settled = [Candidate(c.code, c.total, draw={"c02": 3, "c03": 1, "c04": 2}.get(c.code)) for c in candidates]
    after = allocate(rank(settled), QuotaRule(3, reserves=3))
    assert not after.needs_decision
    assert [o.code for o in after.selected] == ["c01", "c03", "c04"]
    assert after.of("c02").reason == "与第3名同分，经“议定次序”比较列后，转入递补第1位"


def test_tie_inside_the_places_needs_nobody():
    allocation = allocate(rank(field_of(90, 80, 80, 70)), QuotaRule(3))
    assert not allocation.needs_decision
    assert [o.rank for o in allocation.selected] == [1, 2, 2]


def test_tie_among_reserves_needs_an_order_but_not_behind_them():
    allocation = allocate(rank(field_of(90, 80, 80, 70, 70)), QuotaRule(1, reserves=2))
    (decision,) = allocation.decisions
    assert (decision.kind, decision.codes, decision.places) == ("reserve", ("c02", "c03"), 2)
    assert decision.sentence == "递补第1位起有2家并列，现有规则无法区分，须议定递补次序"
    assert results(allocation)["c04"] == "not_selected"
    assert not allocate(rank(field_of(90, 80, 80)), QuotaRule(1)).needs_decision


def test_tie_contested_only_by_the_cap_leaves_others_of_the_group_sure():
    candidates = [
        Candidate("a", D(80), nominating="u"),
        Candidate("b", D(80), nominating="u"),
        Candidate("c", D(80), nominating="v"),
    ]
    allocation = allocate(rank(candidates), QuotaRule(2, cap_per_nominating=1))
    assert results(allocation) == {"a": "undecided", "b": "undecided", "c": "selected"}
    assert allocation.decisions[0].places == 1


def test_places_per_track_with_reserves_per_track():
    candidates = [
        Candidate("a", D(90), track="x"),
        Candidate("b", D(80), track="x"),
        Candidate("c", D(70), track="x"),
        Candidate("d", D(60), track="y"),
        Candidate("e", D(50), track="y"),
        Candidate("f", D(95), track="z"),
    ]
    rule = QuotaRule(None, reserves=1, track_places={"x": 1, "y": 2})
    allocation = allocate(rank(candidates, by_track=True), rule)
    assert [o.code for o in allocation.selected] == ["a", "d", "e"]
    assert allocation.of("a").reason == "按名次入选（本组别第1名，共1个名额）"
    assert allocation.of("b").reason == "名次列本组别第2位，超出本组别1个名额，转入递补第1位"
    assert allocation.of("c").result == "not_selected"
    assert (allocation.of("f").result, allocation.of("f").reason) == (
        "reserve",
        "名次列本组别第1位，超出本组别0个名额，转入递补第1位",
    )


def test_overall_places_bind_before_track_places():
    candidates = [Candidate("a", D(90), track="x"), Candidate("b", D(80), track="y")]
    allocation = allocate(rank(candidates, by_track=True), QuotaRule(1, track_places={"x": 1, "y": 1}))
    assert allocation.of("b").reason == "名次列本组别第1位，超出1个名额，未入选"


def test_same_total_in_another_track_is_no_tie_break_story():
    candidates = [Candidate("a", D(80), track="x"), Candidate("b", D(80), track="y"), Candidate("c", D(70), track="x")]
    allocation = allocate(rank(candidates), QuotaRule(None, track_places={"x": 1, "y": 0}))
    assert allocation.of("a").reason == "按名次入选（第1名，共1个名额）"
    assert allocation.of("b").reason == "名次列第1位，超出本组别0个名额，未入选"


def test_earlier_candidate_stopped_by_its_track_is_not_said_to_have_lost_a_comparison():
    candidates = [
        Candidate("a", D(80), core=D(9), track="y"),
        Candidate("b", D(80), core=D(8), track="x"),
    ]
    allocation = allocate(rank(candidates), QuotaRule(None, track_places={"x": 1, "y": 0}))
    assert allocation.of("a").reason == "名次列第1位，超出本组别0个名额，未入选"
    assert allocation.of("b").reason == "按名次入选（第2名，共1个名额）"


@pytest.mark.parametrize(
    "rule",
    [
        lambda: QuotaRule(-1),
        lambda: QuotaRule(1, reserves=-1),
        lambda: QuotaRule(None, track_places={"x": -1}),
        lambda: QuotaRule(1, cap_per_nominating=0),
    ],
)
def test_impossible_rule_is_refused(rule):
    with pytest.raises(QuotaError):
        rule()


# --- promotion ---


def test_first_reserve_takes_the_freed_place_at_the_end_of_the_list():
    rule = QuotaRule(2, reserves=2)
    before = allocate(rank(field_of(90, 80, 70, 60)), rule)
    after = promote_next(before.outcomes, "c01", rule)
    assert (after.promoted.code, after.promoted.order, after.promoted.cause) == ("c03", 3, "promoted")
    assert after.promoted.reason == "递补第1位，因名额空出递补入选"
    table = {o.code: o for o in after.outcomes}
    assert (table["c01"].result, table["c01"].order, table["c01"].cause) == ("not_selected", None, "freed")
    assert table["c04"].order == 2
    again = promote_next(after.outcomes, "c03", rule)
    assert again.promoted.code == "c04"
    last = promote_next(again.outcomes, "c04", rule)
    assert last.promoted is None


def test_promotion_respects_the_cap_and_says_whom_it_passed_over():
    rule = QuotaRule(2, reserves=2, cap_per_nominating=1)
    candidates = [
        Candidate("a", D(90), nominating="u"),
        Candidate("b", D(80), nominating="u"),
        Candidate("c", D(70), nominating="v"),
        Candidate("d", D(60), nominating="w"),
    ]
    before = allocate(rank(candidates), rule)
    assert [o.code for o in before.reserves] == ["b", "d"]
    after = promote_next(before.outcomes, "c", rule)
    assert after.promoted.code == "d"
    assert after.skipped == (("b", "受“每家推荐单位不超过1名”限制，本次不递补"),)
    assert promote_next(before.outcomes, "a", rule).promoted.code == "b"


def test_promotion_stays_within_the_track():
    rule = QuotaRule(None, reserves=1, track_places={"x": 1, "y": 1})
    candidates = [Candidate("a", D(9), track="x"), Candidate("b", D(8), track="x"), Candidate("c", D(7), track="y")]
    before = allocate(rank(candidates, by_track=True), rule)
    assert promote_next(before.outcomes, "c", rule).promoted is None
    assert promote_next(before.outcomes, "a", rule).promoted.code == "b"


def test_promotion_under_a_rule_that_became_smaller_finds_no_place():
    before = allocate(rank(field_of(90, 80, 70)), QuotaRule(2, reserves=1))
    after = promote_next(before.outcomes, "c01", QuotaRule(1, reserves=1))
    assert after.promoted is None
    assert after.skipped == (("c03", "没有空余名额，本次不递补"),)


def test_only_a_held_place_can_fall_free():
    rule = QuotaRule(1, reserves=1)
    before = allocate(rank(field_of(90, 80)), rule)
    for code in ("c02", "nobody"):
        with pytest.raises(QuotaError, match="不在入选名单"):
            promote_next(before.outcomes, code, rule)
    undecided = allocate(rank(field_of(90, 80, 80)), QuotaRule(2))
    with pytest.raises(QuotaError, match="并列"):
        promote_next(undecided.outcomes, "c01", QuotaRule(2))


# --- properties ---

CANDIDATES = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["", "u", "v"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["", "", "", "线下"]),
    ),
    max_size=9,
).map(
    lambda rows: [
        Candidate(f"c{i}", D(total), nominating=union, track=track, below_floor=floor)
        for i, (total, union, track, floor) in enumerate(rows)
    ]
)
LIMIT = st.one_of(st.none(), st.integers(0, 5))
RULES = st.builds(
    QuotaRule,
    places=LIMIT,
    reserves=st.integers(0, 3),
    track_places=st.one_of(st.none(), st.fixed_dictionaries({"x": st.integers(0, 3), "y": st.integers(0, 3)})),
    cap_per_nominating=st.one_of(st.none(), st.integers(1, 3)),
    min_score=st.one_of(st.none(), st.just(D(1))),
)


def within_limits(selected, rule):
    unions = Counter(c.nominating for c in selected if c.nominating)
    tracks = Counter(c.track for c in selected)
    return (
        (rule.places is None or len(selected) <= rule.places)
        and (rule.track_places is None or all(n <= rule.track_places[t] for t, n in tracks.items()))
        and (rule.cap_per_nominating is None or max(unions.values(), default=0) <= rule.cap_per_nominating)
    )


def greedy(order, rule, selected=()):
    """The rule in its plainest form: one after the other, whoever fits."""
    chosen = list(selected)
    for candidate in order:
        if candidate.below_floor or (rule.min_score is not None and candidate.total < rule.min_score):
            continue
        if within_limits([*chosen, candidate], rule):
            chosen.append(candidate)
    return chosen


@given(CANDIDATES, RULES)
def test_limits_hold_and_every_candidate_has_one_reason(candidates, rule):
    allocation = allocate(rank(candidates), rule)
    table = {c.code: c for c in candidates}
    assert within_limits([table[o.code] for o in allocation.selected], rule)
    assert sorted(o.code for o in allocation.outcomes) == sorted(table)
    assert all(o.reason and len(o.reason) <= 300 for o in allocation.outcomes)
    assert not any(table[o.code].below_floor for o in [*allocation.selected, *allocation.reserves])
    assert [o.order for o in allocation.selected] == list(range(1, len(allocation.selected) + 1))
    for _, group in groupby(
        sorted(allocation.reserves, key=lambda o: rule.list_of(o.track)), key=lambda o: rule.list_of(o.track)
    ):
        orders = [o.order for o in group]
        assert len(set(orders)) == len(orders)
        assert max(orders) <= rule.reserves


@given(CANDIDATES, RULES)
def test_with_drawn_numbers_the_outcome_is_the_plain_greedy_one(candidates, rule):
    drawn = [
        Candidate(c.code, c.total, nominating=c.nominating, track=c.track, below_floor=c.below_floor, draw=i)
        for i, c in enumerate(candidates)
    ]
    ranking = rank(drawn)
    allocation = allocate(ranking, rule)
    assert not allocation.needs_decision
    order = [r.candidate for r in ranking.ranked]
    chosen = greedy(order, rule)
    assert [o.code for o in allocation.selected] == [c.code for c in chosen]
    barred = {c.code for c in order if c.below_floor or (rule.min_score is not None and c.total < rule.min_score)}
    for line in {rule.list_of(c.track) for c in order}:
        waiting = [c.code for c in order if c not in chosen and c.code not in barred and rule.list_of(c.track) == line]
        found = [o.code for o in allocation.reserves if rule.list_of(o.track) == line]
        assert found == waiting[: rule.reserves]


@settings(max_examples=300)
@given(CANDIDATES, RULES)
def test_undecided_is_exactly_what_depends_on_the_order_within_the_first_contested_group(candidates, rule):
    ranking = rank(candidates)
    allocation = allocate(ranking, rule)
    groups = [
        [r.candidate for r in g]
        for _, g in groupby(ranking.ranked, key=lambda r: ranking_key(r.candidate, ranking.ties))
    ]
    before = []
    for group in groups:
        if len(group) > 6:
            return  # 720 orders are enough
        runs = [{c.code for c in greedy(order, rule, before)} for order in permutations(group)]
        always, ever = set.intersection(*runs), set.union(*runs)
        depends = ever - always
        place_ties = {code for d in allocation.decisions if d.kind == "place" for code in d.codes}
        assert depends == place_ties & {c.code for c in group}
        assert always - {c.code for c in before} == {
            o.code for o in allocation.selected if o.code in {c.code for c in group}
        }
        if depends:
            (decision,) = [d for d in allocation.decisions if d.kind == "place" and set(d.codes) == depends]
            assert decision.places == max(len(run & depends) for run in runs)
            return
        before = greedy(group, rule, before)


@given(CANDIDATES, RULES, st.data())
def test_promotion_picks_the_first_reserve_that_fits(candidates, rule, data):
    drawn = [
        Candidate(c.code, c.total, nominating=c.nominating, track=c.track, below_floor=c.below_floor, draw=i)
        for i, c in enumerate(candidates)
    ]
    before = allocate(rank(drawn), rule)
    if not before.selected:
        return
    freed = data.draw(st.sampled_from([o.code for o in before.selected]))
    after = promote_next(before.outcomes, freed, rule)
    table = {c.code: c for c in drawn}
    rest = [table[o.code] for o in before.selected if o.code != freed]
    queue = [o for o in before.reserves if rule.list_of(o.track) == rule.list_of(table[freed].track)]
    fitting = [o.code for o in queue if within_limits([*rest, table[o.code]], rule)]
    assert (after.promoted.code if after.promoted else None) == (fitting[0] if fitting else None)
    assert within_limits([table[o.code] for o in after.outcomes if o.result == "selected"], rule)
    assert {o.code for o in after.outcomes} == set(table)
