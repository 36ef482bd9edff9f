"""What this room knows about an entry that changes what people call its situation."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from portal.lifecycle.entries import flags
from portal.lifecycle.notice.models import PUBLIC_STATUSES, Notice, NoticeItem, NoticeKind, NoticeStatus, Objection
from portal.lifecycle.programmes.models import Cycle, CycleStatus


def _local_notice() -> Exists:
    """The union that holds the entry shows it right now."""
    return Exists(
        NoticeItem.objects.filter(
            entry=OuterRef("pk"),
            removed_reason="",
            notice__kind=NoticeKind.LOCAL,
            notice__status=NoticeStatus.PUBLISHED,
            notice__organisation=OuterRef("at_organisation"),
        )
    )


def _objection_open() -> Exists:
    """By the scope only the publisher (and who stands above it) finds one; the nominating union and the unit do not."""
    return Exists(Objection.objects.filter(entry=OuterRef("pk"), ruling=""))


def _outcome_public() -> Q:
    """The round's result is out with the city's notice; a programme without one, when its cycle has ended."""
    published = Notice.objects.filter(
        cycle=OuterRef("cycle_id"),
        kind=NoticeKind.SELECTION,
        status__in=PUBLIC_STATUSES,
    )
    ended = Cycle.objects.filter(pk=OuterRef("cycle_id"), status=CycleStatus.FINISHED)
    return Q(Exists(published)) | Q(Exists(ended))


flags.register_flag(flags.LOCAL_NOTICE, _local_notice)
flags.register_flag(flags.OBJECTION_OPEN, _objection_open)
flags.register_flag(flags.OUTCOME_PUBLIC, _outcome_public)
