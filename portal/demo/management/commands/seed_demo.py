"""``manage.py seed_demo``: a federation with its people, in the middle of its year (``portal.demo.year``)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.memory import collect_less_often
from portal.core.scoping import system_scope
from portal.demo import (
    alike,
    challenges,
    contests,
    cycles,
    drill,
    evidence,
    exchange,
    filings,
    green,
    growth,
    joint,
    labels,
    learning,
    letters,
    marking,
    nonpublic,
    projects,
    rosters,
    runs,
    studios,
    team_contests,
    workplans,
    year,
)
from portal.demo.city import SIZES, SMALL, Size
from portal.demo.federation import Federation, build
from portal.lifecycle.programmes.models import Programme

SEED = 20261122
BAR = 24
ANALYZED_EVERY = 3  # steps
PAST = (
    ("five-small-top20", 3, "18", 14),
    ("innovation-star", 2, "22", 12),
    ("nonpublic-top10", 2, "31", 11),
    ("nonpublic-top10", 1, "29", 11),
)
SHORT = (("five-small-top20", 3, "18", 6),)
TOLD = (
    ("nonpublic-top10", cycles.in_notice),
    ("innovation-star", cycles.reviewing),
    ("five-small-top20", cycles.entering),
)


class Command(BaseCommand):
    help = "Fills an empty database with the demo federation (the same one every time)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--scale", choices=sorted(SIZES), default="year")

    def handle(self, *args: Any, scale: str, **options: Any) -> None:
        collect_less_often()
        with system_scope("demo data"):
            if Organisation.objects.exists():
                raise CommandError("There are organisations already; the demo only fills an empty database.")
            call_command("load_codes", stdout=self.stdout)
            with transaction.atomic():  # half a demo is no demo
                self._seed(SIZES[scale])
            sealed = evidence.seal_everything(timezone.now())
            self.stdout.write(f"  证据链：封存{sealed}条审计记录")
            if scale == "city":
                call_command("fill_city", stdout=self.stdout)

    def _seed(self, size: Size) -> None:
        self.started, self.done = time.monotonic(), 0
        rng, now = random.Random(SEED), timezone.now()  # noqa: S311 -- repeatable, not secret
        federation = build(now=now, rng=rng, size=size)
        programmes = cycles.load_programmes(federation, now.replace(year=2020, day=1))
        steps = list(self._parts(size, federation, programmes, rng))
        self.total = 2 + sum(count for count, _part in steps)
        self._say(f"组织与人员：{size}")
        for _count, part in steps:
            for text in part:
                self._say(text)
        if size is not SMALL:
            year.plan_next_year(federation, programmes)
        runs.close_produced_rounds()
        alike.finish_comparisons()
        self._say("下一年度的届次")

    def _parts(
        self, size: Size, federation: Federation, programmes: dict[str, Programme], rng: random.Random
    ) -> Iterator[tuple[int, Iterator[str]]]:
        """Number of steps and the steps, in the order in which they are told."""
        if size is SMALL:  # one past cycle and one that is being recommended: enough to look around
            yield 1, self._honours(SHORT, federation, programmes, rng)
            yield 1, self._told(TOLD[-1:], federation, programmes, rng)
        else:
            years = year.YEARS_OF_HONOURS * len(year.PAST)
            years += (year.YEARS_OF_CALENDAR - year.YEARS_OF_HONOURS) * len(year.OLDER)
            yield years, year.past_years(federation, programmes, rng)
            yield len(PAST), self._honours(PAST, federation, programmes, rng)
            yield len(TOLD), self._told(TOLD, federation, programmes, rng)
            yield 1, letters.letters_of_the_year(federation)
        yield 1, workplans.plan_of_the_year(federation, rng)
        yield 1, filings.filings_of_the_year(federation)
        yield 1, rosters.rosters_of_the_year(federation)  # of the competitions just filed
        yield 1, projects.projects_of_the_year(federation, random.Random(SEED))  # noqa: S311 -- repeatable
        yield 1, green.green_of_the_year(federation)
        yield 1, nonpublic.nonpublic_of_the_year(federation)
        yield 1, challenges.challenges_of_the_year(federation)
        yield 1, labels.labels_of_the_year(federation)
        yield 1, team_contests.team_contests_of_the_year(federation)
        yield 1, contests.contests_of_the_year(federation)
        yield 1, marking.marking_of_the_year(federation)
        yield 1, learning.learning_of_the_year(federation)
        yield 1, growth.growth_of_the_year(federation)
        yield 1, exchange.exchange_of_the_year(federation)
        yield 1, studios.studios_of_the_year(federation)
        if size is not SMALL:
            yield len(programmes) - len(TOLD), year.stage_all(federation, programmes, rng)
            yield 1, joint.joint_programmes(federation)
            yield 1, evidence.proofs(federation)
            yield 1, drill.rehearse(federation, rng)

    def _honours(
        self,
        honours: Sequence[tuple[str, int, str, int]],
        federation: Federation,
        programmes: dict[str, Programme],
        rng: random.Random,
    ) -> Iterator[str]:
        for code, back, number, entries in honours:
            then = local_date(federation.now).year - back
            cycles.past(federation, programmes[code], rng, year=then, number=number, entries=entries)
            yield f"{then} 年 {programmes[code].title}"

    def _told(
        self,
        told: Sequence[tuple[str, Callable[..., object]]],
        federation: Federation,
        programmes: dict[str, Programme],
        rng: random.Random,
    ) -> Iterator[str]:
        for code, scene in told:
            scene(federation, programmes[code], rng)
            yield f"本年度 {programmes[code].title}"

    def _say(self, text: str) -> None:
        """A bar that grows line by line, readable in a terminal and in a log."""
        self.done += 1
        if self.done % ANALYZED_EVERY == 1:
            with connection.cursor() as cursor:  # nobody else does it inside our transaction, and plans would be poor
                # Only our own tables: the catalogues belong to all databases of the server, whose seeds would wait.
                names = map(connection.ops.quote_name, connection.introspection.table_names(cursor))
                cursor.execute(f"ANALYZE {', '.join(names)}")
        filled = round(BAR * self.done / self.total)
        bar = "█" * filled + "░" * (BAR - filled)
        self.stdout.write(f"  {bar} {time.monotonic() - self.started:5.1f}s  {text}")
        self.stdout.flush()
