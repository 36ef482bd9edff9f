"""What goes with a worker's file when personal data has to go. Rooms add what they keep of a person under the same unit.

``competitions/growing.py`` registers the erasers of the other rooms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from competitions.growth.models import WorkerFile

# ``erase(file)`` deletes what the file's unit entered of its person and returns how much; the caller has the transaction.
Eraser = Callable[["WorkerFile"], int]
_erasers: dict[str, Eraser] = {}


def register_eraser(label: str, erase: Eraser) -> None:
    """``label`` names the kind of record in the log. Raises ValueError when it is taken."""
    if label in _erasers:
        raise ValueError(f"eraser {label} is registered twice")
    _erasers[label] = erase


def erase_all(file: WorkerFile) -> dict[str, int]:
    """Kind of record → how many went; kinds of which there was none are left out."""
    counts = {label: erase(file) for label, erase in sorted(_erasers.items())}
    return {label: count for label, count in counts.items() if count}
