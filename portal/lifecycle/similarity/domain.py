"""Comparing an entry with the library, and what people make of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.similarity import queries
from portal.lifecycle.similarity.models import Fingerprint, SimilarPair, Verdict
from portal.lifecycle.similarity.reading import own_text, text_of_files
from portal.lifecycle.similarity.shingles import bands, likeness, stock_phrases


def compare_entry(*, entry: Entry, actor: Actor, now: dt.datetime) -> list[SimilarPair]:
    """Brings the entry's fingerprint up to date and notes every pair from the blueprint's percentage on, or with an
    equal number (domain.md 3 查重). Returns the new pairs; decided ones stay decided unless they have become more alike.

    Nothing happens to the entry. Safe to run twice.
    """
    own = own_text(entry)
    file_text = text_of_files(entry) if own else ""
    marks = {"bands": bands(own), "file_bands": bands(file_text), "file_text": file_text, "made_at": now}
    fingerprint, _made = Fingerprint.objects.update_or_create(entry=entry, defaults=marks)
    found = _likeness(own, file_text, queries.candidates(fingerprint))
    flag = entry.cycle.rules.checks.similarity_flag
    equal = queries.same_numbers(entry)
    wanted = {pk: percent for pk, percent in found.items() if percent >= flag} | {pk: found.get(pk, 0) for pk in equal}
    new = [
        _note(entry, pk, percent=percent, same=pk in equal, actor=actor, now=now)
        for pk, percent in sorted(wanted.items())
    ]
    return [pair for pair in new if pair is not None]


def _likeness(own: str, file_text: str, others: Sequence[Fingerprint]) -> dict[int, int]:
    """Percent by entry: words against words, and either side's words against the other's files."""
    words = {other.entry_id: own_text(other.entry) for other in others}
    stock = stock_phrases([own, *words.values()])
    return {
        other.entry_id: max(
            likeness(own, words[other.entry_id], stock=stock),
            likeness(own, other.file_text, stock=stock),
            likeness(file_text, words[other.entry_id], stock=stock),
        )
        for other in others
    }


def _note(entry: Entry, other: int, *, percent: int, same: bool, actor: Actor, now: dt.datetime) -> SimilarPair | None:
    later, earlier = max(entry.pk, other), min(entry.pk, other)
    with transaction.atomic():
        pair, made = SimilarPair.objects.select_for_update(of=("self",)).get_or_create(
            later_id=later, earlier_id=earlier, defaults={"percent": percent, "same_number": same}
        )
        before = {"percent": pair.percent, "same_number": pair.same_number, "verdict": str(pair.verdict)}
        if not made:
            if percent > pair.percent or (same and not pair.same_number):
                pair.verdict = Verdict.OPEN  # what people saw was less alike
            pair.percent, pair.same_number = percent, same
            pair.save(update_fields=["percent", "same_number", "verdict", "updated_at"])
        after = {"percent": percent, "same_number": same, "verdict": str(pair.verdict)}
        if made or after != before:
            record("lifecycle.similarity.found", pair, actor=actor, before={} if made else before, after=after, now=now)
    return pair if made else None


def decide_pair(*, pair: SimilarPair, verdict: str, reason: str, actor: Actor, now: dt.datetime) -> SimilarPair:
    """What a person found after reading both. The entries stay where they are.

    Raises Refused by policy, Invalid without a reason, Conflict when another has just decided otherwise.
    """
    policy_for("similarity").require(actor, "decide", pair)
    if not reason.strip():
        raise Invalid(_("请写明理由。"), fields={"reason": [_("请写明理由。")]})
    with transaction.atomic():
        locked = lock_row(SimilarPair, pair.pk)
        if (locked.verdict, locked.decided_at) != (pair.verdict, pair.decided_at):
            raise Conflict(_("他人刚刚作出了结论，请核对后再改。"))
        before = {"verdict": str(locked.verdict), "reason": locked.reason}
        locked.verdict, locked.reason = verdict, reason.strip()
        locked.decided_by, locked.decided_at = actor.user, now
        locked.save(update_fields=["verdict", "reason", "decided_by", "decided_at", "updated_at"])
        after = {"verdict": verdict, "reason": locked.reason}
        record("lifecycle.similarity.decided", locked, actor=actor, before=before, after=after, now=now)
    return locked
