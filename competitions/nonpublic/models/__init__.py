"""What the room stores."""

from competitions.nonpublic.models.coverage import CoverageRow, CoverageSnapshot, Reminder
from competitions.nonpublic.models.guidance import GuidanceTemplate
from competitions.nonpublic.models.policy import AnswerFile, PolicyPaper, SelfAnswer, SelfAssessment
from competitions.nonpublic.models.pool import Cultivated, CultivationStep
from competitions.nonpublic.models.records import BenefitRecord, EngagementRecord
from competitions.nonpublic.models.weak import SupportStep, WeakUnit

__all__ = [
    "AnswerFile",
    "BenefitRecord",
    "CoverageRow",
    "CoverageSnapshot",
    "Cultivated",
    "CultivationStep",
    "EngagementRecord",
    "GuidanceTemplate",
    "PolicyPaper",
    "Reminder",
    "SelfAnswer",
    "SelfAssessment",
    "SupportStep",
    "WeakUnit",
]
