"""A union decides on one entry; each function is one transition through ``perform``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from portal.core.context import Actor
from portal.core.dates import closing_time
from portal.core.errors import Invalid
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.recommendation.rules import recommendation_params


def endorse_entry(
    *,
    entry: Entry,
    actor: Actor,
    now: dt.datetime,
    opinion: str = "",
    vetoes_checked: bool = False,
    expected_version: int | None = None,
) -> Entry:
    """同意推荐: to the next union of the route, or recommended at the last one.

    Raises Refused with every reason (no place left, not ranked, local notice not over, ratio broken …), Conflict when
    somebody was faster, Invalid when the opinion is longer than the blueprint allows or the vetoes were not checked.
    """
    _check_opinion(entry, opinion, "opinion")
    require_vetoes_checked(entry.cycle, checked=vetoes_checked)
    return perform(
        entry,
        "endorse",
        actor=actor,
        now=now,
        opinion=opinion,
        vetoes_checked=vetoes_checked,
        expected_version=expected_version,
    )


def return_entry(
    *,
    entry: Entry,
    actor: Actor,
    now: dt.datetime,
    reason: str,
    due_on: dt.date | None = None,
    field_reasons: Mapping[str, str] | None = None,
    expected_version: int | None = None,
) -> Entry:
    """退回补正: back to the unit with reasons (also by field) and a deadline (17:00 of ``due_on``).

    Without ``due_on`` the blueprint's ``return_days`` working days count. Raises Invalid for a missing reason, a past
    date or an unknown field.
    """
    known = {spec.code for spec in entry.cycle.rules.fields}
    wrong = sorted(set(field_reasons or {}) - known)
    if wrong:
        raise Invalid("没有这个栏目。", fields={"field_reasons": [f"没有栏目：{'、'.join(wrong)}"]})
    return perform(
        entry,
        "return",
        actor=actor,
        now=now,
        reason=reason,
        due_at=closing_time(due_on, "17:00") if due_on else None,
        field_reasons=dict(field_reasons or {}),
        expected_version=expected_version,
    )


def decline_entry(
    *, entry: Entry, actor: Actor, now: dt.datetime, reason: str, expected_version: int | None = None
) -> Entry:
    """不予推荐: the entry ends here; the reason is required and shown to the unit."""
    _check_opinion(entry, reason, "reason")
    return perform(entry, "decline", actor=actor, now=now, reason=reason, expected_version=expected_version)


def require_vetoes_checked(cycle: Cycle, *, checked: bool) -> None:
    """一票否决: the union says that it has checked them, where the blueprint names any. Raises Invalid."""
    if cycle.rules.vetoes and not checked:
        message = "请逐项核对一票否决情形，并勾选“已核对，均不存在”。"
        raise Invalid(message, fields={"vetoes_checked": [message]})


def _check_opinion(entry: Entry, text: str, field: str) -> None:
    params = recommendation_params(entry.cycle)
    if params is not None and (over := len(text) - params.opinion_max) > 0:
        raise Invalid("意见过长。", fields={field: [f"最多{params.opinion_max}字，已超出{over}字。"]})
