"""What the room stores."""

from competitions.challenges.models.challenges import Challenge, Claim, ClaimMilestone, ClaimProgress
from competitions.challenges.models.problems import Problem

__all__ = ["Challenge", "Claim", "ClaimMilestone", "ClaimProgress", "Problem"]
