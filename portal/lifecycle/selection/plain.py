"""The second, independent selection under quotas: a plain search in the standard library (docs/decisions/0010).

Shares no code with ``structured.py`` and ``solver.py`` and imports nothing of the portal, so that the result bundle can carry it and
anybody can run it years later. Input and output are plain JSON values:

    candidates   those who may be selected, best first: code, nominating, employer, track, groups
    quota        places, track_places, cap_per_nominating, cap_per_employer, shares (code, at_least, at_most in percent, base)

A share counts those with its code among their groups. With a ``base``, the name of another group, it is a share of those of the list
who have that group, and only they count; where nobody has it, nothing is asked. Without one it is a share of the whole list.

The rule: by rank under places and caps → how many; the largest number up to that for which a list keeps every share and cap;
down the ranking, everybody who can be on such a list together with the better ones taken.
"""

from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import gcd
from operator import add

NODES = 20_000  # steps of one search before it gives up
QUICK = 200  # steps of the first try, which only counts single marks
SHARED = ("group", "rest", "track")  # marks that are not of one union or employer


class TooHard(Exception):
    """The search gave up; nothing is known about the list."""


def select(candidates, quota):
    """Codes of the selected, best first. Raises TooHard when the search gives up."""
    chosen, unproved = recheck(candidates, quota, ())
    if unproved:
        raise TooHard
    return chosen


def recheck(candidates, quota, proposal):
    """(codes of the selected, unproved): the same answer, found sooner with a list that somebody proposes.

    The proposal proves that there is a list, so that only those whom it leaves out need a search; it decides nothing. ``unproved``
    are codes that it leaves out and of which the search gave up before it was sure, ``""`` when that was about the length.
    Without a proposal the search may raise TooHard instead.
    """
    one_kind = [_kind(c, quota) for c in candidates]
    wanted = set(proposal)
    proposed = [place for place, c in enumerate(candidates) if c["code"] in wanted]
    length, unproved = len(_by_rank(one_kind, quota)), []
    for size in range(length, 0, -1):
        hint = proposed if len(proposed) == size and _keeps(one_kind, quota, proposed) else []
        try:
            found = _first_list(one_kind, quota, size, hint, unproved)
        except TooHard:
            if size <= len(proposed):
                raise
            unproved.append("")
            continue
        if found is not None:
            doubtful = sorted({candidates[place]["code"] for place in unproved if place != ""})
            return [candidates[place]["code"] for place in found], ([""] if "" in unproved else []) + doubtful
    return [], ([""] if "" in unproved else [])


def _kind(candidate, quota):
    """What the candidate counts for: pairs like ("group", "women"); candidates of one kind are interchangeable.

    ("rest", "women") are those of the base of this share who do not belong to its group.
    """
    groups, kind = set(candidate.get("groups") or ()), []
    for share in quota.get("shares") or ():
        base, code = share.get("base"), share["code"]
        if not base or base in groups:
            kind += [("group", code)] if code in groups else [("rest", code)] if base else []
    kind = sorted(set(kind))
    if quota.get("cap_per_nominating") is not None and candidate.get("nominating"):
        kind.append(("union", candidate["nominating"]))
    if quota.get("cap_per_employer") is not None and candidate.get("employer"):
        kind.append(("employer", candidate["employer"]))
    if quota.get("track_places") is not None:
        kind.append(("track", candidate.get("track", "")))
    return tuple(kind)


def _cap(mark, quota):
    """At most so many with this mark, whatever the length; None without a cap."""
    what, name = mark
    if what == "union":
        return quota["cap_per_nominating"]
    if what == "employer":
        return quota["cap_per_employer"]
    return quota["track_places"].get(name, 0) if what == "track" else None


def _by_rank(kinds, quota):
    counts, taken = Counter(), []
    for place, kind in enumerate(kinds):
        if quota.get("places") is not None and len(taken) >= quota["places"]:
            break
        caps = [(mark, _cap(mark, quota)) for mark in kind]
        if all(cap is None or counts[mark] < cap for mark, cap in caps):
            taken.append(place)
            counts.update(kind)
    return taken


