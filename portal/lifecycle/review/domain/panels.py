"""Panels: who reviews, which track, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.vocabulary import SHEET_METHODS, ReviewMethod
from portal.lifecycle.review.models import Assignment, AssignmentState, Panel, PanelMember

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.programmes.models import CycleStage, Track


def save_panel(
    *,
    actor: Actor,
    stage: CycleStage,
    name: str,
    members: Iterable[int],
    now: dt.datetime,
    panel: Panel | None = None,
    track: Track | None = None,
    chair: int | None = None,
    due_at: dt.datetime | None = None,
) -> Panel:
    """Creates or changes a panel; ``members`` are the user ids of active experts of the pool, ``chair`` one of them.

    Raises Invalid when the name is taken, nobody is in it, the chair is no member, or somebody who still has open
    sheets is left out (withdraw these first); Conflict where experts fill in no sheets.
    """
    policy_for("review").require(actor, "review.assign", stage)
    if stage.params.get("method", ReviewMethod.RUBRIC_PANEL) not in SHEET_METHODS:
        raise Conflict("本届次不由专家填写评分表，不设评审组。")
    wanted = list(dict.fromkeys(members))
    _check(wanted, chair)
    action = "lifecycle.panel.changed" if panel else "lifecycle.panel.created"
    try:
        with transaction.atomic():
            saved = lock_row(Panel, panel.pk) if panel else Panel(stage=stage)
            before = _facts(saved) if panel else {}
            saved.name, saved.track, saved.due_at = name.strip(), track, due_at
            saved.save()
            _set_members(saved, wanted, chair)
            record(action, saved, actor=actor, before=before, after=_facts(saved), now=now)
    except IntegrityError:
        raise Invalid("名称重复。", fields={"name": ["本环节已有同名的评审组，请换一个名称。"]}) from None
    return saved


def remove_panel(*, actor: Actor, panel: Panel, now: dt.datetime) -> None:
    """Removes a panel to which nothing was assigned. Conflict otherwise."""
    policy_for("review").require(actor, "review.assign", panel)
    with transaction.atomic():
        locked = lock_row(Panel, panel.pk)
        if Assignment.objects.filter(panel=locked).exists():
            raise Conflict("评审组已有评审任务，不能撤销；可以修改成员或截止时间。")
        record("lifecycle.panel.removed", locked, actor=actor, before=_facts(locked), now=now)
        locked.delete()


def _check(wanted: list[int], chair: int | None) -> None:
    if not wanted:
        raise Invalid("请选择成员。", fields={"members": ["请至少选择一位专家。"]})
    if chair is not None and chair not in wanted:
        raise Invalid("组长须是成员。", fields={"chair": ["组长须从本组成员中选择。"]})


def _set_members(panel: Panel, wanted: list[int], chair: int | None) -> None:
    current = {m.expert_id: m for m in PanelMember.objects.filter(panel=panel)}
    gone = set(current) - set(wanted)
    busy = Assignment.objects.filter(panel=panel, expert_id__in=gone, state=AssignmentState.OPEN)
    names = sorted({str(a.expert) for a in busy.select_related("expert")})
    if names:
        text = f"{'、'.join(names)}还有未完成的评审任务，请先收回再移出本组。"
        raise Invalid(text, fields={"members": [text]})
    PanelMember.objects.filter(panel=panel, expert_id__in=gone).delete()
    for expert_id in wanted:
        is_chair = expert_id == chair
        if expert_id not in current:
            PanelMember.objects.create(panel=panel, expert_id=expert_id, is_chair=is_chair)
        elif current[expert_id].is_chair != is_chair:
            PanelMember.objects.filter(pk=current[expert_id].pk).update(is_chair=is_chair)


def _facts(panel: Panel) -> dict[str, object]:
    members = PanelMember.objects.filter(panel=panel).order_by("expert_id")
    return {
        "name": panel.name,
        "track": panel.track_id,
        "due_at": panel.due_at.isoformat() if panel.due_at else None,
        "members": [m.expert_id for m in members],
        "chair": next((m.expert_id for m in members if m.is_chair), None),
    }
