"""What the room stores."""

from competitions.learning.models.completions import Completion, CompletionImport
from competitions.learning.models.doors import LearningDoor, PointsProof, QuizAttempt
from competitions.learning.models.resources import QuizQuestion, TrainingResource
from competitions.learning.models.training import ContestTraining

__all__ = [
    "Completion",
    "CompletionImport",
    "ContestTraining",
    "LearningDoor",
    "PointsProof",
    "QuizAttempt",
    "QuizQuestion",
    "TrainingResource",
]
