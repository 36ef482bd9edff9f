"""The demo's forms read like forms that people filled in: short questions get short answers, parts stay below wholes."""

from __future__ import annotations

import io
import random
import re

import pytest
from django.core.management import call_command

from portal.core.scoping import system_scope
from portal.demo import words
from portal.demo.answers import answers_for
from portal.demo.short_texts import short_text
from portal.demo.together import agree
from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.loader import definition_from_toml, from_definition

FILES = loader.programme_files()
BEGINNINGS = tuple(sentence[:10] for sentence in words.SENTENCES)


def short_answers(rules, answers):
    """Text answers by the label of their question, those of tables too."""
    for spec in rules.fields:
        value = answers.get(spec.code)
        if spec.type == "text" and value:
            yield spec.label, str(value)
        elif spec.type == "table":
            texts = [column for column in spec.columns if column.type == "text"]
            yield from ((column.label, str(row.get(column.code, ""))) for row in value or () for column in texts)


@pytest.mark.django_db
def test_no_short_question_is_answered_with_a_sentence_cut_off():
    with system_scope("code lists"):
        call_command("load_codes", verbosity=0, stdout=io.StringIO())
    cut = []
    for path in FILES:
        rules = from_definition(definition_from_toml(path.read_text(encoding="utf-8")))
        answers = answers_for(rules, random.Random(7), {})
        cut += [(path.stem, label) for label, text in short_answers(rules, answers) if text.startswith(BEGINNINGS)]
    assert cut == []


def test_looking_for_an_answer_draws_nothing():
    rng = random.Random(1)
    before = rng.getstate()
    code = short_text("project_code", "项目代码", rng, "")
    assert re.fullmatch(r"2024-1201\d{2}-\d{2}-01-\d{6}", code)
    assert rng.getstate() == before
    assert short_text("unheard_of", "没有见过的问题", rng, "原样") == "原样"


def test_a_part_of_the_workers_is_never_more_than_all():
    assert agree({"workers": 13, "migrant": 32})["migrant"] == 13
    assert agree({"workers": 40, "migrant": 32})["migrant"] == 32
