"""Reading similar entries, always inside the active scope."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from portal.core.context import Actor
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry, EntryKey
from portal.lifecycle.similarity.models import Fingerprint, SimilarPair

MOST = 50  # candidates that are compared exactly


def pairs(*, actor: Actor) -> QuerySet[SimilarPair]:
    """Pairs of this desk's cycles with both entries."""
    rows = SimilarPair.objects.filter(later__cycle__owner__path=actor.path)
    names = ("organisation", "cycle__programme", "cycle__blueprint", "fingerprint")
    sides = [f"{side}__{name}" for side in ("later", "earlier") for name in names]
    return rows.select_related(*sides, "later__cycle__owner", "decided_by")


def pairs_of(entry: Entry) -> QuerySet[SimilarPair]:
    """Pairs in which the entry is either side, the most alike first."""
    rows = SimilarPair.objects.filter(Q(later=entry) | Q(earlier=entry))
    return rows.select_related("later__organisation", "earlier__organisation", "later__cycle__owner")


def candidates(fingerprint: Fingerprint) -> list[Fingerprint]:
    """Fingerprints of submitted entries in the same organiser's cycles, of this year and all earlier ones, whose words
    or files share a band with the words, or whose words share one with the files. Two files are not compared: forms
    and certificates are alike. Only the organiser's own library, so both sides of a pair are the organiser's to see.
    """
    near = Q(bands__overlap=fingerprint.bands) | Q(file_bands__overlap=fingerprint.bands)
    rows = Fingerprint.objects.filter(near | Q(bands__overlap=fingerprint.file_bands))
    return list(_others(rows, fingerprint.entry).select_related("entry__cycle__blueprint")[:MOST])


def same_numbers(entry: Entry) -> set[int]:
    """Ids of other entries with the same patent number or other key that no two entries should share."""
    own = EntryKey.objects.filter(entry=entry).exclude(kind__in=[EntryKey.PERSON, EntryKey.CREDIT_CODE])
    mine = set(own.values_list("kind", "value"))
    rows = _others(EntryKey.objects.filter(value__in=[value for _kind, value in mine]), entry)
    return {pk for pk, kind, value in rows.values_list("entry_id", "kind", "value") if (kind, value) in mine}


def _others(rows: QuerySet, entry: Entry) -> QuerySet:
    rows = rows.filter(entry__cycle__owner_id=entry.cycle.owner_id)
    return rows.exclude(entry_id=entry.pk).exclude(entry__state=EntryState.DRAFT)
