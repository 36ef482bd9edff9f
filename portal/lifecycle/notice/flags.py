"""What notices and objections tell the lists of entries (entries/flags.py)."""

from django.db.models import Exists, OuterRef

from portal.lifecycle.entries.flags import LOCAL_NOTICE, OBJECTION_OPEN, OUTCOME_PUBLIC, register_flag
from portal.lifecycle.notice.models import Notice, NoticeItem, NoticeKind, NoticeStatus, Objection


def _local_notice() -> Exists:
    return Exists(
        NoticeItem._base_manager.filter(
            entry=OuterRef("pk"),
            removed_reason="",
            notice__kind=NoticeKind.LOCAL,
            notice__status=NoticeStatus.PUBLISHED,
            notice__organisation=OuterRef("at_organisation_id"),
        )
    )


def _objection_open() -> Exists:
    """That there is one, not what it says: seen by every desk that sees the entry."""
    return Exists(Objection._base_manager.filter(entry=OuterRef("pk"), ruling=""))


def _outcome_public() -> Exists:
    return Exists(
        Notice._base_manager.filter(
            cycle=OuterRef("cycle_id"),
            kind__in=[NoticeKind.SELECTION, NoticeKind.DECISION],
            status__in=[NoticeStatus.PUBLISHED, NoticeStatus.CLOSED],
        )
    )


register_flag(LOCAL_NOTICE, _local_notice)
register_flag(OBJECTION_OPEN, _objection_open)
register_flag(OUTCOME_PUBLIC, _outcome_public)
