"""The register of contests, as marking uses it: its drawn contests, their places, and the way back for the totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.contests.domain import marks as contest_marks
from competitions.contests.enums import CompetitorState, ContestState, PartKind
from competitions.contests.mark_sources import MarkSource, register_mark_source
from competitions.contests.models import Contest, ContestPart, SessionPlace
from competitions.marking.contests import REGISTER, Candidate, Entrant, Register
from competitions.marking.models import Marking
from portal.core.context import Actor
from portal.core.errors import Conflict

SOURCE = "marking"
MARKED_IN = (ContestState.QUALIFIED, ContestState.DRAWN, ContestState.RUNNING)


def candidates(actor: Actor) -> Iterator[Candidate]:
    """Contests of the acting union with a practical part, from the day the field is known: schemes are made before the draw."""
    rows = Contest.objects.filter(
        owner__path=actor.path, state__in=MARKED_IN, parts__kind=PartKind.PRACTICAL
    ).distinct()
    return (Candidate(row.pk, row.name) for row in rows.order_by("planned_on", "pk"))


def competitors(contest: int) -> Iterator[Entrant]:
    """Places of the practical part: ``07``, or ``2-07`` in the second of several sessions."""
    rows = SessionPlace.objects.filter(
        part__contest=contest, part__kind=PartKind.PRACTICAL, competitor__state=CompetitorState.QUALIFIED
    )
    places = list(
        rows.select_related("competitor__delegation__organisation", "session").order_by("session__starts_at", "bench")
    )
    sessions = list(dict.fromkeys(place.session_id for place in places))
    for order, place in enumerate(places, 1):
        number = sessions.index(place.session_id) + 1
        code = f"{place.bench:02d}" if len(sessions) == 1 else f"{number}-{place.bench:02d}"
        person = place.competitor
        yield Entrant(person.pk, person.name, person.delegation.organisation, code, place.session.title, order)


def hand_over(actor: Actor, contest: int, marks: Mapping[int, Decimal], now: dt.datetime) -> None:
    """The totals as marks of the practical part; a second person confirms them there, as always."""
    part = ContestPart.objects.filter(contest=contest, kind=PartKind.PRACTICAL).first()
    if part is None:
        raise Conflict(_t("赛项没有实操部分，成绩没有移交。"))
    contest_marks.hand_over(actor=actor, part=part, source=SOURCE, marks=marks, now=now)


def page_of(contest: int) -> str:
    """The marking of the contest, where the desk sees it."""
    found = Marking.objects.filter(contest=contest).first()
    return found.get_absolute_url() if found else ""


register_mark_source(MarkSource(SOURCE, _("按评分方案现场评分"), link=page_of))
REGISTER.append(Register(candidates, competitors, hand_over))
