"""Gathers the room's models."""

from competitions.rosters.models.consent import Consent, ConsentBatch, ConsentText
from competitions.rosters.models.people import Participation, Roster, RosterTeam, Worker
from competitions.rosters.models.work import CountSnapshot, RosterImport

__all__ = [
    "Consent",
    "ConsentBatch",
    "ConsentText",
    "CountSnapshot",
    "Participation",
    "Roster",
    "RosterImport",
    "RosterTeam",
    "Worker",
]
