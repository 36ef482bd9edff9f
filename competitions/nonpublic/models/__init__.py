"""What the room stores."""

from competitions.nonpublic.models.coverage import CoverageRow, CoverageSnapshot, Reminder
from competitions.nonpublic.models.pool import Cultivated, CultivationStep
from competitions.nonpublic.models.records import BenefitRecord, EngagementRecord

__all__ = [
    "BenefitRecord",
    "CoverageRow",
    "CoverageSnapshot",
    "Cultivated",
    "CultivationStep",
    "EngagementRecord",
    "Reminder",
]
