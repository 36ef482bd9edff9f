"""Selection under several quotas: worked examples with their reasons, then thousands of small cases against exhaustive search."""

from decimal import Decimal
from itertools import combinations, permutations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.demo.selection_bench import quota_case
from portal.lifecycle.selection import plain
from portal.lifecycle.selection.conflicts import smallest_contradiction
from portal.lifecycle.selection.limits import keys_of, quotas_of
from portal.lifecycle.selection.outcomes import QuotaError, QuotaRule, Share
from portal.lifecycle.selection.quotas import allocate, promote_next
from portal.lifecycle.selection.ranking import Candidate, rank
from portal.lifecycle.selection.solver import Lists
from portal.lifecycle.selection.structured import walk_structured
from tests.factories.selection_cases import as_json, exhaustive, fields, keeps, rules

pytestmark = pytest.mark.unit

D = Decimal
MIGRANT = Share("migrant", "农民工", at_least=D(20))
LEADER = Share("leader", "企业负责人", at_most=D(20))


def field(*groups, first=100):
    """Candidates c1, c2 … best first; each argument names the groups of one, separated by blanks."""
    return [Candidate(f"c{n}", D(first - n), groups=frozenset(g.split())) for n, g in enumerate(groups, start=1)]


def codes(allocation):
    return [o.code for o in allocation.selected]


# --- examples ---


def test_least_share_brings_in_the_best_of_the_group_for_the_last_by_rank():
    allocation = allocate(rank(field("", "", "", "", "", "", "migrant")), QuotaRule(5, reserves=2, shares=(MIGRANT,)))
    assert codes(allocation) == ["c1", "c2", "c3", "c4", "c7"]
    assert allocation.of("c1").reason == "按名次入选（第1名，共5个名额）"
    assert allocation.of("c7").reason == "因“农民工不低于20%”，替代第5名（c5）入选（第7名）"
    assert allocation.of("c5").reason == "第5名，因“农民工不低于20%”由第7名（c7）替代，转入递补第1位"
    assert allocation.of("c6").reason == "名次列第6位，超出5个名额，转入递补第2位"
    assert (allocation.of("c7").because, allocation.of("c7").other) == (("least:migrant",), "c5")
    assert not allocation.needs_decision


def test_one_by_rank_whose_track_better_ones_fill_has_no_quota_against_it():
    """c5 is in by rank; then c3 comes in for c2 (a quota), and the only place of c5's track is gone."""
    several = Share("a", "甲", at_least=D(50))
    candidates = [
        Candidate("c1", D(5), track="x", groups=frozenset("a")),
        Candidate("c2", D(4), track="x", nominating="v"),
        Candidate("c3", D(3), track="y", nominating="v"),
        Candidate("c4", D(2), track="x", groups=frozenset("a")),
        Candidate("c5", D(1), track="y"),
    ]
    rule = QuotaRule(None, track_places={"x": 2, "y": 1}, cap_per_nominating=1, shares=(several,))
    allocation = allocate(rank(candidates), rule)
    assert codes(allocation) == ["c1", "c3", "c4"]
    assert allocation.of("c5").cause == "track_places"


def test_share_of_a_part_of_the_list_counts_only_that_part_and_says_so():
    """Two of five are people: one of them must be a worker, whatever the three collectives are."""
    share = Share("worker", "产业工人", at_least=D(50), base="person", base_title="个人")
    rows = ["person", "worker", "", "person", "", "person worker"]
    allocation = allocate(rank(field(*rows)), QuotaRule(5, reserves=1, shares=(share,)))
    assert codes(allocation) == ["c1", "c2", "c3", "c5", "c6"]  # c2 is no person, so that it counts for nothing
    assert allocation.of("c4").reason == "第4名，因“产业工人不低于个人的50%”由第6名（c6）替代，转入递补第1位"
    assert allocation.of("c6").reason == "因“产业工人不低于个人的50%”，替代第4名（c4）入选（第6名）"
    allocation = allocate(rank(field("", "worker", "", "person")), QuotaRule(3, shares=(share,)))
    assert codes(allocation) == ["c1", "c2", "c3"]  # nobody of the list is a person: nothing is asked
    most = Share("chief", "县处级干部", at_most=D(50), base="agency", base_title="机关事业单位人员")
    rows = ["agency chief", "", "agency chief", "", "agency"]
    assert codes(allocate(rank(field(*rows)), QuotaRule(3, shares=(most,)))) == ["c1", "c2", "c5"]


