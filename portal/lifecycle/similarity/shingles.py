"""Likeness of texts by the character sequences they share. Pure: no ORM, standard library only.

Texts are cut into overlapping sequences of ``LENGTH`` letters and digits (Chinese has no spaces to cut at). Two texts that
share many are alike, whatever the order of their sentences. Candidates among tens of thousands are found by MinHash
(Broder 1997): ``ROWS`` of ``HASHES`` least hash values make a band, and texts that agree in one band are compared exactly.
Two texts whose sequences overlap by a share J agree in some band with the chance 1 − (1 − J^ROWS)^BANDS: 0.86 at one fifth,
0.99 at three tenths.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from portal.core.text import normalise_search

LENGTH = 5
HASHES, ROWS = 96, 2
BANDS = HASHES // ROWS
SHORTEST = 30  # letters and digits; shorter texts say too little to be compared
PRIME = (1 << 61) - 1
STOCK_FROM, STOCK_SHARE = 10, 0.2
PASSAGE = 10  # letters and digits in a row that both texts have: worth marking
_random = random.Random(20210101)  # noqa: S311 -- fixed coefficients, not a secret
_COEFFICIENTS = [(_random.randrange(1, PRIME), _random.randrange(PRIME)) for _ in range(HASHES)]


def shingles(text: str) -> set[str]:
    """The sequences of ``LENGTH`` letters and digits of a text; empty for a text below ``SHORTEST``."""
    plain = "".join(character for character in normalise_search(text) if character.isalnum())
    if len(plain) < SHORTEST:
        return set()
    return {plain[start : start + LENGTH] for start in range(len(plain) - LENGTH + 1)}


def bands(text: str) -> list[int]:
    """``BANDS`` numbers (signed, 63 bits) of a text; empty for one that is too short. The same on every machine."""
    hashes = [_number(shingle) for shingle in shingles(text)]
    if not hashes:
        return []
    least = [min((a * value + b) % PRIME for value in hashes) for a, b in _COEFFICIENTS]
    rows = (least[start : start + ROWS] for start in range(0, HASHES, ROWS))
    return [_number(f"{number}:{row}") >> 1 for number, row in enumerate(rows)]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def likeness(one: str, other: str, *, stock: AbstractSet[str] = frozenset()) -> int:
    """Share of the shorter text's sequences that the other has too, in whole percent (0 to 100, rounded down).

    Measured on the shorter one, so that a text copied into a longer one counts in full. ``stock`` are sequences that
    everybody uses: they count for nothing. Texts of which too little is left: 0.
    """
    a, b = shingles(one) - stock, shingles(other) - stock
    least = min(len(a), len(b))
    return 100 * len(a & b) // least if least > SHORTEST - LENGTH else 0


def stock_phrases(texts: Collection[str]) -> set[str]:
    """Sequences that stand in more than ``STOCK_SHARE`` of the texts: stock phrases and forms, nobody's own words.

    Empty for fewer than ``STOCK_FROM`` texts, of which nothing can be said.
    """
    if len(texts) < STOCK_FROM:
        return set()
    counts = Counter(shingle for text in texts for shingle in shingles(text))
    return {shingle for shingle, count in counts.items() if count > STOCK_SHARE * len(texts)}


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, as written; ``shared`` when the other text has it too."""

    text: str
    shared: bool


def compare(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut into stretches, those of at least ``PASSAGE`` letters and digits that they share marked.

    Found wherever they stand in the other text; joined again, the stretches are the text.
    """
    plain_a, places_a = _plain(one)
    plain_b, places_b = _plain(other)
    return _pieces(one, places_a, _shared(plain_a, plain_b)), _pieces(other, places_b, _shared(plain_b, plain_a))


def _plain(text: str) -> tuple[str, list[int]]:
    """Letters and digits in their comparison form, and where each stands in the text."""
    letters, places = [], []
    for place, character in enumerate(text):
        for folded in normalise_search(character):
            if folded.isalnum():
                letters.append(folded)
                places.append(place)
    return "".join(letters), places


def _shared(text: str, other: str) -> list[tuple[int, int]]:
    """Stretches of ``text`` (from, to) covered by runs of ``PASSAGE`` that stand anywhere in ``other``."""
    known = {other[start : start + PASSAGE] for start in range(len(other) - PASSAGE + 1)}
    found: list[tuple[int, int]] = []
    for start in range(len(text) - PASSAGE + 1):
        if text[start : start + PASSAGE] in known:
            if found and start <= found[-1][1]:
                found[-1] = found[-1][0], start + PASSAGE
            else:
                found.append((start, start + PASSAGE))
    return found


def _pieces(text: str, places: list[int], spans: list[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for first, last in spans:
        start, end = places[first], places[last - 1] + 1
        pieces += [Piece(text[at:start], shared=False), Piece(text[start:end], shared=True)]
        at = end
    pieces.append(Piece(text[at:], shared=False))
    return [piece for piece in pieces if piece.text]


def found_by_bands(one: str, other: str) -> bool:
    """Whether the two texts would be compared at all."""
    return bool(set(bands(one)) & set(bands(other)))


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text with their stops; for making labelled variants."""
    start = 0
    for place, character in enumerate(text):
        if character in "。；！？\n":
            yield text[start : place + 1]
            start = place + 1
    if start < len(text):
        yield text[start:]
