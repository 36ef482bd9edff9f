"""资格条件: periods to the day, and the named guards that keep a subject from entering."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import DomainError
from portal.core.scoping import scope_condition  # noqa: F401 -- the scope is real in these tests
from portal.lifecycle.blueprints.loader import load_file, programme_files
from portal.lifecycle.blueprints.schema import Veto
from portal.lifecycle.conferral.guards import cooldown, higher_honour
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.content import write_keys
from portal.lifecycle.entries.domain import submit_entry
from portal.lifecycle.entries.eligibility import guards
from portal.lifecycle.entries.eligibility.dates import FOR_EVER, is_barred, years_after
from portal.lifecycle.entries.models import Entry
from tests.factories.entries import make_cycle, make_entry
from tests.factories.notices import make_conferred, make_revoked

DAYS = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2080, 12, 31))
D = dt.date


@pytest.mark.parametrize(
    ("event", "years", "today", "barred"),
    [
        (D(2023, 11, 22), 3, D(2026, 11, 22), True),  # the last day counts
        (D(2023, 11, 22), 3, D(2026, 11, 23), False),
        (D(2023, 11, 22), 3, D(2023, 11, 22), True),  # the day itself counts
        (D(2023, 11, 22), 3, D(2023, 11, 21), False),  # what has not happened bars nothing
        (D(2024, 2, 29), 3, D(2027, 2, 28), True),
        (D(2024, 2, 29), 3, D(2027, 3, 1), False),
        (D(2024, 2, 29), 4, D(2028, 2, 29), True),
        (D(2023, 2, 28), 1, D(2024, 2, 28), True),
        (D(2023, 2, 28), 1, D(2024, 2, 29), False),
        (D(2023, 12, 31), 1, D(2024, 12, 31), True),
        (D(2001, 1, 1), FOR_EVER, D(2080, 1, 1), True),
        (D(2023, 11, 22), 0, D(2023, 11, 22), False),
    ],
)
def test_periods_are_inclusive_at_both_ends(event, years, today, barred):
    assert is_barred(event, years, today) is barred


@given(DAYS, st.integers(min_value=1, max_value=20))
def test_a_period_ends_exactly_once(event, years):
    last = years_after(event, years)
    assert is_barred(event, years, last)
    assert not is_barred(event, years, last + dt.timedelta(days=1))
    assert (last.year, last.month) == (event.year + years, event.month)
    assert last.day == event.day or (event.month, event.day, last.day) == (2, 29, 28)


@given(DAYS, DAYS, st.integers(min_value=1, max_value=20))
def test_longer_periods_never_bar_less(event, today, years):
    assert not is_barred(event, years, today) or is_barred(event, years + 1, today)


# --- guards ----------------------------------------------------------------------------------------------------------


def act(entry, now=None, **changes):
    """The submission as a guard sees it, under rules with these ``changes``."""
    rules = SimpleNamespace(**{name: getattr(entry.cycle.rules, name) for name in ("programme", "honour", "limits", "vetoes", "fields", "field")} | changes)  # fmt: skip
    cycle = SimpleNamespace(rules=rules, year=entry.cycle.year, period_start=entry.cycle.period_start)
    return SimpleNamespace(entry=entry, cycle=cycle, now=now or timezone.now(), params={})


def limits(**values):
    names = {"higher": (), "higher_years": 99, "one_path": (), "retire_men": 0, "retire_women": 0, "retire_margin": 0}
    return SimpleNamespace(**names | {"post_field": "", "barred_posts": ()} | values)


def again(entry, tree, **fields):
    """Another draft about the same subject in a cycle of the next year."""
    cycle = make_cycle(tree, entry.cycle.blueprint.definition, year=entry.cycle.year + 1)
    return make_entry(cycle, tree.filer, EntryState.DRAFT, title=entry.title, **fields)


@pytest.mark.django_db
def test_the_same_honour_is_not_given_again_within_its_years(tianjin, all_rows):
    old = make_conferred(tianjin, 1)[0]
    entry, decided = again(old, tianjin), old.conferral_item.conferral.decided_on
    honour = SimpleNamespace(repeat_years=3)
    last = dt.datetime.combine(years_after(decided, 3), dt.time(12), tzinfo=dt.UTC)
    refused = cooldown(act(entry, last, honour=honour), {})
    assert not refused
    assert "以前不得再次申报" in refused.message
    assert cooldown(act(entry, last + dt.timedelta(days=1), honour=honour), {})
    assert "不重复授予" in cooldown(act(entry, last, honour=SimpleNamespace(repeat_years=99)), {}).message
    assert cooldown(act(entry, last, honour=SimpleNamespace(repeat_years=0)), {})


MAY_HOLD_SEVERAL = {"innovation-studio"}  # told by its unit, and a unit may run more than one studio


def test_programme_that_forbids_the_honour_twice_checks_it():
    for path in programme_files():
        rules = load_file(path)
        stage = rules.stage("application")
        forbids = rules.honour is not None and rules.honour.repeat_years > 1 and path.stem not in MAY_HOLD_SEVERAL
        assert ("engine.cooldown" in stage.guards) == forbids, path.stem


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["nonpublic-top10", "five-small-top20", "safe-team", "innovation-star"])
def test_holder_cannot_submit_again_whatever_the_kind_of_subject(tianjin, all_rows, code):
    old = make_conferred(tianjin, 1, toml=code)[0]
    entry = again(old, tianjin, answers=_plain(old))
    for one in (old, entry):
        write_keys(one, one.cycle.rules, _plain(old))
    with pytest.raises(DomainError, match=r"不重复授予|不得再次申报"):
        submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())


@pytest.mark.django_db
def test_a_revoked_honour_and_somebody_elses_bar_nothing(tianjin, all_rows):
    revoked = make_revoked(tianjin)
    honour = SimpleNamespace(repeat_years=99)
    others = again(revoked, tianjin)
    Entry.objects.filter(pk=others.pk).update(title_key="另一件")
    others.refresh_from_db()
    assert cooldown(act(others, honour=honour), {})


@pytest.mark.django_db
def test_a_higher_honour_bars_the_lower(tianjin, all_rows):
    old = make_conferred(tianjin, 1)[0]
    entry, code = again(old, tianjin), old.cycle.programme.code
    refused = higher_honour(act(entry, limits=limits(higher=(code,))), {})
    assert not refused
    assert "更高荣誉" in refused.message
    assert higher_honour(act(entry, limits=limits(higher=("another",))), {})
    later = timezone.now() + dt.timedelta(days=366 * 2)
    assert higher_honour(act(entry, later, limits=limits(higher=(code,), higher_years=1)), {})


@pytest.mark.django_db
@pytest.mark.parametrize("state", [EntryState.SUBMITTED, EntryState.WITHDRAWN, EntryState.DRAFT])
def test_one_path_per_subject_and_year(tianjin, all_rows, state):
    cycle = make_cycle(tianjin, "innovation-star")
    first = make_entry(cycle, tianjin.filer, state)
    second = make_entry(cycle, tianjin.group_filer, EntryState.DRAFT, answers=first.answers)
    write_keys(first, cycle.rules, _plain(first))
    write_keys(second, cycle.rules, _plain(first))
    Entry.objects.filter(pk=second.pk).update(answers=first.answers)
    second.refresh_from_db()
    decision = guards.one_path(act(second), {})
    assert bool(decision) is (state != EntryState.SUBMITTED)


@pytest.mark.django_db
def test_retirement_by_the_birthday_in_the_id_number(tianjin, all_rows):
    cycle = make_cycle(tianjin, "innovation-star")
    entry = make_entry(cycle, tianjin.filer, EntryState.DRAFT)
    from portal.lifecycle.entries.content import answers_of, first_person  # noqa: PLC0415

    number = first_person(cycle.rules, answers_of(entry))
    born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    day = dt.datetime.combine(years_after(born, 50), dt.time(12), tzinfo=dt.UTC)
    rule = limits(retire_men=50, retire_women=50)
    assert not guards.retirement(act(entry, day, limits=rule), {})
    assert guards.retirement(act(entry, day - dt.timedelta(days=1), limits=rule), {})
    margin = limits(retire_men=55, retire_women=55, retire_margin=5)
    assert "不足5年" in guards.retirement(act(entry, day, limits=margin), {}).message
    assert guards.retirement(act(entry, day, limits=limits()), {})


@pytest.mark.django_db
def test_barred_posts_and_event_days_come_from_the_answers(tianjin, all_rows, monkeypatch):
    entry = make_entry(make_cycle(tianjin, "innovation-star"), tianjin.filer, EntryState.DRAFT)
    rule = limits(post_field="post_category", barred_posts=("leader",))
    monkeypatch.setattr(guards, "answers_of", lambda _entry: {"post_category": "leader", "last_accident": "2023-11-22"})
    assert "单位负责人" in guards.posts(act(entry, limits=rule), {}).message
    assert guards.posts(act(entry, limits=limits(post_field="post_category", barred_posts=("x",))), {})
    vetoes = (Veto("accident", "三年内发生事故", 3, "last_accident"),)
    noon = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)
    refused = guards.veto_period(act(entry, noon, vetoes=vetoes), {})
    assert "2026年11月22日（含）" in refused.message
    assert guards.veto_period(act(entry, noon + dt.timedelta(days=1), vetoes=vetoes), {})
    assert guards.veto_period(act(entry, noon, vetoes=(Veto("wages", "欠薪", 0, "last_accident"),)), {})


def _plain(entry):
    from portal.lifecycle.entries.content import answers_of  # noqa: PLC0415

    return answers_of(entry)
