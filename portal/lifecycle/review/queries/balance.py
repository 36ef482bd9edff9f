"""Raw and balanced figures of a whole stage side by side (information; ranking goes by the raw rule)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.accounts.models import User
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.balancing import Severity, balance
from portal.lifecycle.review.discussion.models import Discussion
from portal.lifecycle.review.results import load_marks

if TYPE_CHECKING:
    from portal.lifecycle.programmes.models import CycleStage


@dataclass(frozen=True)
class BalanceLine:
    """One entry: published total, balanced figure, both ranks (equal figures share one), what stands out."""

    total: Decimal | None
    balanced: Decimal | None
    rank: int | None
    balanced_rank: int | None
    outliers: int
    discussed: bool

    @property
    def shift(self) -> int | None:
        """Places won (above 0) or lost by balancing."""
        if self.rank is None or self.balanced_rank is None:
            return None
        return self.rank - self.balanced_rank


@dataclass(frozen=True)
class StageBalance:
    lines: Mapping[int, BalanceLine]
    experts: tuple[tuple[str, Severity], ...]  # (name, figures), the most severe first


def stage_balance(stage: CycleStage) -> StageBalance:
    """All marks of the stage, balanced (five queries, however many entries)."""
    params, marks = params_of(stage), load_marks(stage)
    scores = {pk: marks.score(pk) for pk in marks.experts if marks.marks[pk]}
    totals = {
        (expert.expert, str(pk)): expert.value
        for pk, score in scores.items()
        for expert in score.experts
        if expert.value is not None
    }
    found = balance(totals, full=params.total_weight, places=params.decimals)
    raw = {pk: score.total for pk, score in scores.items() if score.total is not None}
    even = {pk: found.entries[str(pk)] for pk in raw if str(pk) in found.entries}
    ranks, even_ranks = _ranks(raw), _ranks(even)
    discussed = set(Discussion.objects.filter(stage=stage, settled_at=None).values_list("entry_id", flat=True))
    names = dict(User.objects.filter(pk__in=[int(e.expert) for e in found.experts]).values_list("pk", "name"))
    experts = sorted(found.experts, key=lambda e: (e.lean is None, e.lean or 0, e.expert))
    return StageBalance(
        lines={
            pk: BalanceLine(
                raw.get(pk), even.get(pk), ranks.get(pk), even_ranks.get(pk), len(score.outliers), pk in discussed
            )
            for pk, score in scores.items()
        },
        experts=tuple((names.get(int(e.expert), e.expert), e) for e in experts),
    )


def _ranks(values: Mapping[int, Decimal]) -> dict[int, int]:
    """Competition ranks, highest first."""
    first: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(values.values(), reverse=True), 1):
        first.setdefault(value, place)
    return {pk: first[value] for pk, value in values.items()}
