"""Short notes of a union to other unions, outside any cycle: a person has read the words, the worker lets them leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.context import Actor, system_actor
from portal.core.scoping import system_scope
from portal.jobs.domain import start
from portal.jobs.models import JobRun
from portal.lifecycle.letters.channels import reaches
from portal.lifecycle.letters.domain.sending import delivery
from portal.lifecycle.letters.models import Channel, Delivery, DeliveryState
from portal.lifecycle.letters.queries import people_by_organisation

JOB = "lifecycle.send_notes"
WAYS = (Channel.SITE, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class Note:
    """What one union's staff are told. The caller sees to it that they may know of everything in it."""

    organisation_id: int
    heading: str
    body: str


@transaction.atomic
def send_notes(*, notes: Iterable[Note], actor: Actor, now: dt.datetime) -> tuple[int, set[int]]:
    """Into the inboxes at once, as mail by the worker. Returns how many people were told, and the unions where nobody
    can sign in. The caller has asked its policy and records what it did, in the same transaction.
    """
    notes = list(notes)
    with system_scope("whom a note is for may work in another branch of the tree"):
        people = people_by_organisation(note.organisation_id for note in notes)
    sender = actor.at_desk.organisation_name
    rows = [
        delivery(membership, channel, note.heading, note.body, sender=sender, now=now)
        for note in notes
        for membership in {m.user_id: m for m in people.get(note.organisation_id, [])}.values()
        for channel in WAYS
        if reaches(channel, membership.user)
    ]
    made = Delivery.objects.bulk_create(rows)
    waiting = [row.pk for row in made if row.state == DeliveryState.WAITING]
    if waiting:
        _start(waiting, now)
    told = sum(row.channel == Channel.SITE for row in made)
    return told, {note.organisation_id for note in notes} - set(people)


def _start(pks: list[int], now: dt.datetime) -> JobRun:
    """In the system's scope: the mails of another branch are not the sender's rows."""
    title = _("发送提醒邮件（%s封）") % len(pks)
    return start(
        JOB, key=f"{pks[0]}-{pks[-1]}", actor=system_actor("notes"), params={"delivery_ids": pks}, title=title, now=now
    )
