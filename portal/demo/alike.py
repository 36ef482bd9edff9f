"""The comparisons that submissions asked for (查重): no worker runs while the demo is filled, so they are finished here.

One by one they would cost a quarter of the whole demo. Here every text is cut up once, and only entries that reach a
flag, or share a number with another, go through the comparison that people's submissions go through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

from django.db.models import Count

from portal.core.context import system_actor
from portal.jobs import domain as jobs
from portal.jobs.models import JobRun, JobState
from portal.lifecycle.entries.models import Attachment, Entry, EntryKey
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.similarity.domain import compare_entry
from portal.lifecycle.similarity.models import Fingerprint
from portal.lifecycle.similarity.reading import PDF, WORD, own_text, text_of_files
from portal.lifecycle.similarity.shingles import bands, shingles

JOB = "lifecycle.compare_entry"


def finish_comparisons() -> int:
    """Fingerprints for all, pairs for those that are alike, no run left waiting. Returns how many pairs were found."""
    runs = list(JobRun.objects.filter(kind=JOB, state=JobState.QUEUED).order_by("pk"))
    entries = _entries({run.params["entry_id"] for run in runs})
    prints = _fingerprints(entries)
    found = dict.fromkeys(entries, 0)
    for pk in sorted(_near(entries, prints) | _same_numbers(entries)):
        found[pk] = len(compare_entry(entry=entries[pk], actor=system_actor("similarity"), now=prints[pk].made_at))
    for run in runs:
        claimed = jobs.claim(run.pk, now=run.created_at)
        pairs = found.get(run.params["entry_id"], 0)
        message, result = f"新发现{pairs}件相似。", {"pairs": pairs}
        jobs.finish(claimed, state=JobState.SUCCEEDED, message=message, result=result, now=run.created_at)
    return sum(found.values())


def _entries(pks: set[int]) -> dict[int, Entry]:
    """With one cycle object for all entries of a cycle, so that its blueprint is read once."""
    entries = {entry.pk: entry for entry in Entry.objects.filter(pk__in=pks).order_by("pk")}
    rows = Cycle.objects.select_related("programme", "blueprint", "owner")
    cycles = {cycle.pk: cycle for cycle in rows.filter(pk__in={entry.cycle_id for entry in entries.values()})}
    for entry in entries.values():
        entry.cycle = cycles[entry.cycle_id]
    return entries


def _fingerprints(entries: Mapping[int, Entry]) -> dict[int, Fingerprint]:
    known = {row.entry_id: row for row in Fingerprint.objects.filter(entry_id__in=entries)}
    readable = Attachment.objects.filter(entry_id__in=entries, removed_at=None, content_type__in=[WORD, PDF])
    with_files = set(readable.values_list("entry_id", flat=True))
    fresh = []
    for pk, entry in entries.items():
        if pk not in known:
            own = own_text(entry)
            files = text_of_files(entry) if own and pk in with_files else ""
            made_at = entry.submitted_at or entry.created_at
            fresh.append(
                Fingerprint(entry=entry, bands=bands(own), file_bands=bands(files), file_text=files, made_at=made_at)
            )
    Fingerprint.objects.bulk_create(fresh, batch_size=200)
    return known | {row.entry_id: row for row in fresh}


def _near(entries: Mapping[int, Entry], prints: Mapping[int, Fingerprint]) -> set[int]:
    """The later one of each pair of the same organiser's entries that share enough."""
    by_owner: dict[int, list[int]] = defaultdict(list)
    for pk, entry in entries.items():
        by_owner[entry.cycle.owner_id].append(pk)
    own = {pk: shingles(own_text(entry)) for pk, entry in entries.items()}
    files = {pk: shingles(row.file_text) for pk, row in prints.items()}
    enough = {pk: float(entry.cycle.rules.checks.similarity_flag) / 100 for pk, entry in entries.items()}
    return {
        max(one, other)
        for pks in by_owner.values()
        for one, other in combinations(sorted(pks), 2)
        if any(len(a & b) >= enough[max(one, other)] * min(len(a), len(b)) for a, b in _sides(own, files, one, other))
    }


def _sides(own: Mapping[int, set[str]], files: Mapping[int, set[str]], one: int, other: int) -> Iterator[tuple]:
    for a, b in ((own[one], own[other]), (own[one], files[other]), (files[one], own[other])):
        if a and b:
            yield a, b


def _same_numbers(entries: Mapping[int, Entry]) -> set[int]:
    keys = EntryKey.objects.exclude(kind__in=[EntryKey.PERSON, EntryKey.CREDIT_CODE])
    twice = keys.values("kind", "value").annotate(n=Count("entry", distinct=True)).filter(n__gt=1)
    values = {row["value"] for row in twice}
    return set(keys.filter(value__in=values, entry_id__in=entries).values_list("entry_id", flat=True))
