"""Drawing lots. Pure: the same seed and the same entries give the same order for ever, on every machine.

The lot of an entry is SHA-256(seed + code); the entries stand in ascending order of their lots. Anybody can repeat the
draw from the recorded seed, and nobody can choose a seed that favours an entry without trying: it comes from ``secrets``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def lot(seed: str, code: str) -> str:
    """The lot of one entry."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def draw_order(seed: str, codes: Iterable[str]) -> list[str]:
    """The codes in the order of their lots; the order in which they are given does not matter."""
    return sorted(set(codes), key=lambda code: (lot(seed, code), code))
