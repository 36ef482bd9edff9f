"""Quotas as bounds on counts: the one arithmetic that shares, caps and places come down to. Pure.

For a list of a fixed length every quota says: of those with this key, at least so many and at most so many. Keys are
``group:…``, ``union:…``, ``employer:…``, ``track:…``; a candidate has several, so quotas overlap. A share of a part of the list
only (its *base*) compares two counts instead: those of the base who belong to the group (``group:…``) and those of it who do
not (``rest:…``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor

from portal.lifecycle.selection.outcomes import Outcome, QuotaRule
from portal.lifecycle.selection.ranking import Candidate

LEAST, MOST, CAP, EMPLOYER, TRACKS = "least", "most", "cap", "employer", "tracks"
PREFIX = {CAP: "union:", EMPLOYER: "employer:", TRACKS: "track:"}
Keys = frozenset[str]


@dataclass(frozen=True, slots=True)
class Quota:
    """One demand that can be named in a reason. ``percent`` with shares, ``most`` with caps, ``places`` with tracks.

    ``rest`` with a share of a base: the key of those of the base who do not belong to the group.
    """

    code: str
    title: str
    kind: str
    key: str = ""
    percent: Decimal = Decimal(0)
    most: int = 0
    places: Mapping[str, int] = field(default_factory=dict, hash=False)
    rest: str = ""

    def bounds(self, key: str, size: int) -> tuple[int, int]:
        """Least and most of those with ``key`` in a list of ``size``; shares as products, nothing rounded in anyone's favour.

        A share of a base says nothing about a list whose length alone is known; see :meth:`keeps_share`.
        """
        if self.rest:
            return 0, size
        if key == self.key and self.kind == LEAST:
            return ceil(self.percent * size / 100), size
        if key == self.key and self.kind == MOST:
            return 0, floor(self.percent * size / 100)
        prefix = PREFIX.get(self.kind)
        if prefix and key.startswith(prefix):
            return 0, self.places.get(key.removeprefix(prefix), 0) if self.kind == TRACKS else self.most
        return 0, size

    def keeps_share(self, counts: Mapping[str, int]) -> bool:
        """Whether a share of a base is kept; a base of nobody keeps it."""
        part, whole = counts.get(self.key, 0), counts.get(self.key, 0) + counts.get(self.rest, 0)
        return part * 100 >= self.percent * whole if self.kind == LEAST else part * 100 <= self.percent * whole

    def speaks_for(self, keys: Keys) -> int:
        """1 when a candidate with these keys helps a share, -1 when it harms, 0 when neither."""
        helps, harms = (self.key, self.rest) if self.kind == LEAST else (self.rest, self.key)
        return (bool(helps) and helps in keys) - (bool(harms) and harms in keys)


def percent_text(value: Decimal) -> str:
    return f"{value.normalize():f}%"


def quotas_of(rule: QuotaRule) -> tuple[Quota, ...]:
    """The quotas of a rule in the order in which reasons name them."""
    found = []
    for share in rule.shares:
        key = f"group:{share.code}"
        for kind, percent, word in ((LEAST, share.at_least, "不低于"), (MOST, share.at_most, "不高于")):
            if percent is not None:
                of = f"{share.base_title}的" if share.base_title else ""
                title = f"{share.title}{word}{of}{percent_text(percent)}"
                rest = f"rest:{share.code}" if share.base else ""
                found.append(Quota(f"{kind}:{share.code}", title, kind, key, percent=percent, rest=rest))
    if rule.cap_per_nominating is not None:
        found.append(Quota(CAP, f"每家推荐单位不超过{rule.cap_per_nominating}名", CAP, most=rule.cap_per_nominating))
    if rule.cap_per_employer is not None:
        found.append(
            Quota(EMPLOYER, f"每个用人单位不超过{rule.cap_per_employer}名", EMPLOYER, most=rule.cap_per_employer)
        )
    if rule.track_places is not None:
        found.append(Quota(TRACKS, "各类别名额", TRACKS, places=rule.track_places))
    return tuple(found)


def keys_of(one: Candidate | Outcome, rule: QuotaRule) -> Keys:
    """What the candidate counts for under this rule."""
    keys = set()
    for share in rule.shares:
        if not share.base or share.base in one.groups:
            if share.code in one.groups:
                keys.add(f"group:{share.code}")
            elif share.base:
                keys.add(f"rest:{share.code}")
    if rule.cap_per_nominating is not None and one.nominating:
        keys.add(f"union:{one.nominating}")
    if rule.cap_per_employer is not None and one.employer:
        keys.add(f"employer:{one.employer}")
    if rule.track_places is not None:
        keys.add(f"track:{one.track}")
    return frozenset(keys)


def bounds_of(quotas: Iterable[Quota], keys: Iterable[str], size: int) -> dict[str, tuple[int, int]]:
    """Per key the strictest bounds that the quotas set for a list of ``size``; keys without a bound are left out."""
    found: dict[str, tuple[int, int]] = {}
    for quota in quotas:
        for key in keys:
            low, high = quota.bounds(key, size)
            if low > 0 or high < size:
                old_low, old_high = found.get(key, (0, size))
                found[key] = max(low, old_low), min(high, old_high)
    return found


def broken(quotas: Sequence[Quota], chosen: Sequence[Keys]) -> list[Quota]:
    """The quotas that a list of these members does not keep; an empty list keeps all."""
    counts = Counter(key for keys in chosen for key in keys)
    size = len(chosen)
    found = []
    for quota in quotas:
        if quota.rest and not quota.keeps_share(counts):
            found.append(quota)
            continue
        for key in {*counts, quota.key} - {""} if size else ():
            low, high = quota.bounds(key, size)
            if not low <= counts[key] <= high:
                found.append(quota)
                break
    return found
