"""The door: the only writer of ``Entry.state``.

Open a transaction → lock the entry and re-read it → table row, state and stage → policy → every guard → effect →
audit → signal. A repeated request finds the new state and gets a Conflict (409 page), not an error.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import format_cn
from portal.core.db import lock_row
from portal.core.decisions import Decision, refuse
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.lifecycle.engine.registry import registry
from portal.lifecycle.engine.signals import entry_transitioned
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.engine.transitions import TRANSITIONS, Transition

MAX_REASON = 2000
TRACKED = ("state", "at_level", "at_organisation_id", "nomination_rank", "is_reserve_nomination", "final_rank")


@dataclass
class Act:
    """One transition under way. Effects set fields of ``entry`` and may set ``target`` where the table leaves it open."""

    entry: Any
    transition: Transition
    actor: Actor
    now: dt.datetime
    payload: dict[str, Any]
    stage: Any = None
    target: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)  # goes into the audit event

    @property
    def cycle(self) -> Any:
        return self.entry.cycle

    @property
    def params(self) -> dict[str, Any]:
        """Parameters of the open stage, as the cycle pinned them."""
        return self.stage.params if self.stage is not None else {}

    @property
    def reason(self) -> str:
        return str(self.payload.get("reason", "")).strip()


def perform(entry: Any, name: str, *, actor: Actor, now: dt.datetime, **payload: Any) -> Any:
    """Carries out one transition and returns the entry as it is now.

    Raises Conflict when the state has moved on, Refused with every reason when the policy or guards refuse,
    Invalid when the reason is missing, ``Entry.DoesNotExist`` outside the scope, LookupError for an unknown name.
    ``payload["expected_version"]`` (optional) makes a stale page a Conflict.
    """
    transition = TRANSITIONS[name]
    model = apps.get_model("lifecycle", "Entry")
    with transaction.atomic():
        locked = lock_row(model, getattr(entry, "pk", entry))
        act = Act(locked, transition, actor, now, payload)
        _check_state(act)
        policy_for(transition.policy_action).require(actor, transition.policy_action, locked)
        act.stage = _open_stage(act)
        _check_reason(act)
        refusals = refusals_of(act)
        if refusals:
            raise Refused(*refusals)
        _apply(act)
        return locked


def preview(entry: Any, name: str, *, actor: Actor, now: dt.datetime, **payload: Any) -> list[Decision]:
    """Why the transition would be refused now (empty = allowed). Reads only; for buttons that say why not."""
    transition = TRANSITIONS[name]
    if entry.state not in transition.sources:
        return [refuse("state", f"当前状态为“{EntryState(entry.state).label}”，不能{transition.label}。")]
    decision = policy_for(transition.policy_action).can(actor, transition.policy_action, entry)
    if not decision:
        return [decision]
    act = Act(entry, transition, actor, now, payload)
    try:
        act.stage = _open_stage(act)
    except Refused as refused:
        return list(refused.decisions)
    return refusals_of(act)


def refusals_of(act: Act) -> list[Decision]:
    """All built-in, blueprint and pillar guards of the transition, every refusal collected."""
    decisions = [function(act) for function in registry.checks.get(act.transition.name, [])]
    for named in act.params.get("guards", []):
        key, params = (named, {}) if isinstance(named, str) else (named["key"], named)
        guard = registry.guards[key]
        if guard.transition == act.transition.name:
            decisions.append(guard.function(act, params))
    return [d for d in decisions if not d]


def _check_state(act: Act) -> None:
    expected = act.payload.pop("expected_version", None)
    state = EntryState(act.entry.state)
    if state not in act.transition.sources:
        raise Conflict(
            f"“{act.entry}”现为“{state.label}”，不能再{act.transition.label}。请刷新页面查看最新情况。", code="state"
        )
    if expected is not None and int(expected) != act.entry.version:
        raise Conflict("这份申报件在您打开之后已有改动，请刷新后核对再操作。", code="stale")


def _open_stage(act: Act) -> Any:
    """The stage the transition belongs to; Refused when the cycle is not there (or no longer)."""
    kinds = act.transition.stage
    if not kinds:
        return None
    stages = [s for s in act.cycle.stages.all() if s.kind in kinds]
    for stage in stages:
        if stage.is_open_at(act.now) or (act.transition.name == "submit" and act.entry.has_extension(act.now)):
            return stage
    raise Refused(refuse("stage", _stage_message(act, stages)))


def _stage_message(act: Act, stages: list[Any]) -> str:
    """For what closes to the minute the page says when that was."""
    call = next((stage for stage in stages if stage.kind == "application"), None)
    if call is not None and act.now > call.closes_at:
        return f"“{act.cycle}”的申报已于{format_cn(call.closes_at)}截止，不能再{act.transition.label}。"
    if call is not None and act.now < call.opens_at:
        return f"“{act.cycle}”自{format_cn(call.opens_at)}起接受申报。"
    return f"“{act.cycle}”目前不在可以{act.transition.label}的环节。"


def _check_reason(act: Act) -> None:
    if act.transition.needs_reason and not act.reason:
        raise Invalid("请写明理由。", fields={"reason": ["请写明理由。"]})
    if len(act.reason) > MAX_REASON:
        over = len(act.reason) - MAX_REASON
        raise Invalid("理由过长。", fields={"reason": [f"最多{MAX_REASON}字，已超出{over}字。"]})


def _apply(act: Act) -> None:
    entry, before = act.entry, act.entry.state
    old = {name: getattr(entry, name) for name in TRACKED}
    act.target = act.transition.to
    effect = registry.effects.get(act.transition.name)
    if effect is not None:
        effect(act)
    if act.target is None:
        raise RuntimeError(f"the effect of {act.transition.name} must set the target state")
    entry.state = act.target
    entry.state_changed_at = act.now
    entry.version += 1
    entry.save()
    record(
        act.transition.audit_action,
        entry,
        actor=act.actor,
        before=old,
        after={name: getattr(entry, name) for name in TRACKED},
        now=act.now,
        paths=(act.cycle.owner.path, "") if act.transition.confidential else None,
        reason=act.reason,
        **act.facts,
    )
    entry_transitioned.send(
        sender=type(entry),
        entry=entry,
        transition=act.transition.name,
        before=before,
        actor=act.actor,
        now=act.now,
        payload=act.payload,
    )
