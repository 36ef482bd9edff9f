"""Who gets a place at an event. Pure; no database."""

from __future__ import annotations

from collections.abc import Sequence


def fits(capacity: int, taken: int, wanted: int) -> bool:
    """``wanted`` more people find room."""
    return taken + wanted <= capacity


def promoted(capacity: int, taken: int, waiting: Sequence[tuple[int, int]]) -> list[int]:
    """Keys of those who move up from the waiting list, in its order; ``waiting`` holds (key, people).

    A group too large for what is left is passed over and keeps its place in the line.
    """
    found = []
    for key, people in waiting:
        if fits(capacity, taken, people):
            taken += people
            found.append(key)
    return found
