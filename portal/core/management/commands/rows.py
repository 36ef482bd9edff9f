"""``manage.py rows``: which rows of the plan's list (tests/rows.tsv) are proven, and by which tests."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Prints the rows of the plan's list that tests prove."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--missing", action="store_true", help="print the rows without a test instead")

    def handle(self, *args: Any, missing: bool, **options: Any) -> None:
        titles = _titles(settings.BASE_DIR / "tests" / "rows.tsv")
        proofs = _proofs()
        if unknown := sorted(set(proofs) - set(titles)):
            raise CommandError(f"Tests name rows that do not exist: {unknown}")
        for number, (phrase, section) in titles.items():
            tests = proofs.get(number, [])
            if bool(tests) == missing:
                continue
            self.stdout.write(f"{number:>4}  {phrase}（{section}）")
            for test in tests:
                self.stdout.write(f"        {test}")
        self.stdout.write(f"\n{len(proofs)} of {len(titles)} rows are proven.")


def _titles(path: Path) -> dict[int, tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            int(row["no"]): (row["phrase"], row["section"])
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        }


def _proofs() -> dict[int, list[str]]:
    """Row number → tests, from pytest's own collection."""
    with tempfile.NamedTemporaryFile("r", suffix=".json", encoding="utf-8") as answer:
        result = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-p",
                "tests.rows_plugin",
                "--collect-only",
                "-q",
                "-p",
                "no:cacheprovider",
            ],
            cwd=settings.BASE_DIR,
            env=os.environ | {"PORTAL_ROWS_FILE": answer.name, "DJANGO_SETTINGS_MODULE": "portal.settings.test"},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise CommandError(result.stdout[-3000:] + result.stderr[-1000:])
        return {
            int(number): tests for number, tests in sorted(json.load(answer).items(), key=lambda pair: int(pair[0]))
        }
