"""Reading bundles, inside the active scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.lifecycle.selection.bundle.models import ResultBundle

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.lifecycle.programmes.models import Cycle


def bundles() -> QuerySet[ResultBundle]:
    """Own ones at the desk; in public those of lists in notice."""
    return ResultBundle.objects.select_related("round__stage__cycle__programme").distinct()


def bundle_of(cycle: Cycle) -> ResultBundle | None:
    """The bundle of the cycle's approved round."""
    return bundles().filter(round__stage__cycle=cycle).defer("text").first()
