"""Background work of the comparison; thin."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from portal.jobs.registry import job
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.similarity.domain import compare_entry


@job("lifecycle.compare_entry", title="查重")
def compare(run: Any, entry_id: int) -> tuple[str, dict[str, int]]:
    entry = Entry.objects.select_related("cycle__programme", "cycle__blueprint", "cycle__owner").get(pk=entry_id)
    new = compare_entry(entry=entry, actor=run.actor, now=timezone.now())
    return f"新发现{len(new)}件相似。", {"pairs": len(new)}
