"""``manage.py fill_city``: fills the open call with as many entries as the real city has, for measuring."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from portal.accounts.models import Organisation
from portal.core.scoping import system_scope
from portal.core.text import normalise_title
from portal.demo.words import work_title
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry

ENTRIES, CHUNK = 50_000, 2_000
STATES = (EntryState.SUBMITTED, EntryState.SUBMITTED, EntryState.DRAFT)


class Command(BaseCommand):
    help = "Copies a submitted entry of the demo into an open call, under other titles and units."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--entries", type=int, default=ENTRIES)

    def handle(self, *args: Any, entries: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only in the demo.")
        with system_scope("entries of a whole city"):
            model = Entry.objects.filter(cycle__programme__code="five-small-top20", state=EntryState.SUBMITTED).last()
            if model is None:
                raise CommandError("No entry to copy: run seed_demo first.")
            units = list(Organisation.objects.filter(code__startswith="JC").select_related("parent"))
            rng, now = random.Random(model.pk), timezone.now()  # noqa: S311 -- repeatable, not secret
            for first in range(0, entries, CHUNK):
                rows = [_copy(model, first + n, rng, units, now) for n in range(min(CHUNK, entries - first))]
                Entry.objects.bulk_create(rows)
                self.stdout.write(f"  {first + len(rows):,} / {entries:,}")
                self.stdout.flush()
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")


def _copy(model: Entry, number: int, rng: random.Random, units: list[Organisation], now: dt.datetime) -> Entry:
    unit, state = rng.choice(units), rng.choice(STATES)
    title, sent = f"{work_title(rng)}{number}", state != EntryState.DRAFT
    return Entry(
        code=f"C{number:07d}",
        cycle_id=model.cycle_id,
        track_id=model.track_id,
        organisation=unit,
        title=title,
        title_key=normalise_title(title),
        answers=model.answers,
        state=state,
        route=model.route,
        route_path=unit.parent.path if sent else "",
        at_organisation=unit.parent if sent else None,
        at_level=unit.parent.level if sent else "",
        created_by_id=model.created_by_id,
        submitted_at=now - dt.timedelta(minutes=number) if sent else None,
    )
