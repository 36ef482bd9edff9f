"""Codes by lot. Pure: from the seed, revealed at decoding, anybody recomputes every code.

A first code is read off the lot of the entry (letters and digits that cannot be mistaken for one another); benches are
numbered in the order of the lots of the first codes. What comes later is appended: old codes stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from portal.lifecycle.review.presentation.lots import draw_order, lot

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 5


def commitment(seed: str) -> str:
    """What is published before the seed is: SHA-256 of it."""
    return hashlib.sha256(seed.encode()).hexdigest()


def _code(number: int) -> str:
    digits = []
    for _place in range(LENGTH):
        number, digit = divmod(number, len(LETTERS))
        digits.append(LETTERS[digit])
    return "".join(digits)


def first_codes(seed: str, subjects: Iterable[str], kept: Mapping[str, str]) -> dict[str, str]:
    """``kept`` and one new code for every other subject; no code twice."""
    table, used = dict(kept), set(kept.values())
    for subject in draw_order(seed, set(subjects) - set(kept)):
        attempt = 0
        while (code := _code(int(lot(f"{seed}:{attempt}", subject), 16))) in used:
            attempt += 1
        table[subject] = code
        used.add(code)
    return table


def benches(seed: str, codes: Iterable[str], kept: Mapping[str, str]) -> dict[str, str]:
    """``kept`` and the next numbers for all other codes, in the order of their lots."""
    table = dict(kept)
    for number, code in enumerate(draw_order(seed, set(codes) - set(kept)), len(kept) + 1):
        table[code] = f"{number:03d}"
    return table
