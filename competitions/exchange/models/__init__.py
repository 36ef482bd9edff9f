"""What the room stores."""

from competitions.exchange.models.cases import CaseFile, ExchangeCase, ShareReminder
from competitions.exchange.models.duties import CaseFollow, CaseNotice, CaseSubscription, ShareDuty
from competitions.exchange.models.events import EventRegistration, ExchangeEvent, OpenDay, VisitBooking

__all__ = [
    "CaseFile",
    "CaseFollow",
    "CaseNotice",
    "CaseSubscription",
    "EventRegistration",
    "ExchangeCase",
    "ExchangeEvent",
    "OpenDay",
    "ShareDuty",
    "ShareReminder",
    "VisitBooking",
]
