"""``simulate_programme FILE…``: programmes from the first draft to their end, in transactions that are rolled back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts.models import Code
from portal.core.errors import DomainError
from portal.core.logs import quiet
from portal.core.scoping import system_scope
from portal.demo.desk import PageProblem
from portal.demo.walk import ENTRIES, Outcome, simulate


class Command(BaseCommand):
    help = "Walks entries of programme files through their whole lifecycle by the real pages, and rolls back."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("files", nargs="+")
        parser.add_argument("--entries", type=int, default=ENTRIES)

    def handle(self, *args: Any, files: list[str], entries: int, **options: Any) -> None:
        settings.ALLOW_UNASSIGNED_ID_AREA = True  # the invented people's ID numbers belong to nobody
        settings.ALLOWED_HOSTS = ["*"]
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        with quiet():
            stopped = sum(not self._says(Path(file), entries) for file in files)
        if stopped:
            raise CommandError(f"{stopped} 个项目没有走完。")

    def _says(self, path: Path, entries: int) -> bool:
        """One programme's line; False when it stopped."""
        try:
            outcome = self._walk(path, entries)
        except (PageProblem, DomainError, ValueError) as problem:
            self.stdout.write(self.style.ERROR(f"✗ {path.stem}　{problem}"))
            return False
        else:
            self.stdout.write(self.style.SUCCESS(f"✓ {path.stem}　{outcome.line}"))
            return True
        finally:
            self.stdout.flush()

    def _walk(self, path: Path, entries: int) -> Outcome:
        with transaction.atomic():
            with system_scope("code lists for the simulation"):
                if not Code.objects.exists():
                    call_command("load_codes", verbosity=0, stdout=io.StringIO())
            try:
                return simulate(path.read_text(encoding="utf-8"), entries=entries)
            finally:
                transaction.set_rollback(True)
