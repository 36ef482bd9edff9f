"""Rulings on conflicts: pinning one, clearing one (counts when a second person has confirmed it), taking one back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.review.conflict_models import ConflictRuling, RulingKind
from portal.lifecycle.review.domain.assigning import lock_panel
from portal.lifecycle.review.domain.marking import recuse_locked
from portal.lifecycle.review.models import Assignment, AssignmentState, Panel
from portal.lifecycle.review.queries.conflicts import panel_case

if TYPE_CHECKING:
    from portal.core.context import Actor

MAX_REASON = 300
ACTIONS = {RulingKind.CLEARED: "lifecycle.conflict.cleared", RulingKind.PINNED: "lifecycle.conflict.pinned"}


def rule(
    *, actor: Actor, panel: Panel, entry: int, expert: int, kind: str, reason: str, now: dt.datetime
) -> ConflictRuling:
    """Pins a pair (an open sheet is recused at once), or proposes to clear what the system found or was declared.

    Raises Invalid without a reason, for strangers, where nothing is to be cleared or the expert stepped back; Conflict
    when there is a ruling already.
    """
    reason = reason.strip()[:MAX_REASON]
    if not reason:
        raise Invalid(_("请写明理由。"), fields={"reason": [_("请写明理由。")]})
    policy_for("review").require(actor, "review.assign", panel)
    with transaction.atomic():
        locked = lock_panel(panel, now)
        case, key, who = panel_case(locked), str(entry), str(expert)
        if key not in case.entries or who not in case.members:
            raise Invalid(_("所选申报件或专家不在本评审组内，请刷新页面。"))
        if kind == RulingKind.CLEARED:
            _check_clearable(case, key, who)
        try:
            with transaction.atomic():
                found = ConflictRuling.objects.create(
                    owner=locked.stage.cycle.owner, expert=case.members[who].expert, entry=case.entries[key],
                    kind=RulingKind(kind), reason=reason, ruled_by=actor.user, ruled_at=now,
                )  # fmt: skip
        except IntegrityError:
            raise Conflict(_("这一组合已有认定，请先撤销原认定。")) from None
        record(
            ACTIONS[found.kind], found, actor=actor, now=now, expert=expert, entry=entry, reason=reason
        )  # fmt: skip
        if kind == RulingKind.PINNED:
            _recuse(found, actor, now)
        return found


def confirm_ruling(*, actor: Actor, ruling: ConflictRuling, now: dt.datetime) -> ConflictRuling:
    """The second person's eye: organiser or supervisor of the federation, not who ruled. Conflict when confirmed."""
    with transaction.atomic():
        locked = lock_row(ConflictRuling, ruling.pk)
        policy_for("review").require(actor, "review.marks", locked.entry.cycle)
        if locked.ruled_by_id == actor.user_id:
            raise Conflict(_("解除回避须由另一人复核，不能复核自己的认定。"), code="same_person")
        if locked.counts:
            raise Conflict(_("这项认定已经生效。"))
        locked.confirmed_by, locked.confirmed_at = actor.user, now
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        record(
            "lifecycle.conflict.confirmed", locked, actor=actor, now=now, expert=locked.expert_id, entry=locked.entry_id
        )  # fmt: skip
        return locked


def withdraw_ruling(*, actor: Actor, ruling: ConflictRuling, now: dt.datetime) -> None:
    """Takes a ruling back; what the system found or was declared excludes again. Conflict while a sheet relies on it."""
    with transaction.atomic():
        locked = lock_row(ConflictRuling, ruling.pk)
        policy_for("review").require(actor, "review.assign", locked.entry.cycle)
        relies = Assignment.objects.filter(entry=locked.entry, expert=locked.expert).exclude(
            state=AssignmentState.RECUSED
        )
        if locked.kind == RulingKind.CLEARED and relies.exists():
            raise Conflict(_("该专家已分到这份申报件，请先收回评审任务再撤销认定。"))
        record(
            "lifecycle.conflict.unruled", locked, actor=actor, now=now, expert=locked.expert_id, entry=locked.entry_id
        )  # fmt: skip
        locked.delete()


def _check_clearable(case: object, entry: str, expert: str) -> None:
    if (expert, entry) in case.recused:
        raise Invalid(_("专家本人已对此件回避，不能解除。"))
    to_review = next(e for e in case.to_review if e.code == entry)
    person = next(e for e in case.experts if e.code == expert)
    if not case.found(to_review, person):
        raise Invalid(_("这一组合没有须回避的情形，不用解除。"))


def _recuse(ruling: ConflictRuling, actor: Actor, now: dt.datetime) -> None:
    rows = Assignment.objects.filter(entry=ruling.entry, expert=ruling.expert, state=AssignmentState.OPEN)
    for assignment in lock_rows(rows.select_related("panel__stage__cycle__owner", "entry")):
        recuse_locked(assignment, reason=f"固定回避：{ruling.reason}"[:MAX_REASON], actor=actor, now=now)
