"""Which candidates a search for lists may leave aside without changing any answer. Pure.

*Better or equal.* A candidate replaces another in any list when it counts for every group with a least share that the other counts for,
for no group with a greatest share that the other does not, has the same track, and finds room under the caps. With a share of a
base, those of the base outside the group (``rest:…``) harm a least share and help a greatest one.

*Enough of them.* In a list of ``size`` the others number ``size - 1``. Each of them stands in the way of one candidate at most, itself
or one of its employer, when every spare has an employer of its own; and they fill at most ``(size - 1) // cap`` unions. So of
spares with at most ``m`` from each union, more than ``size - 1 + m * ((size - 1) // cap)`` always leave one that can step in.
Whoever has so many spares among the kept is never needed, and a list that has it can be turned into one that does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from portal.lifecycle.selection.limits import CAP, LEAST, MOST, Keys, Quota

PER_UNION = 4  # spares counted of one union at most


def needed(kinds: Sequence[Keys], sizes: Sequence[int], quotas: Iterable[Quota], size: int) -> list[int]:
    """How many of every kind a search for lists of at most ``size`` has to look at."""
    quotas = tuple(quotas)
    least = {q.key for q in quotas if q.kind == LEAST} | {q.rest for q in quotas if q.kind == MOST and q.rest}
    most = {q.key for q in quotas if q.kind == MOST} | {q.rest for q in quotas if q.kind == LEAST and q.rest}
    cap = next((q.most for q in quotas if q.kind == CAP), None)
    classes: dict[tuple[Keys, Keys, Keys], list[int]] = defaultdict(list)
    for number, keys in enumerate(kinds):
        both = frozenset(k for k in keys if k.startswith("track:") or (k in least and k in most))
        classes[both, (keys & least) - both, (keys & most) - both].append(number)
    kept = [0] * len(kinds)
    # Whoever is better than a class comes before it: more groups with a least share, fewer with a greatest.
    order = sorted(classes, key=lambda c: (len(c[2]) - len(c[1]), classes[c][0]))
    for place, (both, good, bad) in enumerate(order):
        better = [c for c in order[:place] if c[0] == both and c[1] >= good and c[2] <= bad]
        spares = _Spares(size, cap)
        for number in (n for c in better for n in classes[c]):
            spares.add(kinds[number], kept[number])
        for number in classes[both, good, bad]:
            if spares.are_enough():
                break
            kept[number] = min(sizes[number], size)
            spares.add(kinds[number], kept[number])
    return kept


class _Spares:
    """Spares with employers of their own, counted by union."""

    def __init__(self, size: int, cap: int | None) -> None:
        self.others = max(size - 1, 0)
        self.full = 0 if cap is None else self.others // cap
        self.employers: set[str] = set()
        self.unions: Counter[str] = Counter()

    def add(self, keys: Keys, count: int) -> None:
        employer = next((key for key in keys if key.startswith("employer:")), "")
        if employer and count:
            count = employer not in self.employers
            self.employers.add(employer)
        self.unions[next((key for key in keys if key.startswith("union:")), "")] += count

    def are_enough(self) -> bool:
        free = self.unions[""]  # no cap of a union stands in their way
        for per_union in range(1, PER_UNION + 1):
            counted = free + sum(min(n, per_union) for union, n in self.unions.items() if union)
            if counted > self.others + per_union * self.full:
                return True
        return False
