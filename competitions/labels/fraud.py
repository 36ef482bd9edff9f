"""Bursts: more acts in a short while than people make by themselves. Pure."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

WINDOW = dt.timedelta(minutes=10)
MOST_OF_NETWORK = 8  # a hall's guests share one network, but do not all leave within ten minutes
MOST_OF_POINT = 40  # one window serves a guest in a quarter of a minute at the very most


def bursts(moments: Sequence[dt.datetime], most: int, window: dt.timedelta = WINDOW) -> set[int]:
    """Positions in ``moments`` (ascending) that lie in some ``window`` with more than ``most`` acts.

    A window is closed at both ends. Raises ValueError when the moments are not in order.
    """
    if any(later < earlier for earlier, later in itertools.pairwise(moments)):
        raise ValueError("moments must ascend")
    found: set[int] = set()
    start = 0
    for end, moment in enumerate(moments):
        while moment - moments[start] > window:
            start += 1
        if end - start + 1 > most:
            found.update(range(start, end + 1))
    return found
