"""资格条件 of the shipped programmes by the pages of the form: one programme for every kind of subject."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.dates import local_date
from portal.lifecycle.blueprints.conditions import visible_fields
from portal.lifecycle.blueprints.fields import form_data
from portal.lifecycle.blueprints.loader import load_file, programme_files
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.content import answers_of, write_keys
from portal.lifecycle.entries.models import Entry
from tests.factories.entries import make_cycle, make_entry
from tests.factories.notices import make_conferred

PROGRAMMES = {path.stem: path for path in programme_files()}
ONE_OF_EACH_KIND = {  # programme: the veto of three years
    "innovation-star": "accident",  # person
    "nonpublic-top10": "relations",  # unit
    "safe-team": "unit_accident",  # team
    "health-star-video": "unit_hazard",  # work
}

HARMLESS = {"deaths": 0, "serious": 0, "minor_injuries": 0, "new_diseases": 0}


def just_three_years_ago() -> dt.date:
    """The day whose bar of three years ends today, or on a 29 February tomorrow."""
    today = local_date(timezone.now())
    try:
        return today.replace(year=today.year - 3)
    except ValueError:
        return today.replace(year=today.year - 3, month=3, day=1)


def codes_refused(entry, actor):
    entry = Entry.objects.get(pk=entry.pk)
    return {decision.code: decision.message for decision in preview(entry, "submit", actor=actor, now=timezone.now())}


@pytest.mark.parametrize("path", PROGRAMMES.values(), ids=PROGRAMMES)
def test_a_dated_veto_has_its_question_and_its_guard(path):
    """Whoever answers no is not asked for a day; nobody is asked for a day that no guard reads."""
    rules = load_file(path)
    stage = rules.stage("application")
    dated = [veto for veto in rules.vetoes if veto.event_field]
    assert bool(dated) == ("engine.veto_period" in stage.guards)
    for veto in dated:
        asked = rules.field(veto.event_field).visible_when.field
        assert veto.bar_years
        assert veto.event_field not in visible_fields(rules, {asked: False})
    assert bool(rules.limits.higher) == ("engine.higher_honour" in stage.guards)
    assert bool(rules.limits.barred_posts) == ("engine.posts" in stage.guards)
    assert {*rules.limits.higher, *rules.limits.one_path} <= PROGRAMMES.keys()
    if rules.limits.one_path:
        assert "engine.one_path" in stage.guards


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "veto"), ONE_OF_EACH_KIND.items())
def test_subject_is_barred_to_the_last_day_of_three_years_by_its_own_answer(code, veto, tianjin, all_rows, desk_client):
    cycle, last = make_cycle(tianjin, code), just_three_years_ago()
    answers = {f"had_{veto}": True, f"{veto}_on": last.isoformat()} | HARMLESS
    entry = make_entry(cycle, tianjin.filer, answers=answers)
    client, page = desk_client(tianjin.filer), reverse("lifecycle:entry.review", args=[entry.code])
    refused = client.post(page)
    assert refused.status_code == 422
    assert "（含）以前不得申报" in refused.content.decode()
    section = next(s for s in cycle.rules.sections if any(f.code == "vetoes" for f in s.fields))
    typed = answers_of(entry) | {f"{veto}_on": (last - dt.timedelta(days=1)).isoformat()}
    own = {f.code: typed[f.code] for f in section.fields if f.is_answer and f.code in typed}
    form = form_data(cycle.rules, own)
    url = reverse("lifecycle:entry.section", args=[entry.code, section.code])
    assert client.post(url, {name: form.getlist(name) for name in form}).status_code == 302
    second = client.post(page)
    assert second.status_code == 302, codes_refused(entry, tianjin.filer)
    assert Entry.objects.get(pk=entry.pk).state == EntryState.SUBMITTED


@pytest.mark.django_db
def test_unit_enters_one_of_two_programmes_in_a_year(tianjin, all_rows, desk_client):
    first = make_entry(make_cycle(tianjin, "nonpublic-top10"), tianjin.filer, EntryState.SUBMITTED)
    number = answers_of(first)["credit_code"]
    write_keys(first, first.cycle.rules, answers_of(first))
    later = make_cycle(tianjin, "demonstration-unit", year=first.cycle.year + 1)
    for cycle, barred in ((make_cycle(tianjin, "demonstration-unit", year=first.cycle.year), True), (later, False)):
        entry = make_entry(cycle, tianjin.filer, answers={"credit_code": number})
        assert ("one_path" in codes_refused(entry, tianjin.filer)) is barred
    Entry.objects.filter(pk=first.pk).update(state=EntryState.WITHDRAWN)
    entry = make_entry(Entry.objects.get(pk=entry.pk).cycle, tianjin.filer, answers={"credit_code": number})
    assert "one_path" not in codes_refused(entry, tianjin.filer)


@pytest.mark.django_db
def test_team_with_the_instant_award_does_not_enter_for_the_same_title(tianjin, all_rows):
    """工人先锋号 is also given at once: a team is known by its name within its union, it has no number."""
    team = {"track": "pioneer", "trigger": "contest"}
    held = make_conferred(tianjin, 1, toml="may-day-instant")[0]
    Entry.objects.filter(pk=held.pk).update(answers=held.answers | team)
    cycle = make_cycle(tianjin, "worker-pioneer")
    again = make_entry(cycle, tianjin.filer, title=held.title)
    other = make_entry(cycle, tianjin.filer, title="津精工机械有限公司装配二班")
    assert "更高荣誉" in codes_refused(again, tianjin.filer)["higher_honour"]
    assert "higher_honour" not in codes_refused(other, tianjin.filer)


@pytest.mark.django_db
def test_whole_divisions_and_high_cadres_do_not_enter(tianjin, all_rows):
    pioneer = make_cycle(tianjin, "worker-pioneer")
    office = {"unit_kind": "agency", "office_rank": "division"}
    assert "处级部门" in codes_refused(make_entry(pioneer, tianjin.filer, answers=office), tianjin.filer)["post"]
    window = make_entry(pioneer, tianjin.filer, answers=office | {"office_rank": "cell"})
    assert "post" not in codes_refused(window, tianjin.filer)
    medal = {"track": "medal", "trigger": "contest", "admin_rank": "above"}
    person = make_entry(make_cycle(tianjin, "may-day-instant"), tianjin.filer, answers=medal)
    assert "副局级以上" in codes_refused(person, tianjin.filer)["post"]
