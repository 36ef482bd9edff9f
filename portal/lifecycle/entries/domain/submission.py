"""Submitting and withdrawing: thin doors to ``perform``, so that views and API need not know the table."""

from __future__ import annotations

import datetime as dt

from portal.core.context import Actor
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.entries.models import Entry


def submit_entry(*, actor: Actor, entry: Entry, now: dt.datetime, expected_version: int | None = None) -> Entry:
    """提交申报: locks the entry, writes a version, sends it to the first union of its route.

    Raises Refused with every reason (incomplete, no consent, deadline, duplicates, limits, no route), Conflict when it
    was submitted meanwhile or the page is stale.
    """
    return perform(entry, "submit", actor=actor, now=now, expected_version=expected_version)


def withdraw_entry(
    *, actor: Actor, entry: Entry, now: dt.datetime, reason: str = "", expected_version: int | None = None
) -> Entry:
    """撤回申报: by the unit, at any time until the review is complete. Final; a new entry can be made while the call runs."""
    return perform(entry, "withdraw", actor=actor, now=now, reason=reason, expected_version=expected_version)
