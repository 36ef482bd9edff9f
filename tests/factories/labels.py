"""Teams with labels, and rating points, as they stand in the register."""

from __future__ import annotations

import datetime as dt
import itertools

from competitions.labels.enums import LEVEL_OF_UNION, Dimension
from competitions.labels.figures import Scores
from competitions.labels.models import RatingPoint, TeamLabel, WorkTeam
from portal.accounts.models import Employer, Organisation

_numbers = itertools.count(1)


def make_team(employer: Employer, name: str = "", **facts: object) -> WorkTeam:
    name = name or f"班组{next(_numbers)}"
    return WorkTeam.objects.create(organisation=employer.organisation, employer=employer, name=name, **facts)


def make_label(team: WorkTeam, giver: Organisation, *, kind: str = "learning", given_on: dt.date, **facts) -> TeamLabel:
    return TeamLabel.objects.create(
        team=team, given_by=giver, level=LEVEL_OF_UNION[giver.level], kind=kind, given_on=given_on,
        **({"basis_number": f"津工〔{given_on.year}〕{next(_numbers)}号"} | facts),
    )  # fmt: skip


def make_point(team: WorkTeam, token: str = "") -> RatingPoint:
    now = dt.datetime(2026, 1, 5, 2, tzinfo=dt.UTC)
    return RatingPoint.objects.create(
        team=team, token=token or f"token-{next(_numbers)}", service="困难帮扶", opened_at=now
    )


def marks(value: int = 5, **changes: int) -> dict[str, int]:
    return dict.fromkeys(Dimension.values, value) | changes


def scores(count: int, value: int) -> Scores:
    return Scores(count, dict.fromkeys(Dimension.values, count * value))
