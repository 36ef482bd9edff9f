"""Words of letters: the programme's own or the usual ones, checked, and filled in without surprises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.blueprints.letters import DEFAULTS, WORDS, LetterEvent, fill, text_problems, words_for
from portal.lifecycle.blueprints.loader import BlueprintInvalid, from_definition
from tests.factories.definitions import changed

pytestmark = pytest.mark.unit


def letters(*specs):
    return changed() | {"letters": list(specs)}


@pytest.mark.parametrize("event", LetterEvent.values)
def test_usual_words_exist_and_use_known_words_only(event):
    spec = DEFAULTS[event]
    assert spec.heading
    assert not text_problems(event, spec.heading + spec.body)


def test_own_words_replace_the_usual_ones_for_one_event():
    blueprint = from_definition(letters({"event": "declined", "body": "感谢参加{届次}。"}))
    own = words_for(blueprint.letters, "declined")
    assert (own.body, own.heading) == ("感谢参加{届次}。", DEFAULTS["declined"].heading)
    assert words_for(blueprint.letters, "call") == DEFAULTS["call"]


@pytest.mark.parametrize(
    ("specs", "path"),
    [
        ([{"event": "fired", "body": "x"}], "letters[0].event"),
        ([{"event": "call", "body": " "}], "letters[0].body"),
        ([{"event": "call", "body": "{申报件}"}], "letters[0].body"),
        ([{"event": "call", "body": "x", "heading": "{证书编号}"}], "letters[0].heading"),
        ([{"event": "call", "body": "x", "heading": "长" * 101}], "letters[0].heading"),
        ([{"event": "call", "body": "x"}, {"event": "call", "body": "y"}], "letters[1].event"),
    ],
)
def test_letters_table_is_checked_with_its_path(specs, path):
    with pytest.raises(BlueprintInvalid) as refused:
        from_definition(letters(*specs))
    assert [problem.path for problem in refused.value.errors] == [path]


@given(
    st.dictionaries(st.sampled_from(sorted(WORDS["conferred"].values())), st.text(max_size=20)), st.text(max_size=60)
)
def test_filled_in_values_never_act_as_words(values, text):
    """What a unit typed as its title may contain braces: it is shown, not filled in again."""
    marked = {name: "{届次}" + value for name, value in values.items()}
    filled = fill("conferred", "{申报件}" + text, marked)
    assert filled.startswith(marked.get("title", "{申报件}"))
    assert fill("conferred", text, {}) == text


def test_unknown_word_is_named_with_what_there_is():
    (sentence,) = text_problems("review", "您有{证书编号}件")
    assert "{证书编号}" in sentence
    assert "{评分截止时间}" in sentence
