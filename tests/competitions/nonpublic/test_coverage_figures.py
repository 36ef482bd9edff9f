"""Shares are counted exactly, never above 100 %, and no data is not nought."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.nonpublic.enums import NEXT_STAGES, Figure, Stage
from competitions.nonpublic.figures import DEFINITIONS, GROUPS, Share, definition_of


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_share_is_between_nought_and_a_hundred(a, b):
    held, total = min(a, b), max(a, b)
    share = Share(held, total)
    assert share.held + share.missing == total
    if total:
        assert 0 <= share.percent <= 100
        assert abs(share.percent - Decimal(held) * 100 / total) <= Decimal("0.05")
        assert (share.percent == 100) >= (held == total)
    else:
        assert share.percent is None


def test_share_without_units_is_no_data_and_not_nought():
    assert Share(0, 0).text == "—"
    assert Share(0, 5).text == "0.0%"


@pytest.mark.parametrize(("held", "total"), [(6, 5), (-1, 5)])
def test_share_above_its_denominator_is_refused(held, total):
    with pytest.raises(ValueError, match="held"):
        Share(held, total)


def test_every_figure_has_its_group_and_its_printed_definition():
    assert set(GROUPS) == set(DEFINITIONS) == set(Figure)
    assert all("分母" in definition_of(f) and "%s" not in definition_of(f) for f in Figure)


def test_every_stage_says_what_follows_and_ends_are_ends():
    assert set(NEXT_STAGES) == set(Stage)
    reached, ahead = set(), [Stage.FOUND]
    while ahead:
        stage = ahead.pop()
        if stage not in reached:
            reached.add(stage)
            ahead += [Stage(s) for s in NEXT_STAGES[stage]]
    assert reached == set(Stage)
