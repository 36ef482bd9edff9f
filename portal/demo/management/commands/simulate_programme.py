"""``programmes simulate FILE``: one programme from the first draft to the register, in a transaction that is rolled back."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from portal.accounts.models import Code
from portal.core.scoping import system_scope
from portal.demo import cycles
from portal.demo.federation import build
from portal.lifecycle.blueprints.loader import definition_from_toml
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.domain import load_blueprint


class Command(BaseCommand):
    help = "Walks entries of one programme file through its whole lifecycle, on invented units, and rolls back."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file")
        parser.add_argument("--entries", type=int, default=14)

    def handle(self, *args: Any, file: str, entries: int, **options: Any) -> None:
        settings.ALLOW_UNASSIGNED_ID_AREA = True  # the invented people's ID numbers belong to nobody
        with system_scope("simulation"), transaction.atomic():
            states = self._walk(file, entries)
            transaction.set_rollback(True)
        line = "、".join(f"{EntryState(state).label} {count}" for state, count in sorted(states.items()))
        self.stdout.write(f"{file}：{line}")
        if not states[EntryState.CONFERRED]:
            raise CommandError("没有一件走到命名。")

    def _walk(self, file: str, entries: int) -> Counter[str]:
        now, rng = timezone.now(), random.Random(1)  # noqa: S311 -- repeatable, not secret
        if not Code.objects.exists():
            call_command("load_codes", stdout=self.stdout)
        federation = build(now=now, rng=rng)
        with open(file, encoding="utf-8") as source:  # noqa: PTH123 -- a path from the command line
            definition = definition_from_toml(source.read())
        loaded = load_blueprint(
            definition=definition,
            owner=federation.municipal,
            actor=federation.manager,
            now=now.replace(year=now.year - 3),
        )
        cycles.past(federation, loaded.programme, rng, year=now.year - 1, number="1", entries=entries)
        return Counter(Entry.objects.filter(cycle__programme=loaded.programme).values_list("state", flat=True))
