"""Reading the audit log, always inside the active scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.audit.models import AuditEvent

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


def history_of(obj: Model) -> QuerySet[AuditEvent]:
    """Events of one object, newest first."""
    return AuditEvent.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk).select_related("actor")


def events_in_scope() -> QuerySet[AuditEvent]:
    """All events the desk may read, newest first."""
    return AuditEvent.objects.select_related("actor")
