"""班组竞赛 of four units: points of the last days, one contest closed, one kept as a template; names are made up."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal

from competitions.labels import queries
from competitions.labels.domain import contests
from competitions.labels.models import TeamContest, WorkTeam
from competitions.labels.points import period_of, templates
from portal.core.dates import local_date
from portal.demo.federation import Federation, Unit
from portal.demo.words import person

CODES = ("mini-indicators", "safety-points", "service-stars", "skills-weekly")
TEAMS = "甲班\n乙班\n丙班\n丁班"
PERIODS = 6


def team_contests_of_the_year(federation: Federation) -> Iterator[str]:
    """By the functions people use; the second contest is over."""
    rng = random.Random("team contests")  # noqa: S311 -- repeatable
    for number, unit in enumerate(federation.units[: len(CODES)]):
        contest = _contest(federation, unit, number, rng)
        if number == 1:
            contests.close(
                actor=unit.filer, contest=contest, now=federation.now,
                summary="隐患整改率提高，违章次数下降。前三名发给流动红旗和奖品，做法在班前会上介绍。",
            )  # fmt: skip
    yield "班组竞赛"


def _contest(federation: Federation, unit: Unit, number: int, rng: random.Random) -> TeamContest:
    template, today, now = templates()[CODES[number]], local_date(federation.now), federation.now
    length = 7 * PERIODS if template.rhythm == "week" else 30
    facts = {
        "title": f"{today.year}年{template.title}", "rhythm": template.rhythm, "among": template.among,
        "words": template.words, "starts_on": today - dt.timedelta(days=length),
        "ends_on": today + dt.timedelta(days=0 if number == 1 else 30),
    }  # fmt: skip
    contest = contests.start(
        actor=unit.filer,
        organisation=unit.organisation,
        facts=facts,
        items=contests.items_text(template.items),
        now=now,
    )
    teams = list(WorkTeam.objects.filter(organisation=unit.organisation)[:2]) if template.among == "teams" else []
    names = TEAMS if template.among == "teams" else "\n".join(dict.fromkeys(person(rng) for _n in range(7)))
    people = contests.add_contestants(actor=unit.filer, contest=contest, names=names, teams=teams, now=now)
    items = queries.items_of(contest)
    for back in range(PERIODS):
        day = max(today - dt.timedelta(days=back * (7 if template.rhythm == "week" else 1)), facts["starts_on"])
        values: dict[tuple[int, int], Decimal | None] = {
            (c.pk, i.pk): Decimal(rng.randrange(0, 3) if i.points < 0 else rng.randrange(2, 40) if i.points < 1
                                  else rng.randrange(1, 8))
            for c in people for i in items
        }  # fmt: skip
        contests.enter_scores(
            actor=unit.filer, contest=contest, day=max(period_of(day, template.rhythm), facts["starts_on"]),
            values=values, now=now,
        )  # fmt: skip
    owner = unit.organisation.parent
    if number == 0 and owner.pk in federation.checkers:
        contests.save_template(actor=federation.checkers[owner.pk], contest=contest, owner=owner, now=now)
    return contest
