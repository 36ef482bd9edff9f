"""Writing the code lists. Withdrawn codes are kept, marked as no longer current, so that old records keep their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction

from portal.accounts.models import Code
from portal.accounts.queries.codes import cache_key

if TYPE_CHECKING:
    from portal.accounts.codes import CodeRow


@dataclass(frozen=True, slots=True)
class Loaded:
    created: int
    updated: int
    withdrawn: int


@transaction.atomic
def load_codes(lists: Mapping[str, Iterable[CodeRow]]) -> Loaded:
    """Makes each list exactly what is given: new rows in, changed rows updated, missing rows withdrawn. Idempotent."""
    created = updated = withdrawn = 0
    for name, rows in lists.items():
        have = {row.code: row for row in Code.objects.filter(list=name)}
        wanted = set()
        for position, row in enumerate(rows, 1):
            wanted.add(row.code)
            values = {"label": row.label, "position": position, "is_current": True, "facts": row.facts}
            known = have.get(row.code)
            if known is None:
                Code.objects.create(list=name, code=row.code, **values)
                created += 1
            elif any(getattr(known, key) != value for key, value in values.items()):
                Code.objects.filter(pk=known.pk).update(**values)
                updated += 1
        withdrawn += Code.objects.filter(list=name, is_current=True).exclude(code__in=wanted).update(is_current=False)
        transaction.on_commit(partial(cache.delete, cache_key(name)))
    return Loaded(created, updated, withdrawn)
