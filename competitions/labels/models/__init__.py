"""Models of the room."""

from competitions.labels.models.contests import (
    TeamContest,
    TeamContestant,
    TeamContestItem,
    TeamContestTemplate,
    TeamScore,
)
from competitions.labels.models.ratings import Rating, RatingPoint
from competitions.labels.models.rechecks import Recheck, RecheckCampaign, RecheckFile, RecheckStep
from competitions.labels.models.teams import LabelImport, LabelRemoval, TeamLabel, WorkTeam

__all__ = [
    "LabelImport",
    "LabelRemoval",
    "Rating",
    "RatingPoint",
    "Recheck",
    "RecheckCampaign",
    "RecheckFile",
    "RecheckStep",
    "TeamContest",
    "TeamContestItem",
    "TeamContestTemplate",
    "TeamContestant",
    "TeamLabel",
    "TeamScore",
    "WorkTeam",
]
