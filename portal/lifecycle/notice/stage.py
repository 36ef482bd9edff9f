"""What the notice room tells earlier rooms: facts that change how an entry's situation is called."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from portal.lifecycle.entries import flags
from portal.lifecycle.notice.models import Notice, NoticeItem, NoticeKind, NoticeStatus, Objection


def _local_notice() -> Exists:
    running = NoticeItem.objects.filter(notice__kind=NoticeKind.LOCAL, notice__status=NoticeStatus.PUBLISHED)
    return Exists(running.filter(entry=OuterRef("pk"), removed_reason=""))


def _objection_open() -> Exists:
    return Exists(Objection.objects.filter(entry=OuterRef("pk"), ruling=""))


def _outcome_public() -> Exists:
    shown = Notice.objects.filter(kind=NoticeKind.SELECTION, status__in=[NoticeStatus.PUBLISHED, NoticeStatus.CLOSED])
    return Exists(shown.filter(cycle=OuterRef("cycle_id")))


flags.register_flag(flags.LOCAL_NOTICE, _local_notice)
flags.register_flag(flags.OBJECTION_OPEN, _objection_open)
flags.register_flag(flags.OUTCOME_PUBLIC, _outcome_public)