def test_greatest_share_keeps_the_better_ones_of_the_group():
    allocation = allocate(rank(field("leader", "leader", "", "", "", "")), QuotaRule(5, shares=(LEADER,)))
    assert codes(allocation) == ["c1", "c3", "c4", "c5", "c6"]
    assert allocation.of("c2").reason == "第2名，因“企业负责人不高于20%”由第6名（c6）替代，未入选"
    assert allocation.of("c6").reason == "因“企业负责人不高于20%”，替代第2名（c2）入选（第6名）"


def test_fewer_are_selected_when_the_group_is_too_small_and_the_reason_says_so():
    allocation = allocate(rank(field("migrant", *[""] * 9)), QuotaRule(8, shares=(MIGRANT,)))
    assert codes(allocation) == ["c1", "c2", "c3", "c4", "c5"]
    assert allocation.of("c6").reason == "第6名，因“农民工不低于20%”最多只能选5名，未入选"
    assert allocation.of("c9").reason == "名次列第9位，超出8个名额，未入选"


def test_contradicting_quotas_leave_no_list_and_are_named():
    shares = (Share("a", "甲", at_least=D(60)), Share("b", "乙", at_least=D(60)), Share("c", "丙", at_least=D(10)))
    allocation = allocate(rank(field("a c", "b c", "a", "b", "a", "b")), QuotaRule(5, reserves=2, shares=shares))
    assert not allocation.selected
    (decision,) = allocation.decisions
    assert (decision.kind, decision.codes) == ("infeasible", ("least:a", "least:b"))
    assert decision.sentence == (
        "没有一个名单能同时满足全部要求：按名次可选5名，“甲不低于60%”、“乙不低于60%”互相矛盾或无法满足，须先调整"
    )
    assert allocation.of("c1").reason == "“甲不低于60%”、“乙不低于60%”不能同时满足，没有可行的名单，未入选"
    assert not allocation.reserves


def test_cap_per_employer_stops_the_second_of_one_employer():
    candidates = [Candidate(f"c{n}", D(100 - n), employer=e) for n, e in enumerate(("x", "x", "y", ""), start=1)]
    allocation = allocate(rank(candidates), QuotaRule(3, reserves=1, cap_per_employer=1))
    assert codes(allocation) == ["c1", "c3", "c4"]
    assert allocation.of("c2").reason == "第2名，受“每个用人单位不超过1名”限制，转入递补第1位"


def test_reason_names_the_cap_together_with_the_share_when_both_are_needed():
    rows = [("u", ""), ("u", "migrant"), ("v", ""), ("w", "")]
    candidates = [
        Candidate(f"c{n}", D(99 - n), nominating=u, groups=frozenset(g.split())) for n, (u, g) in enumerate(rows)
    ]
    share = Share("migrant", "农民工", at_least=D(30))
    allocation = allocate(rank(candidates), QuotaRule(3, cap_per_nominating=1, shares=(share,)))
    assert codes(allocation) == ["c1", "c2", "c3"]
    assert allocation.of("c0").because == ("least:migrant", "cap")
    assert "“农民工不低于30%”、“每家推荐单位不超过1名”" in allocation.of("c0").reason


def test_tie_that_no_quota_touches_needs_nobody_and_a_contested_one_goes_to_people():
    tied = [
        Candidate("a", D(90), groups=frozenset({"migrant"})),
        Candidate("b", D(80)),
        Candidate("c", D(80), groups=frozenset({"migrant"})),
    ]
    rule = QuotaRule(2, shares=(Share("migrant", "农民工", at_least=D(50)),))
    (decision,) = allocate(rank(tied), rule).decisions
    assert (decision.kind, decision.codes, decision.places) == ("place", ("b", "c"), 1)
    rule = QuotaRule(2, shares=(Share("migrant", "农民工", at_least=D(100)),))
    allocation = allocate(rank(tied), rule)
    assert codes(allocation) == ["a", "c"]
    assert not allocation.needs_decision


@pytest.mark.parametrize("rule", [lambda: QuotaRule(1, cap_per_employer=0)])
def test_impossible_cap_is_refused(rule):
    with pytest.raises(QuotaError):
        rule()


def test_promotion_passes_over_reserves_that_would_break_a_share():
    rule = QuotaRule(5, reserves=3, shares=(MIGRANT,))
    before = allocate(rank(field("", "", "", "", "migrant", "", "migrant", "")), rule)
    assert codes(before) == ["c1", "c2", "c3", "c4", "c5"]
    after = promote_next(before.outcomes, "c5", rule)
    assert after.promoted.code == "c7"
    assert after.skipped == (("c6", "受“农民工不低于20%”限制，本次不递补"),)
    assert promote_next(before.outcomes, "c1", rule).promoted.code == "c6"


