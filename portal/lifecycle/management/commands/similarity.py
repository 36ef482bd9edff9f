"""``manage.py similarity evaluate | rebuild``: how good the comparison is, and comparing what was submitted before it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.core.context import system_actor
from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.similarity.domain import compare_entry
from portal.lifecycle.similarity.evaluation import FLAGS, labelled_pairs, quality


class Command(BaseCommand):
    help = (
        "Measures the comparison of entries on labelled texts (evaluate), or compares all submitted entries (rebuild)."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("action", choices=["evaluate", "rebuild"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "evaluate":
            self.evaluate()
        else:
            self.rebuild()

    def evaluate(self) -> None:
        pairs = labelled_pairs()
        copies = sum(pair.is_copy for pair in pairs)
        self.stdout.write(f"{len(pairs)} pairs of labelled texts, {copies} of them copies")
        self.stdout.write("flag   shown  copies among them  precision  recall")
        for flag in FLAGS:
            q = quality(pairs, flag)
            self.stdout.write(f"{q.flag:>3}%  {q.shown:>6}  {q.right:>17}  {q.precision:>9.2f}  {q.recall:>6.2f}")
        missed = [f"{p.one} / {p.other} ({p.percent}%)" for p in pairs if p.is_copy and p.percent < 30]
        wrong = [f"{p.one} / {p.other} ({p.percent}%)" for p in pairs if not p.is_copy and p.percent >= 30]
        self.stdout.write(f"missed at 30%: {', '.join(missed) or 'none'}")
        self.stdout.write(f"shown wrongly at 30%: {', '.join(wrong) or 'none'}")

    def rebuild(self) -> None:
        found = 0
        with system_scope("comparing what was submitted before"):
            rows = Entry.objects.exclude(state=EntryState.DRAFT).order_by("pk")
            for entry in rows.select_related("cycle__programme", "cycle__blueprint", "cycle__owner").iterator(500):
                found += len(compare_entry(entry=entry, actor=system_actor("similarity"), now=timezone.now()))
        self.stdout.write(f"{found} new pairs")
