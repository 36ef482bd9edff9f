"""Sealing: events become links of their federation's chain, in batches, by one sealer at a time.

Events are written without any lock of the chain (1,500 desks at once on the last day); a task seals them seconds later. What is
not sealed yet is counted, and ``verification`` reports what stays unsealed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from portal.audit import chain as codes
from portal.audit.models import AuditEvent, AuditHead, AuditLink, AuditRoot
from portal.core.dates import local_date
from portal.core.db import advisory_lock
from portal.core.scoping import system_scope

BATCH = 2000
# Ids are handed out before the commit; no transaction is overtaken by so many events. ``everything`` looks at all of them.
LOOK_BACK = 50_000


def unsealed(*, everything: bool = False) -> QuerySet[AuditEvent]:
    """Events without a link; near the end of the log, or (slower) anywhere."""
    rows = AuditEvent.objects.filter(~Exists(AuditLink.objects.filter(pk=OuterRef("pk"))))
    if everything:
        return rows
    last = AuditLink.objects.aggregate(last=Max("pk"))["last"] or 0
    return rows.filter(pk__gt=last - LOOK_BACK)


def seal(*, now: dt.datetime, everything: bool = False) -> int:
    """Seals all unsealed events, each batch in a transaction of its own; returns how many.

    Raises LockTimeout while another sealer works.
    """
    total = 0
    with system_scope("sealing the audit log"):
        while True:
            with transaction.atomic():
                advisory_lock("audit-seal")
                count = _seal_batch(now, everything=everything)
            total += count
            if count < BATCH:
                return total


def _seal_batch(now: dt.datetime, *, everything: bool) -> int:
    columns = ("owner_path", "route_path", *codes.FACTS)
    rows = list(unsealed(everything=everything).order_by("pk").values(*columns)[:BATCH])
    named = [(codes.chain_of(row["owner_path"], row["route_path"]), row) for row in rows]
    named.sort(key=lambda pair: (pair[0], pair[1]["id"]))
    for chain, members in groupby(named, key=itemgetter(0)):
        _append(chain, (row for _chain, row in members), now)
    return len(rows)


def _append(chain: str, events: Iterable[dict[str, Any]], now: dt.datetime) -> None:
    key = settings.AUDIT_CHAIN_KEYS[0]
    name = codes.key_id(key)
    head = AuditHead.objects.filter(chain=chain).first()
    sequence, last = (head.sequence, head.last) if head else (0, codes.GENESIS)
    links = []
    for event in events:
        sequence += 1
        digest = codes.digest(event)
        code = codes.link_code(key, chain=chain, sequence=sequence, previous=last, event_id=event["id"], digest=digest)
        links.append(
            AuditLink(
                event_id=event["id"], chain=chain, sequence=sequence, digest=digest, previous=last, code=code,
                key=name, sealed_at=now,
            )
        )  # fmt: skip
        last = code
    AuditLink.objects.bulk_create(links)
    end = codes.head_code(key, chain=chain, sequence=sequence, last=last)
    values = {"sequence": sequence, "last": last, "code": end, "key": name, "sealed_at": now}
    AuditHead.objects.update_or_create(chain=chain, defaults=values)


def write_roots(*, day: dt.date, now: dt.datetime) -> list[AuditRoot]:
    """The root of ``day`` for every chain that grew since its last one; running twice writes nothing twice."""
    made = []
    with system_scope("daily roots of the audit log"), transaction.atomic():
        advisory_lock("audit-seal")
        for head in AuditHead.objects.order_by("chain"):
            before = AuditRoot.objects.filter(chain=head.chain).order_by("-day").first()
            if before is not None and (before.day >= day or before.sequence == head.sequence):
                continue
            previous = before.sha256 if before else codes.GENESIS
            root = AuditRoot(
                chain=head.chain, day=day, sequence=head.sequence, last=head.last, previous=previous, made_at=now
            )
            root.sha256 = codes.root_hash(
                chain=root.chain, day=day, sequence=root.sequence, last=root.last, previous=previous
            )
            root.save()
            made.append(root)
    return made


def close_day(*, now: dt.datetime) -> list[AuditRoot]:
    """Seals what is left and writes the roots of yesterday (Beijing time)."""
    seal(now=now, everything=True)
    return write_roots(day=local_date(now) - dt.timedelta(days=1), now=now)
