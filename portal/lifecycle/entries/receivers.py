"""What follows from changes elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.dispatch import receiver

from portal.accounts.models import Organisation
from portal.accounts.signals import organisation_merged, organisation_moved
from portal.core.scoping import system_scope
from portal.lifecycle.engine.states import OPEN_STATES
from portal.lifecycle.entries import routes
from portal.lifecycle.entries.models import Entry

BATCH = 500


@receiver(organisation_moved, dispatch_uid="lifecycle.entries.organisation_moved")
def follow_organisation(sender: Any, old_path: str, new_path: str, **kwargs: Any) -> None:
    """A part of the tree moved: who sees an entry by its route sees it after the move too. Running twice is harmless."""
    with system_scope("paths of routes follow the tree"):
        rows = Entry.objects.filter(route_path__startswith=old_path)
        _rewrite_routes(Entry.objects.filter(route__isnull=False).exclude(route=[]), old_path, new_path)
        rows.update(route_path=Concat(Value(new_path), Substr(F("route_path"), len(old_path) + 1)))


def _rewrite_routes(rows: Any, old_path: str, new_path: str) -> None:
    """The stops themselves hold paths, too."""
    changed: list[Entry] = []
    for entry in rows.filter(route__icontains=f'"{old_path}').only("pk", "route").iterator(chunk_size=BATCH):
        hops = routes.moved(routes.from_json(entry.route), old_path, new_path)
        entry.route = routes.to_json(hops)
        changed.append(entry)
    Entry.objects.bulk_update(changed, ["route"], batch_size=BATCH)


@receiver(organisation_merged, dispatch_uid="lifecycle.entries.organisation_merged")
def hand_over(sender: Any, organisation: Organisation, into: Organisation, **kwargs: Any) -> None:
    """Open entries of a merged union belong to, wait for and pass the one that took it in; finished ones keep its name."""
    with system_scope("open entries follow a merged union"):
        rows = Entry.objects.filter(state__in=OPEN_STATES)
        for field in ("organisation", "at_organisation", "nominating"):
            rows.filter(**{field: organisation}).update(**{field: into})
        rows.filter(route_path=organisation.path).update(route_path=into.path)
        changed: list[Entry] = []
        for entry in rows.filter(route__contains=[{"organisation": organisation.pk}]).iterator(chunk_size=BATCH):
            hops = routes.replaced(routes.from_json(entry.route), organisation.pk, into.pk, into.name, into.path)
            entry.route = routes.to_json(hops)
            changed.append(entry)
        Entry.objects.bulk_update(changed, ["route"], batch_size=BATCH)
