"""What this room knows about an entry that changes what people call its situation."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from portal.lifecycle.entries import flags
from portal.lifecycle.programmes.models import CycleStage

flags.register_flag(
    flags.NOT_SELECTED, lambda: ~Exists(CycleStage.objects.filter(cycle=OuterRef("cycle_id"), kind="selection"))
)
