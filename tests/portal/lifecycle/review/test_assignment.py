"""Assignment: exclusions, coverage and even loads against exhaustive search; mixing changes company, nothing else."""

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.lifecycle.review import assignment as a

pytestmark = pytest.mark.unit


def entry(code, unit="", union=""):
    return a.EntryToReview(code, frozenset([unit] if unit else []), frozenset([union] if union else []))


def expert(code, unit="", union="", load=0, capacity=None):
    return a.Expert(code, frozenset([unit] if unit else []), frozenset([union] if union else []), load, capacity)


# --- examples ---


def test_every_entry_gets_its_experts_and_loads_are_even():
    plan = a.assign([entry(f"n{i}") for i in range(10)], [expert(f"e{i}") for i in range(4)], per_entry=3, seed=1)
    assert plan.is_complete
    assert {len(pair) for pair in plan.pairs.values()} == {3}
    assert sorted(plan.loads.values()) == [7, 7, 8, 8]
    assert len(plan.new_pairs) == 30


@pytest.mark.parametrize(
    ("one", "other", "declared", "reason"),
    [
        (entry("n", unit="u"), expert("e", unit="u"), (), "与申报单位为同一单位"),
        (entry("n", union="d"), expert("e", union="d"), (), "与申报件属同一推荐单位"),
        (entry("n"), expert("e"), [("e", "n")], "专家已申报回避"),
        (entry("n", "u", "d"), expert("e", "v", "c"), [("e", "m")], ""),
    ],
)
def test_conflicts_are_named(one, other, declared, reason):
    assert a.conflict_reason(one, other, declared) == reason
    assert a.conflict_reason(one, other, declared, rules=()) == ""


def test_conflict_leaves_a_shortage_with_a_reason_for_every_expert():
    experts = [expert("a", unit="u"), expert("b"), expert("c", union="d"), expert("f", capacity=0), expert("g")]
    plan = a.assign([entry("n", "u", "d")], experts, per_entry=4, seed=1, declared=[("g", "n")])
    (shortage,) = plan.shortages
    assert plan.pairs["n"] == ("b",)
    assert shortage.lacking == 3
    assert dict(shortage.reasons) == {
        "a": "与申报单位为同一单位",
        "c": "与申报件属同一推荐单位",
        "f": "评审件数已达上限",
        "g": "专家已申报回避",
    }
    assert (
        shortage.sentence
        == "还缺3位专家（与申报单位为同一单位1人、与申报件属同一推荐单位1人、评审件数已达上限1人、专家已申报回避1人）"
    )
    assert not plan.is_complete


def test_too_few_experts_are_said_to_be_too_few():
    plan = a.assign([entry("n")], [expert("e")], per_entry=2, seed=1)
    assert plan.shortages[0].sentence == "还缺1位专家（专家组人数不足）"


def test_reviews_move_along_so_that_the_last_entry_is_served():
    # x can only be reviewed by a, whose single review must therefore not go to y.
    experts = [expert("a", capacity=1), expert("b", unit="ux", capacity=1)]
    for seed in range(10):
        plan = a.assign([entry("y"), entry("x", unit="ux")], experts, per_entry=1, seed=seed)
        assert plan.pairs == {"x": ("a",), "y": ("b",)}


def test_work_carried_outside_counts():
    plan = a.assign(
        [entry(f"n{i}") for i in range(6)], [expert("a", load=4), expert("b"), expert("c")], per_entry=1, seed=1
    )
    assert plan.loads == {"a": 4, "b": 3, "c": 3}


def test_existing_pairs_stay_even_against_a_rule_and_are_not_new():
    experts = [expert("a", unit="u"), expert("b"), expert("c")]
    plan = a.assign([entry("n", unit="u"), entry("m")], experts, per_entry=2, seed=1, existing={"n": ["a"]})
    assert "a" in plan.pairs["n"]
    assert ("n", "a") not in plan.new_pairs
    assert plan.is_complete
    assert plan.pairs["n"][1:] in {("b",), ("c",)}


def test_more_existing_pairs_than_asked_for_are_kept():
    plan = a.assign([entry("n")], [expert("a"), expert("b")], per_entry=1, seed=1, existing={"n": ["a", "b"]})
    assert plan.pairs == {"n": ("a", "b")}
    assert plan.new_pairs == ()
    assert plan.is_complete


def test_nothing_to_do():
    assert a.assign([], [], per_entry=3, seed=1).is_complete
    assert a.assign([entry("n")], [], per_entry=1, seed=1).shortages[0].lacking == 1


@pytest.mark.parametrize(
    ("entries", "experts", "options"),
    [
        ([entry("n")] * 2, [], {}),
        ([], [expert("e")] * 2, {}),
        ([entry("n")], [expert("e")], {"existing": {"m": ["e"]}}),
        ([entry("n")], [expert("e")], {"existing": {"n": ["x"]}}),
        ([entry("n")], [expert("e")], {"per_entry": 0}),
        ([entry("n")], [expert("e")], {"rules": ["same_height"]}),
    ],
)
def test_contradictory_request_is_refused(entries, experts, options):
    with pytest.raises(a.AssignmentError):
        a.assign(entries, experts, **{"per_entry": 1, "seed": 1, **options})