# --- the smallest contradiction ---


@given(st.lists(st.sets(st.sampled_from("abcde"), min_size=1), min_size=1, max_size=5))
def test_smallest_contradiction_is_the_smallest_of_all(conflicts):
    def can_be_met(kept):
        return not any(conflict <= kept for conflict in conflicts)

    found = smallest_contradiction("abcde", can_be_met)
    assert not can_be_met(frozenset(found))
    assert len(found) == min(map(len, conflicts))
    assert all(can_be_met(frozenset(found) - {code}) for code in found)


def test_no_contradiction_is_said():
    with pytest.raises(ValueError, match="no contradiction"):
        smallest_contradiction("ab", lambda kept: True)


# --- against exhaustive search ---


@settings(max_examples=1500, deadline=None)
@given(fields(), rules())
def test_both_programs_find_the_first_list_of_all(candidates, rule):
    ranking = rank(candidates)
    order = [r.candidate for r in ranking.ranked]
    wanted, by_rank = exhaustive(order, rule)
    walk = walk_structured(ranking, rule)
    assert walk.by_rank == by_rank
    assert walk.chosen == wanted
    facts = as_json(order, rule)
    assert plain.select(*facts) == wanted
    assert plain.recheck(*facts, wanted) == (wanted, [])
    assert plain.recheck(*facts, [c.code for c in order[::2]]) == (wanted, [])  # a wrong proposal decides nothing
    allocation = allocate(ranking, rule)
    if rule.is_structured:
        assert codes(allocation) == wanted
    elif not allocation.needs_decision:
        assert codes(allocation) == wanted  # without shares it is the walk of old


@settings(max_examples=600, deadline=None)
@given(fields(), rules())
def test_everybody_has_one_reason_and_nobody_better_is_left_out_without_one(candidates, rule):
    assume(rule.is_structured)
    allocation = allocate(rank(candidates), rule)
    table = {c.code: c for c in candidates}
    chosen = [table[code] for code in codes(allocation)]
    quotas = {quota.code: quota for quota in quotas_of(rule)}
    assert keeps(quotas.values(), chosen, rule)
    assert sorted(o.code for o in allocation.outcomes) == sorted(table)
    assert all(o.reason and len(o.reason) <= 300 for o in allocation.outcomes)
    pairs = {(o.code, o.other) for o in allocation.outcomes if o.other}
    assert pairs == {(other, code) for code, other in pairs}
    last = max((o.rank for o in allocation.selected), default=0)
    for outcome in allocation.outcomes:
        if outcome.result != "selected" and outcome.rank < last and outcome.cause in {"quota", "cap", "employer"}:
            _reason_is_true(outcome, allocation, table, quotas, rule)
        elif outcome.result != "selected" and outcome.rank < last:
            assert outcome.cause in {"below_minimum", "places", "track_places"}


def _reason_is_true(outcome, allocation, table, quotas, rule):
    """No list of this length has this candidate and the better ones that are in, and keeps the quotas it names."""
    if outcome.cause != "quota":
        return
    named = [quotas[code] for code in outcome.because]
    better = [table[o.code] for o in allocation.selected if o.rank < outcome.rank]
    open_to = [c for c in table.values() if rule.min_score is None or c.total >= rule.min_score]
    others = [c for c in open_to if c not in better and c.code != outcome.code]
    seats = len(allocation.selected) - len(better) - 1
    lists = ([*better, table[outcome.code], *more] for more in combinations(others, max(seats, 0)))
    assert seats < 0 or not any(keeps(named, chosen, rule) for chosen in lists)


@settings(max_examples=300, deadline=None)
@given(fields(size=6, totals=st.integers(1, 3)), rules())
def test_undecided_is_what_depends_on_the_order_within_the_first_contested_tie(candidates, rule):
    assume(rule.is_structured)
    assume(rule.places is not None)
    ranking = rank(candidates)
    walk = walk_structured(ranking, rule)
    before = []
    for group in walk.groups():
        members = [r.candidate for r in group]
        rest = [r.candidate for r in ranking.ranked if r.candidate not in before and r.candidate not in members]
        if len(members) > 4:
            return
        runs = [
            set(exhaustive([*before, *order, *rest], rule)[0]) & {c.code for c in members}
            for order in permutations(members)
        ]
        lengths = {len(exhaustive([*before, *order, *rest], rule)[1]) for order in permutations(members)}
        if len(lengths) > 1 or len(walk.by_rank) < rule.places:
            return  # the length hangs on the order: such ties go to people as a whole
        depends = set.union(*runs) - set.intersection(*runs)
        assert depends == walk.undecided & {c.code for c in members}
        if depends:
            (decision,) = [d for d in walk.decisions if set(d.codes) == depends]
            assert decision.places == max(len(run & depends) for run in runs)
            return
        before += members


