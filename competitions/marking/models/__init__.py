"""Tables of marking."""

from competitions.marking.models.marking import (
    Aspect,
    Bench,
    Judge,
    Marking,
    MarkingScheme,
    Seat,
    SubCriterion,
)
from competitions.marking.models.marks import BenchTotal, Mark, PaperEntry

__all__ = [
    "Aspect",
    "Bench",
    "BenchTotal",
    "Judge",
    "Mark",
    "Marking",
    "MarkingScheme",
    "PaperEntry",
    "Seat",
    "SubCriterion",
]