def _bounds(kinds, quota, size):
    """(at least, at most) per mark for a list of ``size``: shares as exact fractions, nothing rounded in anyone's favour."""
    least, most = {}, {}
    for kind in set(kinds):
        for mark in kind:
            cap = _cap(mark, quota)
            if cap is not None:
                most[mark] = cap
    for share in quota.get("shares") or ():
        if share.get("base"):
            continue
        mark = ("group", share["code"])
        if share.get("at_least") is not None:
            exact = Fraction(str(share["at_least"])) * size / 100
            least[mark] = -(-exact.numerator // exact.denominator)
        if share.get("at_most") is not None:
            exact = Fraction(str(share["at_most"])) * size / 100
            most[mark] = exact.numerator // exact.denominator
    return least, most


def _scales(quota):
    """Shares of a base: what every mark weighs, in whole numbers. A list keeps the share when its weights do not add up to less than 0.

    Of the base n belong to the group and r do not; n / (n + r) >= p % is n * (100 - p) - r * p >= 0, and the reverse for at most.
    """
    found = []
    for share in quota.get("shares") or ():
        for limit, sign in (("at_least", 1), ("at_most", -1)):
            if share.get("base") and share.get(limit) is not None:
                part = Fraction(str(share[limit])) / 100
                inside, outside = part.denominator - part.numerator, part.numerator
                found.append({("group", share["code"]): sign * inside, ("rest", share["code"]): -sign * outside})
    return found


def _weight(scale, kind):
    return sum(scale.get(mark, 0) for mark in kind)


def _keeps(kinds, quota, places):
    """Whether these candidates together keep every share and every cap."""
    least, most = _bounds(kinds, quota, len(places))
    counts = Counter(mark for place in places for mark in kinds[place])
    balanced = all(sum(_weight(scale, kinds[place]) for place in places) >= 0 for scale in _scales(quota))
    enough = all(counts[mark] >= low for mark, low in least.items())
    return balanced and enough and all(counts[mark] <= high for mark, high in most.items())


def _first_list(kinds, quota, size, hint, unproved):
    """Places of the first list of this length in the ranking, or None when there is no list.

    ``hint`` are the places of some list of this length that keeps everything; places outside of it that the search could not
    refuse for sure are added to ``unproved``.
    """
    least, most = _bounds(kinds, quota, size)
    search = _Search(Counter(kinds), least, most, _scales(quota))
    witness = Counter(kinds[place] for place in hint) if hint else search.complete(Counter(), size)
    if witness is None:
        return None
    chosen, taken, refused = [], Counter(), set()
    for place, kind in enumerate(kinds):
        if len(chosen) == size:
            break
        if kind in refused or _pattern(kind) in refused:
            continue
        if witness[kind] <= taken[kind]:
            try:
                found = search.complete(taken + Counter({kind: 1}), size)
            except TooHard:
                if not hint or place in hint:
                    raise
                unproved.append(place)
                found = None
            if found is None:
                refused.add(kind)
                search.available[kind] = taken[kind]
                if search.counts_out(_pattern(kind), taken, size):
                    refused.add(_pattern(kind))
                continue
            witness = found
        chosen.append(place)
        taken[kind] += 1
    return chosen


def _pattern(kind):
    """Groups and track without union and employer: what counting refuses one for, it refuses all for."""
    return ("pattern", *(mark for mark in kind if mark[0] in SHARED))


class _Search:
    """Completes a list that has been begun; remembers nothing between questions but what is available."""

    thorough = True

    def __init__(self, available, least, most, scales=()):
        self.available, self.least, self.most, self.scales = Counter(available), least, most, scales
        self.rows = sorted(mark for mark in {*least, *most} if mark[0] == "group")
        self.rows += sorted(mark for mark in most if mark[0] == "track")
        self.weights = {kind: tuple(_weight(scale, kind) for scale in scales) for kind in self.available}
        self.unit = 1  # a mark weighs as much as a whole share of a base, so that sums of both mean something
        for scale in scales:
            whole = sum(abs(weight) for weight in scale.values())
            self.unit = self.unit * whole // gcd(self.unit, whole)

    def complete(self, taken, size):
        """Counts per kind of a list of ``size`` that has ``taken``, or None."""
        if any(number > self.available[kind] for kind, number in taken.items()):
            return None
        need, room, level = self._missing(taken)
        if min(room.values(), default=0) < 0:
            return None
        left = {kind: number - taken[kind] for kind, number in self.available.items() if number > taken[kind]}
        seats = size - sum(taken.values())
        left = self._fitting(left, room, seats)
        if seats and self._hopeless(left, need, room, level, seats):
            return None
        for self.thorough, self.nodes in ((False, QUICK), (True, NODES)):
            try:
                added = self._go(left, need, room, level, seats)
            except TooHard:
                continue
            return None if added is None else taken + Counter(added)
        raise TooHard

    def counts_out(self, pattern, taken, size):
        """Counting alone shows that nobody with these groups and this track can join, whatever union or employer."""
        need, room, level = self._missing(taken)
        for mark in pattern[1:]:
            need = {m: n - (m == mark) for m, n in need.items() if n > (m == mark)}
            if mark in room:
                room[mark] -= 1
        level = tuple(map(add, level, (_weight(scale, pattern[1:]) for scale in self.scales)))
        left = {kind: number - taken[kind] for kind, number in self.available.items() if number > taken[kind]}
        seats = size - sum(taken.values()) - 1
        left = self._fitting(left, room, seats)
        return min(room.values(), default=0) < 0 or self._hopeless(left, need, room, level, seats)

    def _missing(self, taken):
        """(need, room, level): what is missing for every least, left under every most, and on every scale, with those taken."""
        counts = Counter()
        for kind, number in taken.items():
            for mark in kind:
                counts[mark] += number
        need = {mark: low - counts[mark] for mark, low in self.least.items() if low > counts[mark]}
        level = tuple(sum(weight * counts[mark] for mark, weight in scale.items()) for scale in self.scales)
        return need, {mark: high - counts[mark] for mark, high in self.most.items()}, level

    def _go(self, left, need, room, level, seats):
        """Kinds that fill the seats, or None.

        ``need`` only what is missing still, ``room`` what is left under every cap, ``level`` where the scales of the shares of a
        base stand: none may end below 0, on the way they may.
        """
        if seats == 0:
            return None if need or min(level, default=0) < 0 else []
        self.nodes -= 1
        if self.nodes < 0:
            raise TooHard
        left = self._fitting(left, room, seats)
        if self._refused(left, need, room, level, seats):
            return None
        if seats == 1:
            return next(([kind] for kind in left if self._completes(kind, need, level)), None)
        for kind in self._branches(left, need, room, level):
            added = self._go(
                {k: n - (k == kind) for k, n in left.items() if n > (k == kind)},
                {mark: n - (mark in kind) for mark, n in need.items() if n > (mark in kind)},
                {mark: n - (mark in kind) for mark, n in room.items()},
                tuple(map(add, level, self.weights[kind])),
                seats - 1,
            )
            if added is not None:
                return [kind, *added]
            del left[kind]  # no list has one more of this kind: the others need not try it again
            if self._refused(left, need, room, level, seats):
                return None
        return None

    def _completes(self, kind, need, level):
        """Whether the last seat is all that is missing, and this kind has it."""
        enough = all(number == 1 and mark in kind for mark, number in need.items())
        return enough and min(map(add, level, self.weights[kind]), default=0) >= 0

    def _fitting(self, left, room, seats):
        """How many of every kind could still come, those without room left out."""
        found = {}
        for kind, number in left.items():
            most = min(number, seats)
            for mark in kind:
                most = min(most, room.get(mark, most))
            if most > 0:
                found[kind] = most
        return found

    def _refused(self, left, need, room, level, seats):
        if self.thorough:
            return self._hopeless(left, need, room, level, seats)
        there = Counter()
        for kind, number in left.items():
            for mark in kind:
                if mark in need:
                    there[mark] += number
        low = any(value + seats * max(scale.values()) < 0 for value, scale in zip(level, self.scales))  # noqa: B905 -- old Pythons
        return low or sum(left.values()) < seats or any(n > min(seats, there[mark]) for mark, n in need.items())

    def _branches(self, left, need, room, level):
        """Kinds of which one must come: of the scarcest mark that is missing, of those that lift a scale below 0, or any.

        The most helpful first.
        """
        tight = {}
        for mark in need:
            tight[mark] = sum(n for kind, n in left.items() if mark in kind) - need[mark]
        low = [place for place, value in enumerate(level) if value < 0]
        open_to = list(left)
        if need:
            scarcest = min(sorted(need), key=lambda mark: tight[mark])
            open_to = [kind for kind in left if scarcest in kind]
        elif low:
            open_to = [kind for kind in left if self.weights[kind][low[0]] > 0]
        helps, costs = {}, {}
        for kind in open_to:
            weights = self.weights[kind]
            helps[kind] = sum(mark in need for mark in kind)
            helps[kind] += sum((weights[place] > 0) - (weights[place] < 0) for place in low)
            costs[kind] = sum(1 / room[mark] for mark in kind if mark in room)
            costs[kind] += sum(-w / (1 + level[place]) for place, w in enumerate(weights) if w < 0 <= level[place])
        return sorted(open_to, key=lambda kind: (-helps[kind], costs[kind], kind))

    def _hopeless(self, left, need, room, level, seats):
        """Counting shows that there is no way. Each test is a sum of demands that every list would have to meet."""
        capped = self._under_caps(left, room)
        if any(n > seats for n in need.values()) or sum(capped.values()) < seats:
            return True
        rows = [mark for mark in self.rows if mark in need or mark in room]
        demands = [({mark: self.unit}, need[mark] * self.unit) for mark in rows if mark in need]
        demands += [({m: -self.unit}, -room[m] * self.unit) for m in rows if m in room and room[m] < seats]
        for place, scale in enumerate(self.scales):
            value, times = level[place], self.unit // sum(abs(weight) for weight in scale.values())
            if value + seats * min(scale.values()) < 0:  # else nobody who may come could push it below 0
                demands.append(({mark: weight * times for mark, weight in scale.items()}, -value * times))
        rows = [([_weight(scale, pattern) for pattern in capped], target) for scale, target in demands]
        numbers = list(capped.values())
        for together in (1, 2, 3):
            for chosen in combinations(rows, together):
                scores = map(sum, zip(*(row for row, _target in chosen)))  # noqa: B905 -- old Pythons
                if self._best(scores, numbers, seats) < sum(target for _row, target in chosen):
                    return True
        return False

    def _under_caps(self, left, room):
        """How many of every pattern of groups and track could come at most, each union counted up to its room."""
        by_union = Counter()
        for kind, number in left.items():
            pattern = tuple(mark for mark in kind if mark[0] in SHARED)
            union = next((mark for mark in kind if mark[0] == "union"), None)
            by_union[pattern, union] += number
        capped = Counter()
        for (pattern, union), number in by_union.items():
            capped[pattern] += number if union is None else min(number, room.get(union, number))
        return capped

    def _best(self, scores, numbers, seats):
        """The highest sum that the seats can reach, with so many candidates of every score."""
        total = 0
        for score, number in sorted(zip(scores, numbers), reverse=True):  # noqa: B905 -- old Pythons
            part = min(number, seats)
            total += score * part
            seats -= part
            if not seats:
                break
        return total
