"""The box on an entry's page from which the organiser reaches its marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from portal.lifecycle.engine.registry import Panel, register_panel
from portal.lifecycle.review.models import Assignment, AssignmentState

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.entries.models import Entry


def progress_context(actor: Actor, entry: Entry) -> dict[str, Any]:
    """How many sheets are in (one query, none before the review)."""
    if not entry.review_code:
        return {"sheets": None}
    sheets = Assignment.objects.filter(entry=entry).aggregate(
        total=Count("pk", filter=~Q(state=AssignmentState.RECUSED)),
        done=Count("pk", filter=Q(state=AssignmentState.SUBMITTED)),
        recused=Count("pk", filter=Q(state=AssignmentState.RECUSED)),
    )
    return {"sheets": sheets}


register_panel(Panel("review.progress", "review.marks", "lifecycle/_review_panel.html", progress_context))
