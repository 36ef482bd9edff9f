"""Changing the dates and facts of a cycle that exists: with a reason, audited, and told to those concerned."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import format_cn
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.programmes.announcement_models import AnnouncementKind
from portal.lifecycle.programmes.domain.announcing import announce
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus
from portal.lifecycle.programmes.planning import Dates, check_slots, cycle_slots, with_dates
from portal.lifecycle.programmes.schedule import Slot

AMENDABLE = ("label", "call_number", "period_start", "period_end")


def amend_cycle(
    *,
    cycle: Cycle,
    actor: Actor,
    now: dt.datetime,
    reason: str,
    dates: Dates | None = None,
    is_public: bool = True,
    **fields: Any,
) -> Cycle:
    """Changes dates (``{stage id: (opens_at, closes_at)}``) or facts (``AMENDABLE``) of a cycle, with a reason, and
    tells those concerned.

    The pinned rules stay. Raises Invalid beside the field: no reason, nothing changed, dates that break a rule
    (``schedule.check``); Conflict when the cycle is over.
    """
    policy_for("cycle").require(actor, "amend", cycle)
    require_reason(reason)
    if unknown := set(fields) - set(AMENDABLE):
        raise TypeError(f"not amendable: {sorted(unknown)}")
    with transaction.atomic():
        locked = lock_row(Cycle, cycle.pk)
        require_alive(locked)
        before, after, lines = _change_facts(locked, fields)
        moved = _move(locked, dates or {}, now)
        for slot in moved:
            before[f"{slot.kind}.dates"] = list(slot.was or ())
            after[f"{slot.kind}.dates"] = [slot.opens, slot.closes]
        lines += date_lines(moved)
        if not lines:
            raise Invalid("没有需要保存的改动。")
        locked.save()
        record(
            "lifecycle.cycle.amended", locked, actor=actor, before=before, after=after, now=now, reason=reason.strip()
        )
        announce(
            locked,
            kind=AnnouncementKind.DATES,
            lines=lines,
            reason=reason,
            is_public=is_public,
            actor=actor,
            now=now,
        )
        return locked


def require_reason(reason: str) -> None:
    """Raises Invalid beside ``reason`` when there is none."""
    if not reason.strip():
        raise Invalid("请写明调整原因。", fields={"reason": ["请写明调整原因，将随调整一并公开记录。"]})


def require_alive(cycle: Cycle) -> None:
    """Raises Conflict when the cycle is over."""
    if cycle.status in {CycleStatus.FINISHED, CycleStatus.CANCELLED}:
        raise Conflict(f"“{cycle}”{cycle.get_status_display()}，不能再调整。")


def _change_facts(cycle: Cycle, fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    before, after, lines = {}, {}, []
    for name, value in fields.items():
        old = getattr(cycle, name)
        if old == value:
            continue
        before[name], after[name] = old, value
        setattr(cycle, name, value)
        label = Cycle._meta.get_field(name).verbose_name
        words = {"label": label, "old": _in_words(old), "new": _in_words(value)}
        lines.append(_("%(label)s由“%(old)s”改为“%(new)s”") % words)
    if cycle.period_end < cycle.period_start:
        raise Invalid("成果截止早于起始。", fields={"period_end": ["不能早于成果起始日期。"]})
    return before, after, lines


def _in_words(value: Any) -> str:
    if isinstance(value, dt.date):
        return format_cn(value)
    return str(value) or _("（空）")


def _move(cycle: Cycle, dates: Dates, now: dt.datetime) -> list[Slot]:
    """Checks and stores the dates; the slots that have moved."""
    slots = with_dates(cycle_slots(cycle), dates)
    if errors := check_slots(slots, now=now).errors:
        raise Invalid("有的日期需要修改。", fields=errors)
    moved = [slot for slot in slots if slot.is_changed]
    CycleStage.objects.bulk_update(
        [CycleStage(pk=slot.key, opens_at=slot.opens, closes_at=slot.closes) for slot in moved],
        ["opens_at", "closes_at"],
    )
    return moved


def date_lines(moved: list[Slot]) -> list[str]:
    """“申报：结束由2026年4月1日 17:00改为2026年4月8日 17:00”, one line per stage."""
    lines = []
    for slot in moved:
        if slot.was is None:
            continue
        parts = []
        for side, old, new in zip((_("开始"), _("结束")), slot.was, (slot.opens, slot.closes), strict=True):
            if old != new:
                words = {"side": side, "old": format_cn(old), "new": format_cn(new)}
                parts.append(_("%(side)s由%(old)s改为%(new)s") % words)
        lines.append(f"{slot.title}：{'，'.join(parts)}")
    return lines
