"""What waits: letters nobody has read yet, drafts that nobody has sent, mails that were refused."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.lifecycle.letters.models import BatchState, Delivery, DeliveryState, LetterBatch
from portal.lifecycle.letters.queries import inbox
from portal.web.ui import Badge, WorkItem
from portal.web.work import Source, register_source


def _unread(actor: Actor, now: dt.datetime) -> QuerySet[Delivery]:
    return inbox(actor=actor).filter(read_at__isnull=True, letter__isnull=False)


def _unread_item(message: Delivery, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=message.heading,
        url=reverse("lifecycle:message.detail", args=[message.pk]),
        action_label=_("阅读"),
        from_=message.sender_name,
        since=message.created_at,
        badge=Badge(_("未读"), "info"),
    )


def _open(actor: Actor, now: dt.datetime) -> QuerySet[LetterBatch]:
    refused = Delivery.objects.filter(letter__batch=OuterRef("pk"), state=DeliveryState.FAILED)
    rows = LetterBatch.objects.filter(cycle__owner__path=actor.path)
    rows = rows.filter(Q(state__in=[BatchState.DRAFT, BatchState.PARTLY]) | Exists(refused))
    return rows.select_related("cycle__programme")


def _open_item(batch: LetterBatch, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("%(letters)s：%(state)s") % {"letters": batch, "state": batch.get_state_display()},
        url=reverse("lifecycle:letters.batch", args=[batch.pk]),
        action_label=_("查看"),
        since=batch.created_at,
        note=_("看过后发送；暂缓的等决定生效后再发"),
    )


register_source(
    Source(
        key="message.unread",
        title=_("未读函件"),
        policy_action="message.view",
        rows=_unread,
        item=_unread_item,
        search=("heading",),
        list_url="lifecycle:message.list",
        icon="mail",
        order=6,
    ),
    Source(
        key="letters.open",
        title=_("待发送的函件"),
        policy_action="letter.send",
        rows=_open,
        item=_open_item,
        search=("heading",),
        list_url="lifecycle:letters.list",
        icon="send",
        order=75,
    ),
)
