"""Gathers the rooms' models."""

from innovations.studios.models import (
    Activity,
    Alliance,
    AllianceMember,
    CheckFile,
    Growth,
    MoneyLine,
    Result,
    Studio,
    StudioEvent,
    StudioMember,
    StudioRemoval,
    StudioRequest,
    Topic,
    YearCheck,
)

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
