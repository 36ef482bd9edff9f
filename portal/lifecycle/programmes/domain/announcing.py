"""Telling those concerned that a cycle has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from portal.core.context import Actor
from portal.core.policies import policy_for
from portal.lifecycle.programmes.announcement_models import (
    AnnouncementKind,
    AnnouncementReading,
    AnnouncementRecipient,
    CycleAnnouncement,
)
from portal.lifecycle.programmes.announcements import concerned_by
from portal.lifecycle.programmes.models import Cycle


def announce(
    cycle: Cycle, *, kind: str, lines: Sequence[str], reason: str, is_public: bool, actor: Actor, now: dt.datetime
) -> CycleAnnouncement:
    """Stores what has changed, in words, for everybody whom it concerns now; the caller has asked the policy, audits
    the change and holds the transaction. The person who made the change has read it.
    """
    announcement = CycleAnnouncement.objects.create(
        cycle=cycle,
        kind=kind,
        lines=list(lines),
        reason=reason.strip(),
        is_public=is_public,
        published_at=now,
        published_by=actor.user,
    )
    concerned = concerned_by(cycle)
    experts = [] if kind == AnnouncementKind.HOSTS else concerned.experts  # who hosts changes nothing for who marks
    rows = [AnnouncementRecipient(announcement=announcement, organisation_id=pk) for pk in concerned.organisations]
    rows += [
        AnnouncementRecipient(announcement=announcement, organisation_id=cycle.owner_id, user_id=pk) for pk in experts
    ]
    AnnouncementRecipient.objects.bulk_create(rows)
    if actor.user is not None and actor.desk is not None:
        mark_read(announcement=announcement, actor=actor, now=now)
    return announcement


def mark_read(*, announcement: CycleAnnouncement, actor: Actor, now: dt.datetime) -> None:
    """It leaves the person's work list at this desk; reading twice changes nothing. Refused by policy."""
    policy_for("cycle").require(actor, "view", announcement.cycle)
    with transaction.atomic():
        AnnouncementReading.objects.get_or_create(
            announcement=announcement,
            organisation_id=actor.at_desk.organisation_id,
            user=actor.user,
            defaults={"read_at": now},
        )
