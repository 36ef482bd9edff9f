"""Gathers the rooms' models."""

from competitions.projects.models import (
    CareVisit,
    KeyProject,
    Milestone,
    Participant,
    Period,
    ProjectFile,
    Scorecard,
    ScorecardDefinition,
    Ticket,
    TicketEvent,
    Visit,
)

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
