"""Reading the audit log, always inside the active scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.audit.chain import FORMAT
from portal.audit.models import AuditCheck, AuditEvent, AuditHead, AuditRoot
from portal.audit.sealing import unsealed

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet


def history_of(obj: Model) -> QuerySet[AuditEvent]:
    """Events of one object, newest first."""
    return AuditEvent.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk).select_related("actor")


def events_in_scope() -> QuerySet[AuditEvent]:
    """All events the desk may read, newest first."""
    return AuditEvent.objects.select_related("actor")


@dataclass(frozen=True, slots=True)
class ChainStatus:
    """What the audit page says about the chain: its end, the last complete verification, what waits for the sealer."""

    head: AuditHead | None
    check: AuditCheck | None
    root: AuditRoot | None
    waiting: int

    @property
    def is_broken(self) -> bool:
        return bool(self.check and self.check.findings)


def chain_status(chain: str) -> ChainStatus:
    """Four queries, inside the active scope."""
    return ChainStatus(
        AuditHead.objects.filter(chain=chain).first(),
        AuditCheck.objects.filter(chain=chain).first(),
        AuditRoot.objects.filter(chain=chain).first(),
        unsealed().filter(owner_path__startswith=chain).count(),
    )


def daily_roots() -> QuerySet[AuditRoot]:
    """Daily roots the desk may read, newest first."""
    return AuditRoot.objects.order_by("-day")


def roots_as_json() -> dict[str, Any]:
    """All daily roots in scope, oldest first, in the form that ``audit verify --roots`` reads."""
    names = ("chain", "day", "sequence", "last", "previous", "sha256")
    rows = AuditRoot.objects.order_by("chain", "day").values(*names)
    return {"format": FORMAT, "roots": [row | {"day": row["day"].isoformat()} for row in rows]}
