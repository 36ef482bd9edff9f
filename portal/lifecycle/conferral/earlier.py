"""Honours of a person that no entry of the portal led to: those of earlier years and of other authorities.

Whoever keeps the register answers; this package asks nobody by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EarlierHonour:
    conferred_on: dt.date
    honour: str
    recipient: str
    unit: str


# (keyed number of a citizen, path of the federation) → honours that stand, in any order
Register = Callable[[str, str], Iterable[EarlierHonour]]
_registers: list[Register] = []


def register_earlier(answer: Register) -> None:
    if answer not in _registers:
        _registers.append(answer)


def earlier_honours(person_index: str, root_path: str) -> list[EarlierHonour]:
    """Of one person in one federation; nobody for an empty fingerprint."""
    if not person_index:
        return []
    return [found for answer in _registers for found in answer(person_index, root_path)]
