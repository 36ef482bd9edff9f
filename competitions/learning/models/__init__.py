"""What the room stores."""

from competitions.learning.models.completions import Completion, CompletionImport
from competitions.learning.models.resources import TrainingResource

__all__ = ["Completion", "CompletionImport", "TrainingResource"]
