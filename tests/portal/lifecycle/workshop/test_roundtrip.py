"""Every page of every programme file: saved untouched, nothing changes; changed, exactly that changes."""

import json
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from portal.lifecycle.blueprints.loader import canonical_json, definition_from_toml, programme_files
from portal.lifecycle.workshop.changes import applied
from portal.lifecycle.workshop.forms import PageForm
from portal.lifecycle.workshop.pieces import place_of, places
from portal.lifecycle.workshop.presets import new_stage, skeleton
from portal.lifecycle.workshop.queries import problems_of
from tests.factories.drafts import posted

pytestmark = [pytest.mark.unit, pytest.mark.django_db, pytest.mark.usefixtures("all_rows")]
FILES = programme_files()


def stored(path):
    return json.loads(canonical_json(definition_from_toml(path.read_text(encoding="utf-8"))))


def sent_back(definition, place, **changes):
    form = PageForm(definition=definition, place=place)
    data = QueryDict(urlencode(posted(form, **changes), doseq=True))
    bound = PageForm(data, definition=definition, place=place)
    assert bound.is_valid(), (place.path, bound.errors)
    return bound.values()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_saving_untouched_pages_changes_nothing(path):
    definition = stored(path)
    pages = list(places(definition))
    assert {"programme", "sections", "sections[0].fields[0]", "stages[0]"} <= {place.path for place in pages}
    for place in pages:
        values = sent_back(definition, place)
        assert values == {}, (place.path, values)
        assert applied(definition, place.path, values) == definition


@pytest.mark.parametrize("subject", ["person", "team", "unit", "project", "work"])
@pytest.mark.parametrize("cadence", ["annual", "every_years", "rolling", "on_demand"])
def test_skeleton_is_valid(subject, cadence):
    made = skeleton(code="x-y", pillar="safety", title="甲", subject=subject, cadence=cadence, year=2026)
    assert problems_of(made) == []
    for place in places(made):
        assert sent_back(made, place) == {}


def small():
    return skeleton(code="x-y", pillar="safety", title="甲", subject="work", cadence="annual", year=2026)


def test_a_changed_word_changes_only_that_word():
    before = small()
    place = place_of(before, "programme")
    values = sent_back(before, place, summary="一句话")
    assert values == {"summary": "一句话"}
    after = applied(before, "programme", values)
    assert after["programme"].pop("summary") == "一句话"
    assert after["programme"] == before["programme"]


def test_numbers_levels_and_ranks_come_back_as_the_schema_wants_them():
    before = small()
    at = "stages[1]"
    values = sent_back(before, place_of(before, at), caps_3="4", return_days="7", ranked="on")
    after = applied(before, at, values)
    assert after["stages"][1]["caps"] == {"district": 4}
    assert after["stages"][1]["return_days"] == 7
    assert after["stages"][1]["ranked"] is True
    at = "stages[2]"
    values = sent_back(after, place_of(after, at), ties_0="submitted_first", ties_1="core_criterion")
    assert applied(after, at, values)["stages"][2]["ties"] == ["submitted_first", "core_criterion"]


def test_conditions_come_back_from_their_three_controls():
    before = small()
    choice = {"code": "kind", "type": "choice", "label": "类别", "choices": [{"value": "a", "label": "甲"}]}
    before["sections"][0]["fields"].insert(0, choice)
    at = "sections[0].fields[2]"
    place = place_of(before, at)
    for test, picked, wanted in (
        ("in", ["kind|a"], {"field": "kind", "equals": "a"}),
        ("in", ["kind|a", "kind|b", "other|c"], {"field": "kind", "in": ["a", "b"]}),
        ("filled", [], {"field": "kind", "filled": True}),
        ("empty", [], {"field": "kind", "filled": False}),
        ("yes", [], {"field": "kind", "is_true": True}),
    ):
        changes = {"visible_when__field": "kind", "visible_when__test": test, "visible_when__value": picked}
        assert sent_back(before, place, **changes) == {"visible_when": wanted}


def test_every_stage_may_be_added_and_has_a_page():
    made = small()
    made["stages"] = [new_stage(kind) for kind in ("application", "clearance", "review", "showcase")]
    for index in range(4):
        assert sent_back(made, place_of(made, f"stages[{index}]")) == {}


def test_a_named_programme_that_the_desk_does_not_see_stays_named():
    before = small() | {"limits": {"higher": ["of-another-union"], "one_path": []}}
    assert sent_back(before, place_of(before, "limits")) == {}
