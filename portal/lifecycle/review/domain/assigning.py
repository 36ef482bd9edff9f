"""Assignments: by hand, by an accepted proposal, and taking them back. Conflicts are excluded without exception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from portal.audit.domain import record
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import Assignment, AssignmentState, Panel, Score
from portal.lifecycle.review.queries.conflicts import PanelCase, panel_case
from portal.lifecycle.review.queries.proposal import Proposal, propose

if TYPE_CHECKING:
    from portal.core.context import Actor

STALE = "在您查看方案之后，申报件、专家或回避关系已有变化，方案没有采用。请重新生成后再确认。"


def accept_proposal(*, actor: Actor, panel: Panel, seed: str, fingerprint: str, now: dt.datetime) -> Proposal:
    """Writes exactly the proposal that was shown; its seed goes into the audit log, so that anybody can repeat it.

    Raises Conflict when the case has changed since (the same seed would propose something else).
    """
    policy_for("review").require(actor, "review.assign", panel)
    with transaction.atomic():
        locked = lock_panel(panel, now)
        proposal = propose(locked, seed=seed)
        if proposal.fingerprint != fingerprint:
            raise Conflict(STALE, code="stale")
        _write(actor, locked, proposal.case, proposal.new_pairs, now, how="automatic", seed=seed)
        return proposal


def assign_by_hand(*, actor: Actor, panel: Panel, pairs: Iterable[tuple[int, int]], now: dt.datetime) -> int:
    """Assigns (entry id, user id) pairs; pairs that exist are left alone. Returns how many were new.

    Raises Invalid naming every pair that a conflict excludes or that names a stranger; then nothing is written.
    """
    policy_for("review").require(actor, "review.assign", panel)
    with transaction.atomic():
        locked = lock_panel(panel, now)
        case = panel_case(locked)
        wanted = sorted({(str(entry), str(expert)) for entry, expert in pairs})
        fresh = [(e, x) for e, x in wanted if x not in case.existing.get(e, [])]
        problems = [text for entry, expert in fresh if (text := why_not(case, entry, expert))]
        if problems:
            raise Invalid("；".join(problems[:10]), fields={"pair": problems})
        _write(actor, locked, case, fresh, now, how="manual", seed="")
        return len(fresh)


def withdraw_assignment(*, actor: Actor, assignment: Assignment, now: dt.datetime) -> None:
    """Takes back a sheet on which nothing has been marked yet.

    Raises Conflict when it has marks or is submitted (reopen it, or let the expert recuse).
    """
    with transaction.atomic():
        rows = lock_rows(
            Assignment.objects.filter(pk=assignment.pk).select_related("panel__stage__cycle__owner", "entry")
        )
        if not rows:
            raise Assignment.DoesNotExist
        locked = rows[0]
        policy_for("review").require(actor, "review.assign", locked)
        marked = Score.objects.filter(assignment=locked).exclude(value=None, abstained=False).exists()
        if locked.state != AssignmentState.OPEN or marked or locked.seals.exists():  # a sealed sheet stays as evidence
            raise Conflict("专家已开始评分，不能收回；如需更换，请由专家申请回避后另行分配。")
        record(
            "lifecycle.assignment.withdrawn",
            locked,
            actor=actor,
            now=now,
            entry=locked.entry_id,
            expert=locked.expert_id,
        )
        locked.delete()


def why_not(case: PanelCase, entry: str, expert: str) -> str:
    """Why this pair must not be; empty when it may."""
    if entry not in case.entries or expert not in case.members:
        return "所选申报件或专家不在本评审组内，请刷新页面。"
    to_review = next(e for e in case.to_review if e.code == entry)
    person = next(e for e in case.experts if e.code == expert)
    title = f"{case.members[expert].expert} 评审“{case.entries[entry]}”："
    if person.capacity == 0:
        return title + "该专家未在库或已停用"
    reason = case.reason(to_review, person)
    return title + reason if reason else ""


def lock_panel(panel: Panel, now: dt.datetime) -> Panel:
    """The panel, locked: two people assigning at once follow one another. Conflict when the stage is not open."""
    lock_row(Panel, panel.pk)
    locked = Panel.objects.select_related("stage__cycle__owner", "track").get(pk=panel.pk)
    if not locked.stage.is_open_at(now):
        raise Conflict("评审环节没有开放，不能分配评审任务。", code="closed")
    return locked


def _write(
    actor: Actor, panel: Panel, case: PanelCase, pairs: list[tuple[str, str]], now: dt.datetime, **facts: Any
) -> None:
    if not pairs:
        return
    ids = {int(entry) for entry, _ in pairs}
    # Completing a review counts the sheets under the entry's lock.
    locked = lock_rows(Entry.objects.filter(pk__in=ids, state=EntryState.IN_REVIEW))
    if len(locked) != len(ids):
        raise Conflict(STALE, code="stale")
    ordered = sorted(pairs, key=lambda pair: (case.entries[pair[0]].review_code, pair[1]))
    try:
        with transaction.atomic():
            Assignment.objects.bulk_create(
                Assignment(panel=panel, entry_id=int(entry), expert_id=int(expert)) for entry, expert in ordered
            )
    except IntegrityError:
        raise Conflict(STALE, code="stale") from None
    record(
        "lifecycle.panel.assigned",
        panel,
        actor=actor,
        now=now,
        pairs=[[case.entries[e].code, int(x)] for e, x in ordered],
        count=len(ordered),
        **facts,
    )
