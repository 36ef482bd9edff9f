"""Calendar addresses: found by their secret, listed for their owner."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from portal.accounts.models import CalendarFeed
from portal.core.scoping import system_scope

if TYPE_CHECKING:
    from portal.accounts.models import User

NOTED_EVERY = dt.timedelta(hours=1)


def hash_of(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(secret: str, *, now: dt.datetime) -> CalendarFeed | None:
    """The feed that this secret opens, with its person and desk; None when it is unknown, stopped, or the desk is gone.

    Notes the reading, at most once an hour.
    """
    with system_scope("the address names its desk before any desk is chosen"):
        feed = (
            CalendarFeed.objects.filter(
                token_hash=hash_of(secret),
                membership__is_active=True,
                membership__organisation__is_active=True,
                membership__user__is_active=True,
            )
            .select_related("membership__user", "membership__organisation")
            .first()
        )
        if feed and (feed.last_read_at is None or feed.last_read_at < now - NOTED_EVERY):
            CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)
    return feed


def feeds_of(user: User) -> dict[int, CalendarFeed]:
    """The person's addresses by membership."""
    return {feed.membership_id: feed for feed in CalendarFeed.objects.filter(membership__user=user)}
