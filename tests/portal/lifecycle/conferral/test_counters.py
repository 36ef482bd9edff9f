"""Instant honours: counted by the year over all programmes with the same counter, with what led to them in the register."""

from __future__ import annotations

import pytest
from django.utils import timezone

from awards.register.models import HonourRecord
from portal.core.errors import Refused
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints import loader
from portal.lifecycle.conferral.counters import YearlyCounter, yearly_counter
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from tests.factories.notices import make_confirmed, make_decision

pytestmark = pytest.mark.django_db
COUNTED = [
    rules.programme.code
    for rules in (loader.load_file(path) for path in loader.programme_files())
    if rules.honour.counter == "may-day-instant"
]


def confer(tree, toml, count=1, year=None):
    entries = make_confirmed(tree, count, toml=toml, year=year)
    with system_scope("test"):
        cycle = Cycle.objects.select_related("programme", "blueprint", "owner").get(pk=entries[0].cycle_id)
        decision = make_decision(cycle, tree.manager)
        issue_conferral(conferral=decision, actor=tree.manager, now=timezone.now())
        return cycle, decision


def test_both_instant_programmes_count_together():
    assert sorted(COUNTED) == ["carbon-peak", "may-day-instant"]


def test_honours_of_the_year_are_counted_over_programmes(tianjin):
    cycle, decision = confer(tianjin, "may-day-instant", 2)
    other, _decision = confer(tianjin, "carbon-peak", 1)
    with system_scope("test"):
        year = decision.decided_on.year
        assert yearly_counter(cycle, year).used == yearly_counter(other, year).used == 3
        assert yearly_counter(cycle, year - 1).used == 0


def test_programmes_without_a_counter_are_not_counted(tianjin):
    cycle, decision = confer(tianjin, "five-small-top20")
    with system_scope("test"):
        assert yearly_counter(cycle, decision.decided_on.year) is None


def test_decision_over_the_places_of_the_year_is_refused(tianjin, monkeypatch):
    cycle, _decision = confer(tianjin, "may-day-instant")
    monkeypatch.setattr(
        "portal.lifecycle.conferral.counters.yearly_counter", lambda cycle, year: YearlyCounter(year, 29, 30)
    )
    with pytest.raises(Refused, match="全年名额30个"):
        confer(tianjin, "may-day-instant", 2, year=cycle.year - 1)
    with system_scope("test"):
        assert HonourRecord.objects.count() == 1


@pytest.mark.parametrize(("used", "count", "free"), [(0, 30, True), (29, 1, True), (29, 2, False), (30, 1, False)])
def test_room_of_a_year(used, count, free):
    assert bool(YearlyCounter(2026, used, 30).room_for(count)) is free
    assert YearlyCounter(2026, used, 0).room_for(count)


def test_register_says_which_contest_led_to_the_honour(tianjin):
    cycle, _decision = confer(tianjin, "may-day-instant")
    with system_scope("test"):
        entry = Entry.objects.get(cycle=cycle)
        trigger = HonourRecord.objects.get(entry=entry).trigger
        answers = entry.answers
    field = cycle.rules.field("contest")
    labels = {choice.value: choice.label for choice in field.choices}
    assert trigger == (labels.get(answers.get("contest")) or answers.get("task"))
    assert trigger
    other, _decision = confer(tianjin, "carbon-peak")
    with system_scope("test"):
        assert HonourRecord.objects.get(entry__cycle=other).trigger == other.programme.title
