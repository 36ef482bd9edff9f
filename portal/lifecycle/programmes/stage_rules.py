"""What happens when a stage opens, and what keeps it from closing: each room registers its part (``<room>/stage.py``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.engine.transitions import TRANSITIONS

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.programmes.models import CycleStage

Opening = Callable[..., Any]
Obstacle = Callable[["CycleStage"], str]

_openings: dict[str, list[Opening]] = {}
_recurring: dict[str, list[Opening]] = {}
_closings: dict[str, list[Opening]] = {}
_reopenings: dict[str, list[Opening]] = {}
_obstacles: dict[str, list[Obstacle]] = {}
_warnings: dict[str, list[Obstacle]] = {}

# An entry in a source state of these transitions still has to pass the stage.
_WAITING_FOR = {
    "review": ("complete_review",),
    "selection": ("pass_over",),
    "notice": ("publish", "confirm"),
    "conferral": ("confer",),
}


def on_opening(kind: str) -> Callable[[Opening], Opening]:
    """``@on_opening("clearance")``: called as ``f(stage, actor=, now=)`` in the transaction that opens the stage."""

    def decorate(function: Opening) -> Opening:
        _openings.setdefault(kind, []).append(function)
        return function

    return decorate


def while_open(kind: str) -> Callable[[Opening], Opening]:
    """``@while_open("review")``: called on opening and again at every look of the calendar; must be safe to repeat."""

    def decorate(function: Opening) -> Opening:
        _recurring.setdefault(kind, []).append(function)
        return function

    return decorate


def on_closing(kind: str) -> Callable[[Opening], Opening]:
    """``@on_closing("recommendation")``: called as ``f(stage, actor=, now=)`` in the transaction that closes the stage."""

    def decorate(function: Opening) -> Opening:
        _closings.setdefault(kind, []).append(function)
        return function

    return decorate


def on_reopening(kind: str) -> Callable[[Opening], Opening]:
    """``@on_reopening("recommendation")``: takes back what closing the stage has done; called like ``on_closing``."""

    def decorate(function: Opening) -> Opening:
        _reopenings.setdefault(kind, []).append(function)
        return function

    return decorate


def before_closing(kind: str) -> Callable[[Obstacle], Obstacle]:
    """``@before_closing("notice")``: ``f(stage)`` gives the reason why the stage cannot close yet, or ``""``."""

    def decorate(function: Obstacle) -> Obstacle:
        _obstacles.setdefault(kind, []).append(function)
        return function

    return decorate


def warn_before_closing(kind: str) -> Callable[[Obstacle], Obstacle]:
    """``@warn_before_closing("recommendation")``: ``f(stage)`` says what closing it now means for somebody, or ``""``."""

    def decorate(function: Obstacle) -> Obstacle:
        _warnings.setdefault(kind, []).append(function)
        return function

    return decorate


def closing_warnings(stage: CycleStage) -> str:
    """What whoever closes the stage should know first, in Chinese; empty = nothing."""
    return "".join(function(stage) for function in _warnings.get(stage.kind, []))


def run_openings(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    for function in _openings.get(stage.kind, []):
        function(stage, actor=actor, now=now)
    run_recurring(stage, actor=actor, now=now)


def run_recurring(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    for function in _recurring.get(stage.kind, []):
        function(stage, actor=actor, now=now)


def run_closings(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    for function in _closings.get(stage.kind, []):
        function(stage, actor=actor, now=now)


def run_reopenings(stage: CycleStage, *, actor: Actor, now: dt.datetime) -> None:
    for function in _reopenings.get(stage.kind, []):
        function(stage, actor=actor, now=now)


def closing_obstacles(stage: CycleStage) -> list[str]:
    """Everything that is left to do in the stage, in Chinese; empty = it may close."""
    reasons = [function(stage) for function in _obstacles.get(stage.kind, [])]
    return [reason for reason in [_waiting_entries(stage), *reasons] if reason]


def waiting_states(kind: str) -> set[str]:
    """States of entries that still have to pass a stage of this kind."""
    return {state for name in _WAITING_FOR.get(kind, ()) for state in TRANSITIONS[name].sources}


def _waiting_entries(stage: CycleStage) -> str:
    states = waiting_states(stage.kind)
    if any(row.kind == "recommendation" for row in stage.cycle.stages.all()):
        states -= {EntryState.SUBMITTED}  # it stayed behind on its way up and passes no later stage
    count = stage.cycle.entries.filter(state__in=states).count() if states else 0
    if not count:
        return ""
    names = "、".join(f"“{EntryState(state).label}”" for state in sorted(states))
    return f"还有{count}件申报件处于{names}，尚未办结。"
