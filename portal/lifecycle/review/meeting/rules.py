"""When a ballot decides. Pure.

The rule in words (domain.md 0.6: votes after discussion, two rounds)
    1. A round counts only when the ballots cast reach the quorum of those entitled: the members of the meeting without
       those who keep away from the item.
    2. An item is passed when the votes in favour reach the majority of the ballots cast; abstentions are cast.
    3. Otherwise there is another round while there are rounds left; after the last one the item is not passed.

Shares are fractions and compared exactly: 过半数 is more than half, the others are at least their share.
"""

from __future__ import annotations

from fractions import Fraction

from portal.lifecycle.blueprints.vocabulary import MajorityRule

PASSED, FAILED, AGAIN, NO_QUORUM = "passed", "failed", "again", "no_quorum"
SHARES = {
    MajorityRule.TWO_THIRDS: Fraction(2, 3),
    MajorityRule.FOUR_FIFTHS: Fraction(4, 5),
    MajorityRule.ALL: Fraction(1),
}


def reaches(part: int, whole: int, rule: str) -> bool:
    """Whether ``part`` of ``whole`` is the share; nothing is a share of nothing."""
    if whole <= 0:
        return False
    if rule == MajorityRule.MORE_THAN_HALF:
        return 2 * part > whole
    return part >= SHARES[MajorityRule(rule)] * whole


def outcome(
    *, yes: int, cast: int, entitled: int, quorum: str, majority: str, number: int, rounds: int
) -> str:  # fmt: skip
    """What a closed round means. A round without quorum is held again and does not use up one of the ``rounds``."""
    if not 0 <= yes <= cast <= entitled:
        raise ValueError("counts contradict each other")
    if not reaches(cast, entitled, quorum):
        return NO_QUORUM
    if reaches(yes, cast, majority):
        return PASSED
    return AGAIN if number < rounds else FAILED
