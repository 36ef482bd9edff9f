"""What is wrong with the dates of a cycle, said beside the stage. No database: the working calendar is handed in.

The same check answers the page while a bar is dragged and guards the act that saves (``open_cycle``, ``amend_cycle``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from portal.core.dates import WorkingCalendar, format_cn, local_date, weekday_cn
from portal.lifecycle.blueprints.stages import ApplicationParams, NoticeParams, RecommendationParams
from portal.lifecycle.blueprints.timeline import planned_working_days

# These may run beside an earlier stage that is still open: checking goes on while the call runs, experts begin with
# the cleared entries while the last opinions are awaited.
OVERLAPS = {"recommendation": {"application"}, "review": {"clearance"}}

OPENS, CLOSES = "opens", "closes"


@dataclass(frozen=True)
class Slot:
    """One stage with its dates; ``key`` names its fields on the page (``opens_<key>``). ``was`` = the dates in force."""

    key: int
    kind: str
    title: str
    opens: dt.datetime
    closes: dt.datetime
    params: Any = None
    status: str = "pending"
    was: tuple[dt.datetime, dt.datetime] | None = None

    @property
    def is_fixed(self) -> bool:
        """Finished stages stay where they were."""
        return self.status == "closed"

    @property
    def is_changed(self) -> bool:
        return self.was != (self.opens, self.closes)

    @property
    def first(self) -> dt.date:
        return local_date(self.opens)

    @property
    def last(self) -> dt.date:
        """The last day; what closes at midnight ends with the day before."""
        return local_date(self.closes - dt.timedelta(microseconds=1))


@dataclass(frozen=True)
class Finding:
    """An error stops saving, a warning (``is_error`` False) is only said. ``side``: the date that it is about."""

    key: int
    text: str
    side: str = CLOSES
    is_error: bool = True


@dataclass
class Checked:
    """All findings of one schedule."""

    findings: list[Finding] = field(default_factory=list)

    def of(self, key: int) -> list[Finding]:
        return [finding for finding in self.findings if finding.key == key]

    @property
    def errors(self) -> dict[str, list[str]]:
        """``{"closes_12": [text, …]}`` for the form."""
        found: dict[str, list[str]] = {}
        for finding in self.findings:
            if finding.is_error:
                found.setdefault(f"{finding.side}_{finding.key}", []).append(finding.text)
        return found

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]


def check(slots: Sequence[Slot], *, now: dt.datetime, calendar: WorkingCalendar) -> Checked:
    """Everything that is wrong or worth saying about the dates, stage by stage, in the order of the stages.

    Errors: order of the two dates and of the stages; overlaps that the engine does not open (``OVERLAPS``); a call
    shorter than its window; a notice with fewer working days than the rules ask; finished stages moved; ends in the
    past. Only what this change touches is an error: what was in force before stays in force. Warnings: days off, less
    time than the levels' own deadlines add up to, years whose holidays nobody knows.
    """
    findings: list[Finding] = []
    for slot in slots:
        if slot.is_changed:
            findings += _own(slot, now)
            findings += _length(slot, slots, calendar.lenient())
            findings += _days_off(slot, calendar)
    for earlier, later in pairwise(slots):
        if earlier.is_changed or later.is_changed:
            findings += _order(earlier, later)
    findings += _overlaps(slots)
    findings += _unknown_years(slots, calendar)
    order = {slot.key: number for number, slot in enumerate(slots)}
    return Checked(sorted(findings, key=lambda finding: (order[finding.key], not finding.is_error)))


def working_days(slot: Slot, calendar: WorkingCalendar) -> int:
    """Working days from the first to the last day of the stage, both counted."""
    if slot.last < slot.first:
        return 0
    return calendar.lenient().working_days_between(slot.first - dt.timedelta(days=1), slot.last)


def _own(slot: Slot, now: dt.datetime) -> list[Finding]:
    if slot.is_fixed:
        text = _("“%(stage)s”已完成，不能再改日期；需要时请重新开启该环节。") % {"stage": slot.title}
        return [Finding(slot.key, text)]
    if slot.closes <= slot.opens:
        return [Finding(slot.key, _("结束时间应晚于开始时间。"))]
    found = []
    was_opens, was_closes = slot.was or (None, None)
    if slot.closes != was_closes and slot.closes < now:
        found.append(Finding(slot.key, _("结束时间不能早于现在。")))
    if slot.status == "open" and slot.opens != was_opens and slot.opens > now:
        found.append(Finding(slot.key, _("环节已经开始，开始时间不能改到以后。"), OPENS))
    return found


def _order(earlier: Slot, later: Slot) -> list[Finding]:
    if later.opens < earlier.opens:
        text = _("不能早于“%(stage)s”的开始时间。") % {"stage": earlier.title}
        return [Finding(later.key, text, OPENS)]
    return []


def _overlaps(slots: Sequence[Slot]) -> list[Finding]:
    """Stages follow one another; those that may overlap still end in order."""
    found = []
    for number, later in enumerate(slots):
        beside: Collection[str] = OVERLAPS.get(later.kind, ())
        for earlier in slots[:number]:
            if not (earlier.is_changed or later.is_changed) or later.opens < earlier.opens:
                continue
            names = {"stage": earlier.title, "day": format_cn(earlier.last)}
            if earlier.kind in beside:
                if later.closes < earlier.closes:
                    text = _("“%(stage)s”到%(day)s才结束，本环节不能在此之前结束。") % names
                    found.append(Finding(later.key, text))
            elif later.opens < earlier.closes:
                text = _("“%(stage)s”到%(day)s才结束，两个环节不能交叉，请改到此后开始。") % names
                found.append(Finding(later.key, text, OPENS))
    return found


def _length(slot: Slot, slots: Sequence[Slot], calendar: WorkingCalendar) -> list[Finding]:
    if slot.is_fixed or slot.closes <= slot.opens:
        return []
    params = slot.params
    if isinstance(params, ApplicationParams):
        days = (slot.last - slot.first).days + 1
        if days < params.days:
            words = {"days": days, "least": params.days}
            return [Finding(slot.key, _("申报期只有%(days)s天，方案规定不少于%(least)s天。") % words)]
    if isinstance(params, NoticeParams):
        return _notice_length(slot, params, calendar)
    if isinstance(params, RecommendationParams):
        return _recommendation_length(slot, params, slots, calendar)
    return []


def _notice_length(slot: Slot, params: NoticeParams, calendar: WorkingCalendar) -> list[Finding]:
    # The day of publication does not count (民法典 第201条).
    have = calendar.working_days_between(slot.first, slot.last)
    needed = params.working_days
    words = {"have": have, "least": needed, "day": format_cn(calendar.add_working_days(slot.first, needed))}
    if have < needed:
        text = _("公示不少于%(least)s个工作日（发布当日不计），现在只有%(have)s个；结束日期最早为%(day)s。")
        return [Finding(slot.key, text % words)]
    if have < planned_working_days(params, 0) - 1:
        text = _("公示期满后处理异议最多需要%(days)s个工作日，现在的时间可能不够。")
        days = {"days": params.objection_ruling_working_days}
        return [Finding(slot.key, text % days, is_error=False)]
    return []


def _recommendation_length(
    slot: Slot, params: RecommendationParams, slots: Sequence[Slot], calendar: WorkingCalendar
) -> list[Finding]:
    have = calendar.working_days_between(slot.first - dt.timedelta(days=1), slot.last)
    notices = sum(params.notice_working_days.values())
    if have < notices:
        text = _("各级公示合计不少于%(least)s个工作日，现在只有%(have)s个。") % {"least": notices, "have": have}
        return [Finding(slot.key, text)]
    call_ends = max((other.last for other in slots if other.kind == "application"), default=slot.first)
    left = calendar.working_days_between(max(call_ends, slot.first), slot.last)
    needed = planned_working_days(params, 0)
    if left < needed:
        text = _("申报截止后各级审核和公示需要%(least)s个工作日，现在只有%(have)s个。") % {
            "least": needed,
            "have": left,
        }
        return [Finding(slot.key, text, is_error=False)]
    return []


def _days_off(slot: Slot, calendar: WorkingCalendar) -> list[Finding]:
    if slot.is_fixed:
        return []
    found = []
    sides = [(CLOSES, slot.last)] if slot.kind == "application" else [(OPENS, slot.first), (CLOSES, slot.last)]
    plain = calendar.lenient()
    for side, day in sides:
        if not plain.is_working_day(day):
            words = {
                "side": _("开始") if side == OPENS else _("结束"),
                "day": format_cn(day),
                "week": weekday_cn(day),
                "next": format_cn(plain.next_working_day(day)),
            }
            text = _("%(side)s日期%(day)s（%(week)s）是休息日，可顺延到%(next)s。") % words
            found.append(Finding(slot.key, text, side, is_error=False))
    return found


def _unknown_years(slots: Sequence[Slot], calendar: WorkingCalendar) -> list[Finding]:
    """Said once, at the first of the stages that it concerns, for all of them."""
    by_slot = [
        (slot.key, calendar.unknown_years(slot.first, slot.last))
        for slot in slots
        if slot.is_changed and not slot.is_fixed
    ]
    years = sorted({year for _key, found in by_slot for year in found})
    if not years:
        return []
    first = next(key for key, found in by_slot if found)
    text = _("%(years)s年的放假安排尚未录入，工作日按周一至周五推算。") % {"years": "、".join(map(str, years))}
    return [Finding(first, text, is_error=False)]
