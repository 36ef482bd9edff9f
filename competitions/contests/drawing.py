"""抽签. Pure: from the recorded seed anybody recomputes numbers, codes and benches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.lifecycle.review.codes.drawing import first_codes
from portal.lifecycle.review.presentation.lots import draw_order


def numbers(seed: str, people: Iterable[int]) -> dict[int, int]:
    """Draw numbers 1 … n."""
    return {int(key): n for n, key in enumerate(draw_order(f"{seed}:number", map(str, people)), 1)}


def codes(seed: str, people: Iterable[int]) -> dict[int, str]:
    """加密号, no two alike."""
    return {int(key): code for key, code in first_codes(f"{seed}:code", map(str, people), {}).items()}


def places(seed: str, people: Iterable[int], sessions: Sequence[tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """(session, bench) of everybody in one part: ``sessions`` are (key, number of benches), filled one after another in
    an order drawn by lot, benches drawn within the session. Raises ValueError when there are fewer benches than people.
    """
    order = draw_order(f"{seed}:session", map(str, people))
    if len(order) > sum(benches for _key, benches in sessions):
        raise ValueError("fewer benches than people")
    found: dict[int, tuple[int, int]] = {}
    for key, benches in sessions:
        now, order = order[:benches], order[benches:]
        free = draw_order(f"{seed}:bench:{key}", map(str, range(1, benches + 1)))
        found |= {int(person): (key, int(bench)) for person, bench in zip(now, free, strict=False)}
    return found
