"""Tables of filed competitions."""

from competitions.filings.models.catalogue import CatalogueItem
from competitions.filings.models.filing import CompetitionFiling
from competitions.filings.models.following import (
    CheckDraw,
    CheckPhoto,
    Commendation,
    Complaint,
    ComplaintFile,
    FilingReport,
    ReportFile,
    SpotCheck,
)
from competitions.filings.models.parts import (
    Amendment,
    BudgetLine,
    CoHost,
    CommitteeMember,
    FilingFile,
    FilingIndicator,
    FilingPhase,
    FilingStep,
    Tagging,
)

__all__ = [
    "Amendment",
    "BudgetLine",
    "CatalogueItem",
    "CheckDraw",
    "CheckPhoto",
    "CoHost",
    "Commendation",
    "CommitteeMember",
    "CompetitionFiling",
    "Complaint",
    "ComplaintFile",
    "FilingFile",
    "FilingIndicator",
    "FilingPhase",
    "FilingReport",
    "FilingStep",
    "ReportFile",
    "SpotCheck",
    "Tagging",
]