@settings(max_examples=300, deadline=None)
@given(fields(), rules(), st.data())
def test_rising_never_turns_in_into_out_while_the_length_by_rank_stays(candidates, rule, data):
    assume(rule.min_score is None)
    ranking = rank(candidates)
    order = [r.candidate.code for r in ranking.ranked]
    walk = walk_structured(ranking, rule)
    assume(walk.chosen)
    lucky = data.draw(st.sampled_from(walk.chosen))
    place = data.draw(st.integers(0, order.index(lucky)))
    rest = [code for code in order if code != lucky]
    better = [*rest[:place], lucky, *rest[place:]]
    table = {c.code: c for c in candidates}
    risen = [
        Candidate(c.code, D(100 - n), nominating=c.nominating, employer=c.employer, track=c.track, groups=c.groups)
        for n, c in enumerate(table[code] for code in better)
    ]
    after = walk_structured(rank(risen), rule)
    if len(after.by_rank) == len(walk.by_rank):
        assert lucky in after.chosen


@settings(max_examples=200, deadline=None)
@given(fields(), rules(), st.data())
def test_promotion_under_quotas_takes_the_first_reserve_that_keeps_them(candidates, rule, data):
    before = allocate(rank(candidates), rule)
    assume(before.selected)
    assume(not before.needs_decision)
    freed = data.draw(st.sampled_from(codes(before)))
    after = promote_next(before.outcomes, freed, rule)
    table = {c.code: c for c in candidates}
    standing = [table[code] for code in codes(before) if code != freed]
    queue = [o.code for o in before.reserves if rule.list_of(o.track) == rule.list_of(table[freed].track)]
    queue.sort(key=lambda code: before.of(code).order)
    fitting = [code for code in queue if keeps(quotas_of(rule), [*standing, table[code]], rule)]
    assert (after.promoted.code if after.promoted else None) == (fitting[0] if fitting else None)


# --- leaving candidates aside ---


@settings(max_examples=300, deadline=None)
@given(fields(size=14), rules(), st.integers(1, 5))
def test_leaving_spares_aside_changes_no_answer(candidates, rule, size):
    lists = Lists([keys_of(c, rule) for c in candidates], quotas_of(rule))
    found = lists.exists(size, lists.nothing()) is not None
    everybody = Lists([keys_of(c, rule) for c in candidates], quotas_of(rule))
    everybody._spared[size] = everybody.sizes
    assert (everybody.exists(size, everybody.nothing()) is not None) == found


@settings(max_examples=400, deadline=None)
@given(fields(), rules())
def test_plain_search_without_steps_names_what_it_could_not_prove_and_no_other_list(candidates, rule):
    """Cut off at once, the search may doubt, but it never says another list than the one that is right."""
    order = [r.candidate for r in rank(candidates).ranked]
    wanted, _by_rank = exhaustive(order, rule)
    steps = plain.NODES, plain.QUICK
    plain.NODES = plain.QUICK = 0
    try:
        found, unproved = plain.recheck(*as_json(order, rule), wanted)
    except plain.TooHard:
        assert not wanted  # without a list there is nothing to go by
    else:
        assert found == wanted
        assert not set(unproved) & set(wanted)
    finally:
        plain.NODES, plain.QUICK = steps


def test_both_programs_agree_at_a_few_hundred_candidates_and_keep_every_share():
    candidates, rule = quota_case(300)
    allocation = allocate(rank(candidates), rule)
    chosen = codes(allocation)
    table = {c.code: c for c in candidates}
    assert len(chosen) == rule.places
    assert keeps(quotas_of(rule), [table[code] for code in chosen], rule)
    assert plain.recheck(*as_json(candidates, rule), chosen) == (chosen, [])
    assert any(o.cause == "quota" for o in allocation.selected)


def test_plain_search_says_when_it_gives_up(monkeypatch):
    monkeypatch.setattr(plain, "NODES", 0)
    monkeypatch.setattr(plain, "QUICK", 0)
    with pytest.raises(plain.TooHard):
        plain.select([{"code": "a", "groups": ["g"]}], {"places": 1, "shares": [{"code": "g", "at_least": "50"}]})
