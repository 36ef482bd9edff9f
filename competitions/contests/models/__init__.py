"""Tables of the skill contests."""

from competitions.contests.models.brand import MediaReport
from competitions.contests.models.contest import (
    Contest,
    ContestFile,
    ContestImport,
    ContestPart,
    ContestSession,
    Trade,
    YearPlan,
)
from competitions.contests.models.people import (
    Competitor,
    ContestAppeal,
    ContestResult,
    Delegation,
    HonourCandidate,
    PartMark,
    Promotion,
    SessionPlace,
)

__all__ = [
    "Competitor",
    "Contest",
    "ContestAppeal",
    "ContestFile",
    "ContestImport",
    "ContestPart",
    "ContestResult",
    "ContestSession",
    "Delegation",
    "HonourCandidate",
    "MediaReport",
    "PartMark",
    "Promotion",
    "SessionPlace",
    "Trade",
    "YearPlan",
]
