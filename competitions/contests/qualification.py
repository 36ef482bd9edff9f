"""资格审核: every reason for and against, in words. Pure (domain.md 2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from competitions.contests.enums import LADDER, Group, Level


@dataclass(frozen=True, slots=True)
class Facts:
    group: str
    level: str
    trade_years: int
    is_insured: bool
    is_employed: bool
    is_champion: bool
    min_level: str = ""
    min_years: int = 0
    elsewhere: str = ""  # another contest of the host and year in which the person is registered


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    passed: bool
    words: str

    def plain(self) -> dict[str, str | bool]:
        return {"code": self.code, "passed": self.passed, "words": self.words}


def reasons_of(facts: Facts) -> list[Reason]:
    """All checks, passed or not, in the order in which they are read."""
    found = []
    if facts.group == Group.WORKER:
        found += [
            _reason("insured", facts.is_insured, _("在本市缴纳社会保险"), _("没有在本市缴纳社会保险")),
            _reason("employed", facts.is_employed, _("在岗"), _("不在岗")),
        ]
    if facts.min_years:
        good = _("工种年限%(have)d年，要求%(want)d年") % {"have": facts.trade_years, "want": facts.min_years}
        bad = _("工种年限只有%(have)d年，要求%(want)d年") % {"have": facts.trade_years, "want": facts.min_years}
        found.append(_reason("years", facts.trade_years >= facts.min_years, good, bad))
    if facts.min_level:
        wanted = str(Level(facts.min_level).label)
        held = LADDER.index(Level(facts.level)) >= LADDER.index(Level(facts.min_level))
        found.append(_reason("level", held, _("达到%s及以上") % wanted, _("没有达到%s") % wanted))
    found.append(
        _reason("champion", not facts.is_champion, _("未获同职业技术能手"), _("已获同职业技术能手及以上称号，不再参赛"))
    )
    other = _("同年已报名“%s”，每人限报一个赛项") % facts.elsewhere
    found.append(_reason("once", not facts.elsewhere, _("没有报名其他赛项"), other))
    return found


def _reason(code: str, passed: bool, good: str, bad: str) -> Reason:
    return Reason(code, passed, good if passed else bad)


def is_qualified(reasons: list[Reason]) -> bool:
    return all(reason.passed for reason in reasons)
