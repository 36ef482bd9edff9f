"""Pairs of experts and entries that something stands against, each in one of four states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.conflict_models import ConflictRuling, RulingKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry
    from portal.lifecycle.review.models import PanelMember
    from portal.lifecycle.review.queries.conflicts import PanelCase

FOUND, DECLARED, CLEARED, PINNED = "found", "declared", "cleared", "pinned"
STATES = {FOUND: _("系统发现"), DECLARED: _("专家声明"), CLEARED: _("已核实解除"), PINNED: _("固定回避")}
TONES = {FOUND: "waiting", DECLARED: "waiting", CLEARED: "ok", PINNED: "stopped"}


@dataclass(frozen=True)
class ConflictPair:
    """``ruling`` may still wait for a second person; until then the pair is excluded as before."""

    entry: Entry
    member: PanelMember
    state: str
    why: str
    ruling: ConflictRuling | None
    stepped_back: bool

    @property
    def label(self) -> object:
        return STATES[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def waits(self) -> bool:
        return self.ruling is not None and not self.ruling.counts


def conflict_pairs(case: PanelCase) -> list[ConflictPair]:
    """All pairs of the case with something against them, or that were cleared of it; no further query."""
    experts = {e.code: e for e in case.experts}
    found = []
    for entry in case.to_review:
        for key, member in case.members.items():
            pair = (key, entry.code)
            ruling, stepped_back = case.rulings.get(pair), pair in case.recused
            why = case.found(entry, experts[key])
            if not (ruling or stepped_back or why):
                continue
            state = _state(case, pair, ruling)
            text = why or ("专家本人申请回避" if stepped_back else "")
            found.append(ConflictPair(case.entries[entry.code], member, state, text, ruling, stepped_back))
    return found


def _state(case: PanelCase, pair: tuple[str, str], ruling: ConflictRuling | None) -> str:
    if ruling is not None and ruling.counts:
        return PINNED if ruling.kind == RulingKind.PINNED else CLEARED
    return DECLARED if pair in case.declared or pair in case.recused else FOUND


def rulings(*, actor: Actor) -> QuerySet[ConflictRuling]:
    """Rulings of this desk's federation."""
    rows = ConflictRuling.objects.filter(owner__path=actor.path)
    return rows.select_related("entry__cycle__owner", "expert", "ruled_by")
