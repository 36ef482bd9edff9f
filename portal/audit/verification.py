"""Verification: reads a whole chain again and says, in words, what does not fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from portal.audit import chain as codes
from portal.audit.models import AuditCheck, AuditEvent, AuditHead, AuditLink, AuditRoot
from portal.audit.sealing import unsealed
from portal.core.scoping import system_scope

BATCH = 2000
GRACE = dt.timedelta(minutes=10)  # an event may wait so long for the sealer
MOST = 100  # findings that are kept of one chain

WORDS = {
    "changed": "事件内容与封存时不一致（被改动）",
    "deleted": "事件已不存在（被删除）",
    "missing": "证据链中间缺少环节（被删除）",
    "reordered": "环节与前后不衔接（被调换或重写）",
    "cut": "证据链末端被截去",
    "head": "证据链末端记录被改动或删除",
    "root": "与每日根值不符",
    "outside": "与系统外保存的根值不符",
    "unsealed": "事件超过十分钟没有封存",
    "key": "找不到封存时使用的密钥",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """``sequence`` is the place in the chain; 0 where it has none."""

    kind: str
    chain: str
    sequence: int
    event_id: int | None = None

    def __str__(self) -> str:
        place = f"第{self.sequence}条" if self.sequence else "—"
        event = f"，事件编号{self.event_id}" if self.event_id else ""
        return f"{place}：{WORDS[self.kind]}{event}"


@dataclass(slots=True)
class _Walk:
    """State while the links of one chain pass by."""

    chain: str
    sequence: int = 0
    last: str = codes.GENESIS

    def step(self, link: AuditLink, facts: Mapping[str, Any] | None) -> Iterator[Finding]:
        if link.sequence != self.sequence + 1:
            yield Finding("missing", self.chain, self.sequence + 1)
        elif link.previous != self.last:
            yield Finding("reordered", self.chain, link.sequence, link.pk)
        if facts is None:
            yield Finding("deleted", self.chain, link.sequence, link.pk)
        elif codes.digest(facts) != link.digest:
            yield Finding("changed", self.chain, link.sequence, link.pk)
        try:
            key = codes.key_named(settings.AUDIT_CHAIN_KEYS, link.key)
        except codes.UnknownKeyError:
            yield Finding("key", self.chain, link.sequence, link.pk)
        else:
            expected = codes.link_code(
                key, chain=self.chain, sequence=link.sequence, previous=link.previous, event_id=link.pk,
                digest=link.digest,
            )  # fmt: skip
            if expected != link.code:
                yield Finding("reordered", self.chain, link.sequence, link.pk)
        self.sequence, self.last = link.sequence, link.code


def verify_chain(chain: str, *, now: dt.datetime, outside: Sequence[Mapping[str, Any]] = ()) -> AuditCheck:
    """Checks every link, the end, the daily roots and those kept ``outside``; keeps and returns the result."""
    with system_scope("verification of the audit log"):
        walk = _Walk(chain)
        findings = list(_links(walk))
        findings += _end(walk)
        findings += _roots(chain, outside)
        late = unsealed(everything=True).filter(**_of(chain), at__lt=now - GRACE)
        findings += [Finding("unsealed", chain, 0, pk) for pk in late.values_list("pk", flat=True)[:MOST]]
        kept = [asdict(finding) | {"text": str(finding)} for finding in findings[:MOST]]
        return AuditCheck.objects.create(chain=chain, at=now, events=walk.sequence, findings=kept)


def verify_all(*, now: dt.datetime, outside: Sequence[Mapping[str, Any]] = ()) -> list[AuditCheck]:
    """Every chain that has links, an end, roots, or roots kept outside."""
    with system_scope("verification of the audit log"):
        chains = {root["chain"] for root in outside}
        for model in (AuditLink, AuditHead, AuditRoot):
            chains.update(model.objects.order_by().values_list("chain", flat=True).distinct())
    return [
        verify_chain(chain, now=now, outside=[root for root in outside if root["chain"] == chain])
        for chain in sorted(chains)
    ]


def _of(chain: str) -> dict[str, str]:
    return {"owner_path__startswith": chain} if chain else {"owner_path": "", "route_path": ""}


def _links(walk: _Walk) -> Iterator[Finding]:
    while True:
        rows: QuerySet[AuditLink] = AuditLink.objects.filter(chain=walk.chain, sequence__gt=walk.sequence)
        links = list(rows.order_by("sequence")[:BATCH])
        if not links:
            return
        events = AuditEvent.objects.filter(pk__in=[link.pk for link in links]).values(*codes.FACTS)
        facts = {event["id"]: event for event in events}
        for link in links:
            yield from walk.step(link, facts.get(link.pk))


def _end(walk: _Walk) -> Iterator[Finding]:
    head = AuditHead.objects.filter(chain=walk.chain).first()
    if head is None:
        yield Finding("head", walk.chain, walk.sequence)
        return
    try:
        key = codes.key_named(settings.AUDIT_CHAIN_KEYS, head.key)
    except codes.UnknownKeyError:
        yield Finding("key", walk.chain, head.sequence)
        return
    if codes.head_code(key, chain=walk.chain, sequence=head.sequence, last=head.last) != head.code:
        yield Finding("head", walk.chain, head.sequence)
    elif head.sequence > walk.sequence:
        yield Finding("cut", walk.chain, walk.sequence + 1)
    elif (head.sequence, head.last) != (walk.sequence, walk.last):
        yield Finding("head", walk.chain, walk.sequence)


def _roots(chain: str, outside: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """The stored roots follow one another and name links that exist; those kept outside are the same."""
    previous, stored = codes.GENESIS, {}
    for root in AuditRoot.objects.filter(chain=chain).order_by("day"):
        expected = codes.root_hash(
            chain=chain, day=root.day, sequence=root.sequence, last=root.last, previous=root.previous
        )
        if (root.previous, root.sha256) != (previous, expected) or not _has(chain, root.sequence, root.last):
            yield Finding("root", chain, root.sequence)
        previous = root.sha256
        stored[root.day.isoformat()] = root.sha256
    for copy in outside:
        if stored.get(copy["day"]) != copy["sha256"] or not _has(chain, copy["sequence"], copy["last"]):
            yield Finding("outside", chain, copy["sequence"])


def _has(chain: str, sequence: int, code: str) -> bool:
    return AuditLink.objects.filter(chain=chain, sequence=sequence, code=code).exists()
