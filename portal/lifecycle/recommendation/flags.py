"""What this room knows about an entry that changes what people call its situation."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from portal.lifecycle.entries import flags
from portal.lifecycle.programmes.models import CycleStage, StageStatus


def _route_over() -> Exists:
    """逾期未报视为放弃 (domain.md 0.3, [THT-51]): nothing is stored, so that a reopened stage goes on where it stood."""
    return Exists(
        CycleStage.objects.filter(cycle=OuterRef("cycle_id"), kind="recommendation", status=StageStatus.CLOSED)
    )


flags.register_flag(flags.ROUTE_OVER, _route_over)
