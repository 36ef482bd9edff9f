"""What this room knows about an entry that changes what people call its situation."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from portal.lifecycle.blueprints.vocabulary import HonourKind
from portal.lifecycle.entries import flags
from portal.lifecycle.programmes.models import Cycle

flags.register_flag(
    flags.GRANT,
    lambda: Exists(Cycle.objects.filter(pk=OuterRef("cycle_id"), blueprint__definition__honour__kind=HonourKind.GRANT)),
)
