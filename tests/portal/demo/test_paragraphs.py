"""Running text of the demo: it fits its question, reads differently everywhere and shifts nothing else."""

from __future__ import annotations

import random
from itertools import combinations

from portal.demo import words
from portal.demo.paragraphs import paragraph
from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.loader import definition_from_toml, from_definition
from portal.lifecycle.similarity.shingles import likeness, stock_phrases


def bounds():
    rules = [
        from_definition(definition_from_toml(file.read_text(encoding="utf-8"))) for file in loader.programme_files()
    ]
    return {(f.min_length or 0, f.max_length or 200) for r in rules for f in r.fields if f.type == "long_text"}


def test_text_fits_every_question_and_draws_what_it_always_drew():
    for least, most in sorted(bounds()):
        one, other = random.Random(f"{least}-{most}"), random.Random(f"{least}-{most}")
        text = paragraph(one, least, most)
        words.paragraph(other, least, most)
        assert least <= len(text) <= most
        assert "{" not in text
        assert one.getstate() == other.getstate()


def test_no_two_units_tell_the_same_story():
    rng = random.Random(1)
    texts = [paragraph(rng, 0, 800) for _ in range(60)]
    stock = stock_phrases(texts)
    assert max(likeness(a, b, stock=stock) for a, b in combinations(texts, 2)) < 30
