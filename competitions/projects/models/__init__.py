"""Tables of the key projects."""

from competitions.projects.models.field import CareVisit, ProjectFile, Ticket, TicketEvent, Visit
from competitions.projects.models.project import KeyProject, Milestone, Participant, Period
from competitions.projects.models.scorecards import Scorecard, ScorecardDefinition

__all__ = [
    "CareVisit",
    "KeyProject",
    "Milestone",
    "Participant",
    "Period",
    "ProjectFile",
    "Scorecard",
    "ScorecardDefinition",
    "Ticket",
    "TicketEvent",
    "Visit",
]
