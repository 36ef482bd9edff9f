"""Gives marking what it asks of a register of contests, and takes its totals: the practical part, confirmed as always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from competitions.contests import queries
from competitions.contests.domain.marks import hand_over
from competitions.contests.enums import ContestState, PartKind
from competitions.contests.mark_sources import MarkSource, register_mark_source
from competitions.marking.contests import REGISTER, Candidate, Entrant, Register

if TYPE_CHECKING:
    from portal.core.context import Actor

SOURCE = MarkSource("marking", _("按评分方案现场评分"))
MARKED_IN = (ContestState.QUALIFIED, ContestState.DRAWN, ContestState.RUNNING)


def candidates(actor: Actor) -> Iterable[Candidate]:
    """The union's contests that have not been marked."""
    rows = queries.contests().filter(owner__path=actor.path, state__in=MARKED_IN, parts__kind=PartKind.PRACTICAL)
    return [Candidate(row.pk, row.name) for row in rows]


def entrants(contest: int) -> Iterable[Entrant]:
    """Everybody with a bench in the practical part, in the order of sessions and benches; judges meet codes only."""
    rows = queries.places(contest, PartKind.PRACTICAL)
    return [
        Entrant(
            place.competitor_id, place.competitor.name, place.competitor.delegation.organisation,
            place.competitor.code, place.session.title, number,
        )
        for number, place in enumerate(rows, 1)
    ]  # fmt: skip


def take(actor: Actor, contest: int, marks: Mapping[int, Decimal], now: dt.datetime) -> None:
    """Totals of marking become the marks of the practical part; another person confirms them here."""
    part = queries.parts().filter(contest=contest, kind=PartKind.PRACTICAL).first()
    if part is not None:
        hand_over(actor=actor, part=part, source=SOURCE.code, marks=marks, now=now)


register_mark_source(SOURCE)
REGISTER.append(Register(candidates, entrants, take))
