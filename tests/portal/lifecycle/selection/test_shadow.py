"""Python and SQL compute the same round: a fixed one, then hundreds of random ones. Real PostgreSQL."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.lifecycle.review.scoring import ABSTAINED, Criterion, Mark, ScoringRule, score_entry
from portal.lifecycle.selection import shadow as sh
from portal.lifecycle.selection.ranking import TIE_LABELS, candidate_from_score, rank

pytestmark = pytest.mark.integration

D = Decimal
# Full marks and weights whose quotients never end: 37/30, 35/7, 28/9.
RUBRIC = (
    Criterion("novelty", "创新性", D(30), D(37), D("0.6"), core=True),
    Criterion("benefit", "效益", D(7), D(35), D("0.5")),
    Criterion("spread", "推广性", D(9), D(28), core=True),
)


@pytest.fixture(scope="module")
def cursor(django_db_setup, django_db_blocker):
    """One cursor for all examples; the statement touches no table."""
    with django_db_blocker.unblock(), connection.cursor() as open_cursor:
        yield open_cursor


def both(cursor, *, entries, assignments, marks, recused=None, criteria=RUBRIC, rule=None, by_track=False):
    """Run both implementations; returns (scores, ranking, rows)."""
    rule = rule or ScoringRule()
    recused = recused or {}
    scores = {
        e.code: score_entry(
            e.code,
            criteria=criteria,
            experts=assignments.get(e.code, ()),
            marks=marks.get(e.code, ()),
            recused=recused.get(e.code, ()),
            rule=rule,
        )
        for e in entries
    }
    ranking = rank(
        [
            candidate_from_score(
                scores[e.code], track=e.track, eligible=e.eligible, submitted=e.submitted, vote=e.vote, draw=e.draw
            )
            for e in entries
        ],
        rule.ties,
        by_track=by_track,
    )
    payload = sh.shadow_payload(
        entries=entries,
        criteria=criteria,
        assignments=assignments,
        recused=recused,
        marks=marks,
        rule=rule,
        by_track=by_track,
    )
    assert json.loads(json.dumps(payload)) == payload
    return scores, ranking, sh.run_shadow(cursor, payload)


def marks_of(table):
    """``{expert: (novelty, benefit, spread)}`` → marks; ``None`` abstains, ``""`` is missing."""
    return [
        Mark(expert, c.code, ABSTAINED if value is None else D(str(value)))
        for expert, row in table.items()
        for c, value in zip(RUBRIC, row, strict=True)
        if value != ""
    ]


TABLES = {
    "a": {"e1": (30, 7, 9), "e2": (20, 5, 3), "e3": (25, 6, 4), "e4": (10, 2, 1), "e5": (29, None, 8)},
    "b": {"e1": (17, 7, 9), "e2": (18, 7, 9)},  # 17.5 of 30 misses the floor of 18
    "c": {"e1": (20, 5, ""), "e2": (20, 5, 5)},
    "d": {"e1": (20, None, 5), "e2": (20, None, 5)},
    "e": {},
    "f": {"e1": (30, 7, 9), "e2": (0, 0, 0)},
}


@pytest.fixture
def fixed_round(cursor):
    return both(
        cursor,
        entries=[sh.ShadowEntry(code, eligible=code != "f") for code in TABLES],
        assignments={code: list(table) for code, table in TABLES.items()},
        marks={code: marks_of(table) for code, table in TABLES.items()},
    )


def test_fixed_round_agrees_in_every_figure(fixed_round):
    scores, ranking, rows = fixed_round
    assert sh.differences(scores, ranking, rows) == []
    assert {row.code: (row.status, row.rank) for row in rows} == {
        "a": ("complete", 2),
        "b": ("complete", 1),
        "c": ("incomplete", 3),
        "d": ("no_valid_marks", 3),
        "e": ("no_valid_marks", 3),
        "f": ("complete", None),
    }
    table = {row.code: row for row in rows}
    assert table["b"].below_floor == ("novelty",)
    assert (table["f"].total, table["f"].median, table["f"].core) == (D("50.00"), D("50.00"), D("32.50"))


def test_every_kind_of_disagreement_is_reported(fixed_round):
    scores, ranking, rows = fixed_round
    wrong = [
        replace(row, total=D("1.00"), median=D(2), core=None, below_floor=("spread",), rank=9, status="incomplete")
        if row.code == "a"
        else row
        for row in rows
        if row.code != "b"
    ]
    wrong.append(sh.ShadowRow("zz", "complete", None, None, None, (), None))
    found = {(d.code, d.field): (d.python, d.sql) for d in sh.differences(scores, ranking, wrong)}
    assert {field for code, field in found if code == "a"} == {
        "status",
        "total",
        "median",
        "core",
        "below_floor",
        "rank",
    }
    assert found["a", "rank"] == ("2", "9")
    assert found["a", "below_floor"] == ("", "spread")
    assert found["b", "entry"] == ("有", "无")
    assert found["zz", "entry"] == ("无", "有")


@pytest.mark.parametrize(
    ("values", "total"),
    [
        # The experts' totals are thirds that never end, their mean is exactly 50.005.
        (["1", "1", "2.50045"], "50.01"),
        # A hair below the half stays below: no rounding before the rounding.
        (["1", "1", "2.500449999999999999999999"], "50.00"),
    ],
)
def test_only_true_halves_round_up(cursor, values, total):
    criteria = (Criterion("all", "综合", D(3), D(100), core=True),)
    marks = {"a": [Mark(f"e{i}", "all", D(value)) for i, value in enumerate(values)]}
    assignments = {"a": [m.expert for m in marks["a"]]}
    result = both(cursor, entries=[sh.ShadowEntry("a")], assignments=assignments, marks=marks, criteria=criteria)
    assert (result[0]["a"].total, result[0]["a"].core) == (D(total), D(total))
    assert sh.differences(*result) == []


def test_payload_is_the_same_whatever_the_order_of_its_parts():
    forward = {"entries": [sh.ShadowEntry("a"), sh.ShadowEntry("b")], "assignments": {"a": ["x", "y"], "b": []}}
    backward = {"entries": [sh.ShadowEntry("b"), sh.ShadowEntry("a")], "assignments": {"b": [], "a": ["y", "x"]}}
    marks = [Mark("x", "all", D(1)), Mark("y", "all", ABSTAINED)]
    criteria = (Criterion("all", "综合", D(3)),)
    one = sh.shadow_payload(criteria=criteria, marks={"a": marks}, **forward)
    two = sh.shadow_payload(criteria=criteria, marks={"a": marks[::-1]}, **backward)
    assert one == two
    assert one["criteria"][0]["weight"] is None


# --- random rounds ---

PART = st.one_of(st.none(), st.just(""), *[st.integers(0, 6)] * 6)  # sixths of the full mark; few values → many ties
RARE_GAPS = st.one_of(st.none(), *[st.integers(0, 6)] * 9)


def row(gaps):
    return st.tuples(*[PART if gaps else RARE_GAPS] * 3)


@st.composite
def rounds(draw):
    size = draw(st.integers(1, 6))
    entries, assignments, recused, marks = [], {}, {}, {}
    small = st.one_of(st.none(), st.integers(1, 3))
    for code in "abcdef"[:size]:
        entries.append(
            sh.ShadowEntry(
                code,
                eligible=draw(st.sampled_from([True, True, True, False])),
                track=draw(st.sampled_from(["x", "y"])),
                submitted=draw(small),
                vote=draw(small),
                draw=draw(small),
            )
        )
        gaps = draw(st.sampled_from([False, False, False, True]))
        experts = [f"e{i}" for i in range(draw(st.integers(0, 8)))]
        assignments[code] = experts
        recused[code] = draw(st.lists(st.sampled_from(experts), max_size=2, unique=True)) if experts else []
        table = {e: draw(row(gaps)) for e in experts}
        marks[code] = marks_of(
            {
                e: tuple(p if p in (None, "") else D(p) * c.max_score / 6 for p, c in zip(parts, RUBRIC, strict=True))
                for e, parts in table.items()
            }
        )
    rule = ScoringRule(
        trim_from=draw(st.integers(3, 6)),
        trim_each=draw(st.integers(0, 1)),
        places=draw(st.integers(0, 4)),
        ties=tuple(draw(st.lists(st.sampled_from(sorted(TIE_LABELS)), max_size=4, unique=True))),
    )
    return {
        "entries": entries,
        "assignments": assignments,
        "recused": recused,
        "marks": marks,
        "rule": rule,
        "by_track": draw(st.booleans()),
    }


@settings(max_examples=400, deadline=None)
@given(rounds())
def test_random_rounds_agree_in_every_figure(cursor, round_):
    assert sh.differences(*both(cursor, **round_)) == []


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.decimals(0, 30, places=2), min_size=1, max_size=9), min_size=1, max_size=5), st.integers(0, 4)
)
def test_random_marks_with_cents_agree(cursor, table, places):
    criteria = RUBRIC[:1]
    marks = {f"n{i}": [Mark(f"e{j}", "novelty", v) for j, v in enumerate(values)] for i, values in enumerate(table)}
    result = both(
        cursor,
        entries=[sh.ShadowEntry(code) for code in marks],
        assignments={code: [m.expert for m in given_marks] for code, given_marks in marks.items()},
        marks=marks,
        criteria=criteria,
        rule=ScoringRule(places=places),
    )
    assert sh.differences(*result) == []
