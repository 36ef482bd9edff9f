"""``manage.py seed_demo``: a demo federation with its people, past honours and three running cycles."""

from __future__ import annotations

import random
import time
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import Organisation
from portal.core.scoping import system_scope
from portal.demo import cycles
from portal.demo.federation import build

SEED = 20261122


class Command(BaseCommand):
    help = "Fills an empty database with the demo federation (the same one every time)."

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope("demo data"):
            if Organisation.objects.exists():
                raise CommandError("There are organisations already; the demo only fills an empty database.")
            call_command("load_codes", stdout=self.stdout)
            with transaction.atomic():  # half a demo is no demo
                self._seed()

    def _seed(self) -> None:
        started, rng, now = time.monotonic(), random.Random(SEED), timezone.now()  # noqa: S311 -- repeatable, not secret
        federation = build(now=now, rng=rng)
        self._say(started, f"组织与人员：{len(federation.units)} 个基层工会")
        programmes = cycles.load_programmes(federation, now.replace(year=2022))
        for code, year, number, entries in (
            ("five-small-top20", now.year - 3, "18", 27),
            ("innovation-star", now.year - 2, "22", 26),
            ("nonpublic-top10", now.year - 2, "31", 14),
            ("nonpublic-top10", now.year - 1, "29", 15),
        ):
            cycles.past(federation, programmes[code], rng, year=year, number=number, entries=entries)
            self._say(started, f"{year} 年 {programmes[code].title}")
        cycles.in_notice(federation, programmes["nonpublic-top10"], rng)
        cycles.reviewing(federation, programmes["innovation-star"], rng)
        cycles.entering(federation, programmes["five-small-top20"], rng)
        self._say(started, "本年度三个届次：征集中、评审中、公示中")

    def _say(self, started: float, text: str) -> None:
        self.stdout.write(f"  {time.monotonic() - started:5.1f}s  {text}")
        self.stdout.flush()
