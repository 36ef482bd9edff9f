"""``manage.py bench``: the main pages at 1,000, 10,000 and 50,000 entries, as ratios to a bare Django view."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from portal.core.logs import quiet
from portal.core.scoping import system_scope
from portal.demo import selection_bench
from portal.demo.benchmark import Bench, Figures, measure

SIZES = (1_000, 10_000, 50_000)


class Command(BaseCommand):
    help = "Measures pages inside a transaction that is rolled back."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))

    def handle(self, *args: Any, sizes: list[int], **options: Any) -> None:
        settings.DEBUG = False  # as in production; static files need not be collected for it
        settings.ALLOWED_HOSTS = ["*"]
        settings.ALLOW_UNASSIGNED_ID_AREA = True  # the demo people's ID numbers belong to nobody
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("load_codes", verbosity=0, stdout=self.stdout)
        self._line("page", "entries", "per second", "p50 ms", "p99 ms", "queries", "to bare", "to first size")
        with quiet(), transaction.atomic():
            self._run(sorted(sizes))
            transaction.set_rollback(True)
        self._selection()

    def _selection(self) -> None:
        """Lists under eight shares and two caps, by both programs."""
        self._line("selection", "entries", "solver s", "search s", "agree", "", "", "")
        for size in selection_bench.SIZES:
            times = selection_bench.measure_selection(size)
            figures = f"{times.solver:.2f}", f"{times.search:.2f}", "yes" if times.agree else "NO"
            self._line(f"{selection_bench.PLACES} places", f"{size:,}", *figures, "", "", "")

    def _run(self, sizes: list[int]) -> None:
        with system_scope("benchmark"):
            bench = Bench(now=timezone.now())
        first: dict[str, Figures] = {}
        for size in sizes:
            with system_scope("benchmark"):
                bench.grow(size)
                pages = list(bench.pages())
                bare = measure(pages[0][1])
            self._row(pages[0][0], size, bare, bare, first)
            for name, page in pages[1:]:
                self._row(name, size, measure(page), bare, first)

    def _row(self, name: str, size: int, figures: Figures, bare: Figures, first: dict[str, Figures]) -> None:
        start = first.setdefault(name, figures)
        self._line(
            name, f"{size:,}", f"{figures.per_second:.0f}", f"{figures.median * 1000:.1f}", f"{figures.slowest * 1000:.1f}",
            str(figures.queries), f"{figures.median / bare.median:.1f}×", f"{figures.median / start.median:.2f}×",
        )  # fmt: skip

    def _line(self, *cells: str) -> None:
        widths = (18, 9, 11, 9, 9, 8, 9, 14)
        self.stdout.write(
            "".join(
                cell.ljust(w) if i == 0 else cell.rjust(w)
                for i, (cell, w) in enumerate(zip(cells, widths, strict=True))
            )
        )
        self.stdout.flush()
