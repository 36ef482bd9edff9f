"""What the room stores."""

from competitions.exchange.models.cases import CaseFile, ExchangeCase, ShareReminder
from competitions.exchange.models.events import EventRegistration, ExchangeEvent, OpenDay, VisitBooking

__all__ = [
    "CaseFile",
    "EventRegistration",
    "ExchangeCase",
    "ExchangeEvent",
    "OpenDay",
    "ShareReminder",
    "VisitBooking",
]
