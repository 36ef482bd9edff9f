"""Models of the room."""

from innovations.studios.models.checks import CheckFile, StudioRemoval, StudioRequest, YearCheck
from innovations.studios.models.records import Activity, Growth, MoneyLine, Result, Topic
from innovations.studios.models.studios import Alliance, AllianceMember, Studio, StudioEvent, StudioMember

__all__ = [
    "Activity",
    "Alliance",
    "AllianceMember",
    "CheckFile",
    "Growth",
    "MoneyLine",
    "Result",
    "Studio",
    "StudioEvent",
    "StudioMember",
    "StudioRemoval",
    "StudioRequest",
    "Topic",
    "YearCheck",
]
