"""资格条件: may this subject enter at all. Named by a programme in the ``guards`` of its application stage."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.dates import format_cn, local_date
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.identifiers import IdentifierError, parse_citizen_id
from portal.lifecycle.blueprints.schema import Veto
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import Guard, register_guard
from portal.lifecycle.engine.states import OPEN_STATES, EntryState
from portal.lifecycle.entries.content import answers_of, first_person
from portal.lifecycle.entries.eligibility.dates import is_barred, years_after
from portal.lifecycle.entries.eligibility.queries import same_subject


def one_path(act: Act, params: dict[str, Any]) -> Decision:
    """一个对象一年走一条路: the subject has no other entry under way in this or the named programmes of the same year."""
    entry, rules = act.entry, act.cycle.rules
    rows = same_subject(entry, [rules.programme.code, *rules.limits.one_path])
    if rows is None:
        return ALLOWED
    under_way = {*OPEN_STATES, EntryState.CONFERRED} - {EntryState.DRAFT}
    other = rows.filter(cycle__year=act.cycle.year, state__in=under_way).first()
    if other is None:
        return ALLOWED
    words = {"cycle": other.cycle, "code": other.code, "union": other.organisation}
    return refuse(
        "one_path", _("同一对象本年度已由“%(union)s”申报“%(cycle)s”（%(code)s），一年只能通过一条渠道申报。") % words
    )


def veto_period(act: Act, params: dict[str, Any]) -> Decision:
    """否决期限: the day of the last event plus the years of the veto, both ends inclusive; 0 years = in this cycle's period."""
    answers, today = answers_of(act.entry), local_date(act.now)
    found = []
    for veto in act.cycle.rules.vetoes:
        event = _day(answers.get(veto.event_field)) if veto.event_field else None
        if event is not None and _bars(veto, event, act.cycle.period_start, today):
            found.append(_veto_words(veto, event))
    return refuse("veto_period", "；".join(found)) if found else ALLOWED


def retirement(act: Act, params: dict[str, Any]) -> Decision:
    """退休年龄: by the birthday in the ID number of the first person; ``retire_margin`` years must be left."""
    limits, today = act.cycle.rules.limits, local_date(act.now)
    number = first_person(act.cycle.rules, answers_of(act.entry))
    try:
        person = parse_citizen_id(number, today=today, allow_unassigned_area=True) if number else None
    except IdentifierError:
        return ALLOWED  # the form itself says what is wrong with the number
    if person is None:
        return ALLOWED
    age = limits.retire_men if person.sex == "male" else limits.retire_women
    last = age - limits.retire_margin
    if not age or person.age_on(today) < last:
        return ALLOWED
    if limits.retire_margin:
        return refuse("retirement", _("申报人距退休年龄（%(age)d岁）已不足%(left)d年，不能申报。") % {"age": age, "left": limits.retire_margin})  # fmt: skip
    return refuse("retirement", _("申报人已达到退休年龄（%d岁），不能申报。") % age)


def posts(act: Act, params: dict[str, Any]) -> Decision:
    """职务限制: the posts that do not take part."""
    rules = act.cycle.rules
    limits = rules.limits
    value = answers_of(act.entry).get(limits.post_field)
    if value not in limits.barred_posts:
        return ALLOWED
    choices = {choice.value: choice.label for choice in rules.field(limits.post_field).choices}
    return refuse("post", _("“%s”不参加本项目的申报。") % choices.get(value, value))


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _bars(veto: Veto, event: dt.date, period_start: dt.date, today: dt.date) -> bool:
    if veto.bar_years == 0:
        return period_start <= event <= today
    return is_barred(event, veto.bar_years, today)


def _veto_words(veto: Veto, event: dt.date) -> str:
    words = {"veto": veto.text.rstrip("。"), "event": format_cn(event)}
    if veto.bar_years == 0:
        return _("%(veto)s（%(event)s），本届不得申报") % words
    words["until"] = format_cn(years_after(event, veto.bar_years))
    return _("%(veto)s（%(event)s），%(until)s（含）以前不得申报") % words


for key, label, function in (
    ("engine.one_path", gettext_lazy("一年只走一条申报渠道"), one_path),
    ("engine.veto_period", gettext_lazy("否决期限"), veto_period),
    ("engine.retirement", gettext_lazy("未到退休年龄"), retirement),
    ("engine.posts", gettext_lazy("职务限制"), posts),
):
    register_guard(Guard(key, label, "submit", function))