def test_company_is_mixed():
    entries = [entry(f"n{i:02d}") for i in range(45)]
    plan = a.assign(entries, [expert(f"e{i}") for i in range(10)], per_entry=2, seed=7)
    meetings = Counter(plan.pairs.values())
    assert len(meetings) >= 40  # of 45 possible pairs of ten experts
    assert max(meetings.values()) <= 2
    assert set(plan.loads.values()) == {9}


def test_other_seeds_give_other_plans():
    entries, experts = [entry(f"n{i}") for i in range(8)], [expert(f"e{i}") for i in range(6)]
    plans = {str(a.assign(entries, experts, per_entry=3, seed=seed).pairs) for seed in range(5)}
    assert len(plans) > 1


# --- properties ---


@st.composite
def requests(draw, entries=4, experts=4):
    units, unions = st.sampled_from(["", "u", "v"]), st.sampled_from(["", "", "c", "d"])
    entry_list = [entry(f"n{i}", draw(units), draw(unions)) for i in range(draw(st.integers(1, entries)))]
    expert_list = [
        expert(
            f"e{i}", draw(units), draw(unions), draw(st.integers(0, 2)), draw(st.one_of(st.none(), st.integers(0, 4)))
        )
        for i in range(draw(st.integers(1, experts)))
    ]
    pairs = [(x.code, n.code) for x in expert_list for n in entry_list]
    existing = {}
    for x, n in draw(st.lists(st.sampled_from(pairs), max_size=2, unique=True)):
        existing.setdefault(n, []).append(x)
    return {
        "entries": entry_list,
        "experts": expert_list,
        "per_entry": draw(st.integers(1, 3)),
        "declared": draw(st.lists(st.sampled_from(pairs), max_size=3)),
        "existing": existing,
        "rules": draw(st.sampled_from([a.ALL_RULES, (a.SAME_UNIT,), (a.DECLARED, a.SAME_NOMINATING), ()])),
    }


def best_by_search(request):
    """(most reviews, least sum of squared loads) over all plans, by trying every one."""
    options = []
    for n in request["entries"]:
        kept = request["existing"].get(n.code, [])
        free = [
            x.code
            for x in request["experts"]
            if x.code not in kept and not a.conflict_reason(n, x, request["declared"], request["rules"])
        ]
        room = max(request["per_entry"] - len(kept), 0)
        options.append([group for size in range(room + 1) for group in combinations(free, size)])
    start = Counter({x.code: x.load for x in request["experts"]})
    start.update(x for kept in request["existing"].values() for x in kept)
    best = (0, 0)
    for groups in product(*options):
        loads = start + Counter(x for group in groups for x in group)
        if any(x.capacity is not None and loads[x.code] > max(x.capacity, start[x.code]) for x in request["experts"]):
            continue
        found = sum(map(len, groups)), -sum(load**2 for load in loads.values())
        best = max(best, found) if best != (0, 0) else found
    return best


@settings(max_examples=250, deadline=None)
@given(requests(), st.integers(0, 5))
def test_plan_is_as_complete_and_as_even_as_any(request, seed):
    plan = a.assign(**request, seed=seed)
    most, evenness = best_by_search(request)
    assert len(plan.new_pairs) == most
    assert -sum(load**2 for load in plan.loads.values()) == evenness


@settings(max_examples=150, deadline=None)
@given(requests(entries=9, experts=8), st.integers(0, 5), st.randoms())
def test_plan_keeps_every_promise(request, seed, random):
    plan = a.assign(**request, seed=seed)
    entries = {n.code: n for n in request["entries"]}
    experts = {x.code: x for x in request["experts"]}
    for n, x in plan.new_pairs:
        assert a.conflict_reason(entries[n], experts[x], request["declared"], request["rules"]) == ""
        assert x not in request["existing"].get(n, [])
    for n, group in plan.pairs.items():
        kept = request["existing"].get(n, [])
        assert set(kept) <= set(group)
        assert len(set(group)) == len(group) <= max(request["per_entry"], len(kept))
    kept_load = Counter(x for kept in request["existing"].values() for x in kept)
    for code, x in experts.items():
        new = sum(pair[1] == code for pair in plan.new_pairs)
        assert plan.loads[code] == x.load + kept_load[code] + new
        assert not new or x.capacity is None or plan.loads[code] <= x.capacity
    for shortage in plan.shortages:
        assert shortage.lacking == request["per_entry"] - len(plan.pairs[shortage.entry]) > 0
        assert {x for x, _ in shortage.reasons} == experts.keys() - set(plan.pairs[shortage.entry])
    assert {s.entry for s in plan.shortages} == {
        n for n, group in plan.pairs.items() if len(group) < request["per_entry"]
    }
    for part in (request["entries"], request["experts"], request["declared"]):
        random.shuffle(part)
    assert a.assign(**request, seed=seed) == plan


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(3, 8), st.integers(1, 3), st.integers(0, 100))
def test_without_conflicts_loads_differ_by_at_most_one(entries, experts, per_entry, seed):
    plan = a.assign(
        [entry(f"n{i}") for i in range(entries)],
        [expert(f"e{i}") for i in range(experts)],
        per_entry=per_entry,
        seed=seed,
    )
    assert plan.is_complete
    assert max(plan.loads.values()) - min(plan.loads.values()) <= 1
