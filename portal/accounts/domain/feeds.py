"""日历订阅: the secret address of a desk's calendar. Only its hash is stored; a new one ends the one before."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from portal.accounts.models import CalendarFeed, Membership
from portal.accounts.queries.feeds import hash_of
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.errors import Conflict
from portal.core.policies import policy_for

SECRET_BYTES = 32


def create_feed(*, membership: Membership, actor: Actor, now: dt.datetime) -> str:
    """The secret of a new address for this desk of the actor's own, shown once. An older address stops working."""
    policy_for("profile").require(actor, "tokens")
    _own(membership, actor)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        CalendarFeed.objects.update_or_create(
            membership=membership,
            defaults={"token_hash": hash_of(secret), "created_at": now, "last_read_at": None},
        )
        record("accounts.feed.created", membership, actor=actor, now=now)
    return secret


def revoke_feed(*, membership: Membership, actor: Actor, now: dt.datetime) -> None:
    """The address stops working at once. Raises Conflict when there is none."""
    policy_for("profile").require(actor, "tokens")
    _own(membership, actor)
    with transaction.atomic():
        deleted, _details = CalendarFeed.objects.filter(membership=membership).delete()
        if not deleted:
            raise Conflict("这个工作台没有正在使用的订阅地址。")
        record("accounts.feed.revoked", membership, actor=actor, now=now)


def _own(membership: Membership, actor: Actor) -> None:
    if membership.user_id != actor.user_id:
        raise ValueError("a calendar address belongs to its own person")
