"""Tables of the green contest."""

from competitions.green.models.dictionary import BenchmarkGroup, CoefficientTable, Indicator
from competitions.green.models.subjects import Baseline, BenchmarkSubject, MonthlyReading
from competitions.green.models.suggestions import AwardProposal, GreenFile, SavingSuggestion

__all__ = [
    "AwardProposal",
    "Baseline",
    "BenchmarkGroup",
    "BenchmarkSubject",
    "CoefficientTable",
    "GreenFile",
    "Indicator",
    "MonthlyReading",
    "SavingSuggestion",
]
