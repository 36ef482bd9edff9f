"""Small random selections under quotas, and the one right list of each by looking at every list there is."""

from decimal import Decimal
from itertools import combinations

from hypothesis import strategies as st

from portal.lifecycle.selection.limits import broken, keys_of, quotas_of
from portal.lifecycle.selection.outcomes import QuotaRule, Share
from portal.lifecycle.selection.ranking import Candidate

D = Decimal
PERCENT = st.one_of(st.none(), st.sampled_from([D(13), D("33.3"), D(50), D(60), D(100)]))


@st.composite
def rules(draw):
    shares = []
    for code in draw(st.sets(st.sampled_from("abc"))):
        low, high = draw(PERCENT), draw(PERCENT)
        if low is None or high is None or low <= high:
            base = draw(st.sampled_from(["", "", *"abcd"]))  # a share of all, or of those who belong to another group
            shares.append(Share(code, code, low, high, base, base))
    return QuotaRule(
        draw(st.one_of(st.none(), st.integers(0, 5))),
        draw(st.integers(0, 2)),
        draw(st.one_of(st.none(), st.fixed_dictionaries({"x": st.integers(0, 3)}, optional={"y": st.integers(0, 2)}))),
        draw(st.one_of(st.none(), st.integers(1, 2))),
        draw(st.sampled_from([None, D(1)])),
        draw(st.one_of(st.none(), st.integers(1, 2))),
        tuple(shares),
    )


@st.composite
def fields(draw, size=8, totals=None):
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["", "u", "v"]), st.sampled_from(["", "e", "f"]), st.sampled_from("xy"),
                st.frozensets(st.sampled_from("abcd")), st.integers(0, 20) if totals is None else totals,
            ),
            max_size=size,
        )
    )  # fmt: skip
    return [
        Candidate(f"c{n}", D(total), nominating=u, employer=e, track=t, groups=g, draw=n if totals is None else None)
        for n, (u, e, t, g, total) in enumerate(rows)
    ]


def keeps(quotas, chosen, rule):
    return not broken(quotas, [keys_of(c, rule) for c in chosen])


def shares_kept(chosen, rule):
    """The shares by their words alone, on products of whole numbers."""
    for share in rule.shares:
        base = [c for c in chosen if not share.base or share.base in c.groups]
        part = 100 * sum(share.code in c.groups for c in base)
        if share.at_least is not None and part < share.at_least * len(base):
            return False
        if share.at_most is not None and part > share.at_most * len(base):
            return False
    return True


def exhaustive(order, rule):
    """The decision record's rule word for word: length by rank, then every list of that length in ranking order."""
    quotas = quotas_of(rule)
    caps = [quota for quota in quotas if quota.code in {"cap", "employer", "tracks"}]
    open_to = [c for c in order if rule.min_score is None or c.total >= rule.min_score]
    by_rank = []
    for one in open_to:
        if (rule.places is None or len(by_rank) < rule.places) and keeps(caps, [*by_rank, one], rule):
            by_rank.append(one)
    for size in range(len(by_rank), 0, -1):
        for chosen in combinations(open_to, size):
            if keeps(caps, chosen, rule) and shares_kept(chosen, rule):
                assert keeps(quotas, chosen, rule)
                return [c.code for c in chosen], [c.code for c in by_rank]
            assert not keeps(quotas, chosen, rule)
    return [], [c.code for c in by_rank]


def as_json(candidates, rule):
    shares = [
        {
            "code": s.code, "at_least": s.at_least and str(s.at_least), "at_most": s.at_most and str(s.at_most),
            "base": s.base,
        }
        for s in rule.shares
    ]  # fmt: skip
    facts = [
        {
            "code": c.code,
            "nominating": c.nominating,
            "employer": c.employer,
            "track": c.track,
            "groups": sorted(c.groups),
        }
        for c in candidates
        if rule.min_score is None or c.total >= rule.min_score
    ]
    quota = {"places": rule.places, "track_places": rule.track_places, "shares": shares}
    return facts, quota | {"cap_per_nominating": rule.cap_per_nominating, "cap_per_employer": rule.cap_per_employer}
