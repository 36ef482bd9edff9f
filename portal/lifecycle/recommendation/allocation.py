"""Places for nominating unions in proportion to their members. Pure; exact fractions, never floats.

Largest remainder (最大余数法) between bounds: every union gets at least ``minimum`` and at most ``maximum`` places, the
exact shares in between are proportional to the members, whole places are given first and the rest goes to the largest
fractions. The sum is exact. (Like every quota method it is not house-monotone: one place more in all may cost a union a
place; the result is a proposal that the municipal desk confirms.)
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


class AllocationError(ValueError):
    """The places cannot be divided under these bounds; ``str(error)`` is the Chinese reason."""


def allocate_places(
    members: Mapping[str, int],
    places: int,
    *,
    minimum: int = 1,
    maximum: int | None = None,
    special: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Divide ``places`` among the unions of ``members`` (code → number of members); the result adds up to ``places``.

    ``special`` fixes the number of single unions, outside all bounds; the others share what is left. Equal remainders go
    to the union with more members, then by code. Unions that ``special`` names but ``members`` does not are an error.
    Raises :class:`AllocationError` with a Chinese reason when bounds and places contradict each other.
    """
    fixed = dict(special or {})
    if fixed.keys() - members.keys():
        raise AllocationError(f"单独指定名额的单位不在分配范围内：{'、'.join(sorted(fixed.keys() - members.keys()))}")
    if minimum < 0 or min([places, *members.values(), *fixed.values()], default=0) < 0:
        raise AllocationError("名额和会员人数不能为负数")
    if maximum is not None and maximum < minimum:
        raise AllocationError("每家最多名额不能小于保底名额")
    rest = {code: count for code, count in members.items() if code not in fixed}
    free = places - sum(fixed.values())
    high = max(free, minimum) if maximum is None else maximum
    if free < minimum * len(rest):
        raise AllocationError(
            f"可分配名额{max(free, 0)}个，不够{len(rest)}家单位每家至少{minimum}个，请增加名额或减少保底数"
        )
    if free > high * len(rest):
        raise AllocationError(f"名额{free}个分不完：{len(rest)}家单位每家最多{high}个，请提高上限或减少名额")
    shares = _bounded_shares(rest, free, minimum, high)
    given = {code: int(share) for code, share in shares.items()}
    order = sorted(rest, key=lambda code: (given[code] - shares[code], -rest[code], code))
    for code in order[: free - sum(given.values())]:
        given[code] += 1
    return {code: fixed[code] if code in fixed else given[code] for code in members}


def _bounded_shares(members: Mapping[str, int], places: int, low: int, high: int) -> dict[str, Fraction]:
    """Exact shares λ·members, clamped to ``low`` … ``high``, with the one λ for which they add up to ``places``.

    The sum grows with λ, bending only where a union leaves its lower or reaches its upper bound; so λ lies between two
    neighbouring bends, and there the sum is a straight line. Unions without members count as equal to each other and are
    filled only when all others are at their upper bound.
    """
    weights = {code: Fraction(count) for code, count in members.items() if count}
    empty = [code for code in members if code not in weights]
    # What members may take while the unions without members stay at the lower bound.
    target = min(Fraction(places - low * len(empty)), Fraction(high * len(weights)))
    shares = dict.fromkeys(empty, (places - target) / max(len(empty), 1))
    bends = sorted({Fraction(0), *(bound / weight for weight in weights.values() for bound in (low, high))})

    def clamped(factor: Fraction) -> dict[str, Fraction]:
        return {code: min(max(factor * weight, Fraction(low)), Fraction(high)) for code, weight in weights.items()}

    before = max(bend for bend in bends if sum(clamped(bend).values()) <= target)
    at = clamped(before)
    growing = sum(w for code, w in weights.items() if low <= before * w < high)
    missing = target - sum(at.values())
    return shares | clamped(before + missing / growing if missing else before)


def places_by_members(
    members: Mapping[str, int],
    members_per_place: int,
    *,
    minimum: int = 1,
    maximum: int | None = None,
    special: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """One place for each full ``members_per_place`` members, at least ``minimum``, at most ``maximum``; no fixed sum.

    ``special`` numbers win over everything. Raises :class:`AllocationError` when ``members_per_place`` is below 1.
    """
    if members_per_place < 1:
        raise AllocationError("“每多少名会员一个名额”必须大于零")
    fixed = special or {}
    result = {}
    for code, count in members.items():
        places = max(minimum, count // members_per_place)
        result[code] = fixed.get(code, places if maximum is None else min(places, maximum))
    return result
