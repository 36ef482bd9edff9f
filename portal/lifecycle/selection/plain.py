"""The second, independent selection under quotas: a plain search in the standard library (docs/decisions/0010).

Shares no code with ``structured.py`` and ``solver.py`` and imports nothing of the portal, so that the result bundle can carry it and
anybody can run it years later. Input and output are plain JSON values:

    candidates   those who may be selected, best first: code, nominating, employer, track, groups
    quota        places, track_places, cap_per_nominating, cap_per_employer, shares (code, at_least, at_most in percent)

The rule: by rank under places and caps → how many; the largest number up to that for which a list keeps every share and cap;
down the ranking, everybody who can be on such a list together with the better ones taken.
"""

from collections import Counter
from fractions import Fraction
from itertools import combinations

NODES = 20_000  # steps of one search before it gives up
QUICK = 200  # steps of the first try, which only counts single marks


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
    """What the candidate counts for: pairs like ("group", "women"); candidates of one kind are interchangeable."""
    shares = {share["code"] for share in quota.get("shares") or ()}
    kind = [("group", group) for group in sorted(set(candidate.get("groups") or ()) & shares)]
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
        mark = ("group", share["code"])
        if share.get("at_least") is not None:
            exact = Fraction(str(share["at_least"])) * size / 100
            least[mark] = -(-exact.numerator // exact.denominator)
        if share.get("at_most") is not None:
            exact = Fraction(str(share["at_most"])) * size / 100
            most[mark] = exact.numerator // exact.denominator
    return least, most


def _keeps(kinds, quota, places):
    """Whether these candidates together keep every share and every cap."""
    least, most = _bounds(kinds, quota, len(places))
    counts = Counter(mark for place in places for mark in kinds[place])
    return all(counts[m] >= low for m, low in least.items()) and all(counts[m] <= high for m, high in most.items())


def _first_list(kinds, quota, size, hint, unproved):
    """Places of the first list of this length in the ranking, or None when there is no list.

    ``hint`` are the places of some list of this length that keeps everything; places outside of it that the search could not
    refuse for sure are added to ``unproved``.
    """
    least, most = _bounds(kinds, quota, size)
    search = _Search(Counter(kinds), least, most)
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
    return ("pattern", *(mark for mark in kind if mark[0] in ("group", "track")))


class _Search:
    """Completes a list that has been begun; remembers nothing between questions but what is available."""

    thorough = True

    def __init__(self, available, least, most):
        self.available, self.least, self.most = Counter(available), least, most
        self.rows = sorted(mark for mark in {*least, *most} if mark[0] == "group")
        self.rows += sorted(mark for mark in most if mark[0] == "track")

    def complete(self, taken, size):
        """Counts per kind of a list of ``size`` that has ``taken``, or None."""
        if any(number > self.available[kind] for kind, number in taken.items()):
            return None
        need, room = self._missing(taken)
        if min(room.values(), default=0) < 0:
            return None
        left = {kind: number - taken[kind] for kind, number in self.available.items() if number > taken[kind]}
        seats = size - sum(taken.values())
        left = self._fitting(left, room, seats)
        if seats and self._hopeless(left, need, room, seats):
            return None
        for self.thorough, self.nodes in ((False, QUICK), (True, NODES)):
            try:
                added = self._go(left, need, room, seats)
            except TooHard:
                continue
            return None if added is None else taken + Counter(added)
        raise TooHard

    def counts_out(self, pattern, taken, size):
        """Counting alone shows that nobody with these groups and this track can join, whatever union or employer."""
        need, room = self._missing(taken)
        for mark in pattern[1:]:
            need = {m: n - (m == mark) for m, n in need.items() if n > (m == mark)}
            if mark in room:
                room[mark] -= 1
        left = {kind: number - taken[kind] for kind, number in self.available.items() if number > taken[kind]}
        seats = size - sum(taken.values()) - 1
        return min(room.values(), default=0) < 0 or self._hopeless(self._fitting(left, room, seats), need, room, seats)

    def _missing(self, taken):
        """(need, room): what is missing for every least, and left under every most, beside those taken."""
        counts = Counter()
        for kind, number in taken.items():
            for mark in kind:
                counts[mark] += number
        need = {mark: low - counts[mark] for mark, low in self.least.items() if low > counts[mark]}
        return need, {mark: high - counts[mark] for mark, high in self.most.items()}

    def _go(self, left, need, room, seats):
        """Kinds that fill the seats, or None. ``need`` only what is missing still, ``room`` what is left under every cap."""
        if seats == 0:
            return None if need else []
        self.nodes -= 1
        if self.nodes < 0:
            raise TooHard
        left = self._fitting(left, room, seats)
        if self._refused(left, need, room, seats):
            return None
        for kind in self._branches(left, need, room):
            added = self._go(
                {k: n - (k == kind) for k, n in left.items() if n > (k == kind)},
                {mark: n - (mark in kind) for mark, n in need.items() if n > (mark in kind)},
                {mark: n - (mark in kind) for mark, n in room.items()},
                seats - 1,
            )
            if added is not None:
                return [kind, *added]
            del left[kind]  # no list has one more of this kind: the others need not try it again
            if self._refused(left, need, room, seats):
                return None
        return None

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

    def _refused(self, left, need, room, seats):
        if self.thorough:
            return self._hopeless(left, need, room, seats)
        there = Counter()
        for kind, number in left.items():
            for mark in kind:
                if mark in need:
                    there[mark] += number
        return sum(left.values()) < seats or any(n > min(seats, there[mark]) for mark, n in need.items())

    def _branches(self, left, need, room):
        """Kinds of which one must come: of the scarcest mark that is missing, or any; the most helpful first."""
        tight = {}
        for mark in need:
            tight[mark] = sum(n for kind, n in left.items() if mark in kind) - need[mark]
        scarcest = min(sorted(need), key=lambda mark: tight[mark]) if need else None
        open_to = [kind for kind in left if scarcest is None or scarcest in kind]
        helps = {kind: sum(mark in need for mark in kind) for kind in open_to}
        costs = {kind: sum(1 / room[mark] for mark in kind if mark in room) for kind in open_to}
        return sorted(open_to, key=lambda kind: (-helps[kind], costs[kind], kind))

    def _hopeless(self, left, need, room, seats):
        """Counting shows that there is no way. Each test is a sum of demands that every list would have to meet."""
        capped = self._under_caps(left, room)
        if any(n > seats for n in need.values()) or sum(capped.values()) < seats:
            return True
        rows = [mark for mark in self.rows if mark in need or mark in room]
        signs = [(mark, 1, need[mark]) for mark in rows if mark in need]
        signs += [(mark, -1, -room[mark]) for mark in rows if mark in room and room[mark] < seats]
        for number in (1, 2, 3):
            for chosen in combinations(signs, number):
                if self._best(capped, chosen, seats) < sum(target for _mark, _sign, target in chosen):
                    return True
        return False

    def _under_caps(self, left, room):
        """How many of every pattern of groups and track could come at most, each union counted up to its room."""
        by_union = Counter()
        for kind, number in left.items():
            pattern = tuple(mark for mark in kind if mark[0] in ("group", "track"))
            union = next((mark for mark in kind if mark[0] == "union"), None)
            by_union[pattern, union] += number
        capped = Counter()
        for (pattern, union), number in by_union.items():
            capped[pattern] += number if union is None else min(number, room.get(union, number))
        return capped

    def _best(self, capped, chosen, seats):
        """The highest sum of signs that the seats can reach: plus one for each missing mark, minus one for each scarce room."""
        by_score = Counter()
        for pattern, number in capped.items():
            by_score[sum(sign for mark, sign, _target in chosen if mark in pattern)] += number
        total = 0
        for score in sorted(by_score, reverse=True):
            part = min(by_score[score], seats)
            total += score * part
            seats -= part
        return total
