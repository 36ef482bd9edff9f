"""Skill levels of entrants before and after: by numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.contests import queries
from competitions.contests.enums import LADDER, CompetitorState, PromotionState
from competitions.contests.levels import RUNG, Entry, growth_by_trade, growth_of
from competitions.contests.models import Competitor, Promotion
from tests.factories.contests import enter, open_contest, person

LEVELS = st.sampled_from([str(x) for x in LADDER])
ENTRIES = st.lists(
    st.builds(
        Entry, st.sampled_from("abcd"), st.sampled_from(["焊工", "钳工"]), LEVELS, st.one_of(st.just(""), LEVELS)
    ),
    max_size=14,
)


@pytest.mark.row(101)
def test_each_person_is_counted_once_with_the_first_and_the_best_level():
    entries = [
        Entry("a", "焊工", "5", "3"), Entry("a", "钳工", "3"), Entry("b", "焊工", "2"), Entry("c", "焊工", "0", "5"),
        Entry("d", "钳工", "3", ""),
    ]  # fmt: skip
    whole = growth_of(entries)
    assert whole.matrix == {("5", "3"): 1, ("2", "2"): 1, ("0", "5"): 1, ("3", "3"): 1}
    assert (whole.persons, whole.risen, whole.rungs, whole.share) == (4, 2, 3, Decimal("50.0"))
    assert (whole.before("0"), whole.after("0"), whole.after("3")) == (1, 0, 2)
    assert [(t, g.persons, g.risen) for t, g in growth_by_trade(entries)] == [("焊工", 3, 2), ("钳工", 2, 0)]
    assert growth_of([]).share is None


@given(ENTRIES)
@settings(max_examples=80)
def test_growth_loses_nobody_and_never_falls(entries):
    growth = growth_of(entries)
    assert growth.persons == len({e.person for e in entries})
    assert all(RUNG[after] >= RUNG[before] for before, after in growth.matrix)
    assert sum(growth.before(str(x)) for x in LADDER) == sum(growth.after(str(x)) for x in LADDER) == growth.persons
    assert growth.rungs >= growth.risen
    assert growth_of(entries[::-1]).matrix == growth.matrix


@pytest.mark.django_db
@pytest.mark.row(101)
def test_page_counts_granted_levels_of_those_who_were_let_in(tianjin, hebei, all_rows, desk_client):
    now = timezone.now()
    contest = open_contest(tianjin.manager, tianjin.municipal, now)
    enter(tianjin.district_checker, contest, now, [person(n) for n in range(1, 4)])
    found = Competitor.objects.order_by("pk")
    found.update(state=CompetitorState.QUALIFIED)
    for competitor, state in zip(found, (PromotionState.GRANTED, PromotionState.SENT), strict=False):
        Promotion.objects.create(
            competitor=competitor, root_path=tianjin.municipal.path, year=now.year, id_index=competitor.id_index,
            before="3", after="2", rules="2026", reason="第一名", state=state, proposed_at=now,
        )  # fmt: skip
    assert growth_of(queries.level_entries(now.year)).matrix == {("3", "2"): 1, ("3", "3"): 2}
    client = desk_client(tianjin.manager)
    text = client.get(reverse("competitions:contest_levels.page")).content.decode()
    assert "33.3%" in text
    assert "spreadsheet" in client.get(reverse("competitions:contest_levels.workbook"))["Content-Type"]
    empty = desk_client(hebei.manager).get(reverse("competitions:contest_levels.page")).content.decode()
    assert "还没有资格通过的参赛职工" in empty
