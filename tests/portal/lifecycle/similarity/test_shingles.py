"""Likeness of texts: bounds, symmetry, marking, and how well it does on labelled texts."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lifecycle.similarity.evaluation import LABELLED, labelled_pairs, quality
from portal.lifecycle.similarity.shingles import (
    BANDS,
    LENGTH,
    SHORTEST,
    bands,
    compare,
    likeness,
    shingles,
    stock_phrases,
)

pytestmark = pytest.mark.unit
WORDS = "阀芯冲蚀磨损更换班组改为分段式镶嵌合金环停机时间减少，。0123456789AB "
TEXTS = st.text(alphabet=WORDS, max_size=200)
OTHERS = [t["text"] for t in tomllib.loads(LABELLED.read_text(encoding="utf-8"))["texts"] if "valve" not in t["code"]]
LONG = (
    "针对调节阀阀芯冲蚀磨损快的问题，班组把整体式阀芯改为可拆卸的分段式阀芯，冲刷面镶嵌硬质合金环，磨损后只换合金环。"
)


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_between_nothing_and_all(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 100


@given(TEXTS)
def test_text_equals_itself_unless_it_says_too_little(text):
    assert likeness(text, text) == (100 if len(shingles(text)) > SHORTEST - LENGTH else 0)
    assert len(bands(text)) in {0, BANDS}
    assert bands(text) == bands(text)


@given(TEXTS, TEXTS)
def test_pieces_joined_again_are_the_text(one, other):
    left, right = compare(one, other)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (one, other)


def test_copy_inside_a_longer_text_counts_in_full():
    assert likeness(LONG, "本项目历时八个月，走访三家单位，查阅图纸四十份。" * 5 + LONG) == 100


def test_width_case_and_punctuation_make_no_difference():
    wide = LONG.replace("，", ",").replace("。", "！ ") + "ＡＢＣ１２３"
    assert likeness(wide, LONG + "abc123") == 100


def test_too_short_texts_resemble_nothing():
    assert likeness("阀芯改造" * 3, "阀芯改造" * 3) == 0
    assert SHORTEST > 12


def test_phrases_that_everybody_uses_do_not_count():
    opening = "在公司党委的坚强领导下，班组深入贯彻新发展理念，充分调动职工积极性主动性创造性，广泛开展岗位练兵。"
    works = [opening + LONG, opening + LONG.replace("更快", "更好"), *(opening + other for other in OTHERS)]
    stock = stock_phrases(works)
    assert likeness(works[0], works[1], stock=stock) >= 90
    assert max(likeness(works[0], other, stock=stock) for other in works[2:]) < 10 <= likeness(works[0], works[2])
    assert stock_phrases(works[:5]) == set()


def test_shared_passage_is_marked_wherever_it_stands():
    left, right = compare(f"开头不同的话。{LONG}", f"{LONG}结尾另有说明。")
    assert [piece.text for piece in left if piece.shared] == [LONG.removesuffix("。")]
    assert [piece.shared for piece in right] == [True, False]


def test_labelled_copies_are_found_and_few_others():
    """The numbers that ``similarity evaluate`` prints; a change of the method that makes them worse must say so."""
    at_flag = quality(labelled_pairs(), 30)
    assert at_flag.recall >= 0.8
    assert at_flag.precision >= 0.85


def test_other_works_about_the_same_machine_are_told_apart():
    pairs = [p for p in labelled_pairs() if p.other.endswith("other-work") or p.one.endswith("other-work")]
    assert pairs
    assert max(pair.percent for pair in pairs) < 30
