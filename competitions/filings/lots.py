"""随机抽查的抽签: the portal's lots (SHA-256 of seed and number, ascending) over the numbers of competitions. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from portal.lifecycle.review.presentation.lots import draw_order

METHOD = "sha256-1"
METHOD_WORDS = "对每个备案号计算 SHA-256（随机种子:备案号），按结果从小到大排列，取前若干个。"


def drawn(seed: str, population: Iterable[str], size: int) -> list[str]:
    """The first ``size`` numbers in the order of their lots. Raises ValueError when ``size`` is not 1…population."""
    order = draw_order(seed, population)
    if not 1 <= size <= len(order):
        raise ValueError("size")
    return order[:size]
