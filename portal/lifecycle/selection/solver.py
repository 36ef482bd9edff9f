"""Is there a list, and how long can it be? Exact, with OR-Tools CP-SAT. Pure: no ORM.

Candidates with the same keys are one *kind*: which of them is meant never matters for the question whether a list exists,
so the model has one whole variable per kind. One worker, a fixed seed and no time limit; besides, every answer this module
gives is the only right one, so that nothing inside the solver can show in a result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.lifecycle.selection.limits import LEAST, MOST, Keys, Quota, bounds_of
from portal.lifecycle.selection.pruning import needed

Bounds = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Model:
    """A model with one count per kind that may come at all; ``fixed`` counts are numbers, not variables."""

    cp: Any
    model: Any
    counts: dict[int, Any]

    def total(self, numbers: Iterable[int]) -> Any:
        return self.cp.LinearExpr.sum([self.counts[n] for n in numbers if n in self.counts])


class Lists:
    """All lists that a pool of candidates allows under some quotas; ``pool`` are the keys of every candidate."""

    def __init__(self, pool: Iterable[Keys], quotas: Sequence[Quota]) -> None:
        counted = Counter(pool)
        self.kinds: list[Keys] = list(counted)  # in the order of first appearance
        self.number = {keys: place for place, keys in enumerate(self.kinds)}
        self.sizes = [counted[keys] for keys in self.kinds]
        self.quotas = tuple(quotas)
        self.members: dict[str, list[int]] = {key: [] for q in quotas for key in (q.key, q.rest) if key}  # kinds by key
        for number, keys in enumerate(self.kinds):
            for key in keys:
                self.members.setdefault(key, []).append(number)
        self.patterns: dict[Keys, list[int]] = {}  # kinds that differ only in union and employer
        for number, keys in enumerate(self.kinds):
            self.patterns.setdefault(pattern_of(keys), []).append(number)
        self.there = {key: sum(self.sizes[n] for n in numbers) for key, numbers in self.members.items()}
        self._spared: dict[int, list[int]] = {}
        self._known: dict[tuple[int, tuple[Quota, ...]], Bounds] = {}

    def nothing(self) -> list[int]:
        """No candidate taken yet: a count for every kind."""
        return [0] * len(self.kinds)

    def exists(self, size: int, taken: Sequence[int], quotas: Sequence[Quota] | None = None) -> list[int] | None:
        """Counts per kind of some list of exactly ``size`` that has ``taken``; None without one."""
        most = self._enough(size, taken)
        bounds = self._bounds(size, self.quotas if quotas is None else tuple(quotas))
        if self._counting_refuses(size, taken, most, bounds):
            return None
        built = self._list_of(size, taken, most, bounds, self.quotas if quotas is None else quotas)
        solver = _solve(built)
        if solver is None:
            return None
        found = self.nothing()
        for number, count in built.counts.items():
            found[number] = count if isinstance(count, int) else solver.value(count)
        return found

    def can_have_one_like(self, number: int, size: int, taken: Sequence[int]) -> bool:
        """Whether some list of ``size`` has ``taken`` and one more of this kind or of one that differs only in union and employer."""
        pattern = pattern_of(self.kinds[number])
        alike = self.patterns[pattern]
        if self._counting_refuses(size, taken, self.sizes, self._bounds(size, self.quotas), pattern):
            return False
        most = self._enough(size, taken)
        for n in alike:
            most[n] = self.sizes[n]
        built = self._list_of(size, taken, most, self._bounds(size, self.quotas), self.quotas)
        built.model.add(built.total(alike) >= sum(taken[n] for n in alike) + 1)
        return _solve(built) is not None

    def largest(self, limit: int) -> int:
        """The length of the longest list of at most ``limit``; 0 when only the empty one keeps all quotas."""
        if limit < 1 or self.exists(limit, self.nothing()) is not None:
            return max(limit, 0)
        built = _empty(self.nothing(), self._enough(limit, self.nothing()))
        length = built.model.new_int_var(0, limit, "")
        built.model.add(built.total(range(len(self.kinds))) == length)
        for quota in self.quotas:
            self._as_linear(built, quota, length)
        built.model.maximize(length)
        return int(_solve(built).value(length))

    def most_of(self, size: int, taken: Sequence[int], group: Sequence[int]) -> int:
        """How many of ``group`` (counts per kind, not taken yet) can be in one list together."""
        enough = self._enough(size, taken)
        most = [max(enough[n], low + group[n]) for n, low in enumerate(taken)]
        built = self._list_of(size, taken, most, self._bounds(size, self.quotas), self.quotas)
        wanted = []
        for number, count in enumerate(group):
            if count:
                part = built.model.new_int_var(0, count, "")
                built.model.add(part <= built.counts[number] - taken[number])
                wanted.append(part)
        built.model.maximize(built.cp.LinearExpr.sum(wanted))
        solver = _solve(built)
        return 0 if solver is None else int(solver.objective_value)

    # --- what the models are made of ---

    def _enough(self, size: int, taken: Sequence[int]) -> list[int]:
        """So many of every kind that leaving the others aside changes no answer."""
        if size not in self._spared:
            self._spared[size] = needed(self.kinds, self.sizes, self.quotas, size)
        return [max(low, high) for low, high in zip(taken, self._spared[size], strict=True)]

    def _bounds(self, size: int, quotas: tuple[Quota, ...]) -> Bounds:
        """Bounds that can bind: at most as many as there are says nothing."""
        if (size, quotas) not in self._known:
            found = bounds_of(quotas, self.members, size)
            self._known[size, quotas] = {
                key: (low, high) for key, (low, high) in found.items() if low > 0 or self.there[key] > high
            }
        return self._known[size, quotas]

    def _counting_refuses(
        self, size: int, taken: Sequence[int], most: Sequence[int], bounds: Bounds, more: Keys | None = None
    ) -> bool:
        """What needs no solver: too many already (with one ``more`` that has these keys), or too few that could still come."""
        begun = sum(taken) + (more is not None)
        if not begun <= size <= sum(most) or any(n > there for n, there in zip(taken, self.sizes, strict=True)):
            return True
        have = Counter(key for number, count in enumerate(taken) if count for key in [*self.kinds[number]] * count)
        have.update(more or ())
        return any(
            have[key] > high or have[key] + size - begun < low or (low > 0 and self.there[key] < low)
            for key, (low, high) in bounds.items()
        )

    def _list_of(
        self, size: int, taken: Sequence[int], most: Sequence[int], bounds: Bounds, quotas: Sequence[Quota]
    ) -> _Model:
        built = _empty(taken, most)
        built.model.add(built.total(range(len(self.kinds))) == size)
        for key, (low, high) in bounds.items():
            built.model.add_linear_constraint(built.total(self.members[key]), low, high)
        for quota in quotas:
            if quota.rest:
                self._as_linear(built, quota, size)
        return built

    def _as_linear(self, built: _Model, quota: Quota, length: Any) -> None:
        """One quota over a list of ``length``, which may be unknown; shares are linear in the counts."""
        if quota.kind in {LEAST, MOST}:
            numerator, denominator = quota.percent.as_integer_ratio()
            if quota.rest:
                length = built.total([*self.members[quota.key], *self.members[quota.rest]])
            share, whole = 100 * denominator * built.total(self.members[quota.key]), numerator * length
            built.model.add(share >= whole if quota.kind == LEAST else share <= whole)
            return
        for key, numbers in self.members.items():
            most = quota.bounds(key, sum(self.sizes))[1]
            if most < self.there[key]:
                built.model.add(built.total(numbers) <= most)


def pattern_of(keys: Keys) -> Keys:
    """The groups and the track of a kind."""
    return frozenset(key for key in keys if not key.startswith(("union:", "employer:")))


def _empty(taken: Sequence[int], most: Sequence[int]) -> _Model:
    from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

    model = cp_model.CpModel()
    counts = {
        number: low if low == high else model.new_int_var(low, high, "")
        for number, (low, high) in enumerate(zip(taken, most, strict=True))
        if high
    }
    return _Model(cp_model, model, counts)


def _solve(built: _Model) -> Any:
    """The solver after it has found the answer, None when there is none. Raises RuntimeError when it could not tell."""
    solver = built.cp.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 7
    status = solver.solve(built.model)
    if status in {built.cp.OPTIMAL, built.cp.FEASIBLE}:
        return solver
    if status == built.cp.INFEASIBLE:
        return None
    raise RuntimeError(f"the solver could not tell: {solver.status_name(status)}")
