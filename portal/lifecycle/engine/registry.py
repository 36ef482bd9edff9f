"""What rooms and pillars register: effects, guards, profiles, panels, report sheets, worklist sources.

Four extension points for pillars and no more (design.md 3.5): Profile, Guard, Panel, and Sheet (of the yearly report).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from portal.reports.registry import Sheet, register_sheet

if TYPE_CHECKING:
    from portal.core.decisions import Decision
    from portal.lifecycle.engine.perform import Act


@dataclass(frozen=True)
class Guard:
    """A rule a blueprint can name: ``function(act, params) -> Decision``. ``transition`` says when it is asked."""

    key: str
    label: str
    transition: str
    function: Callable[[Act, dict[str, Any]], Decision]


@dataclass(frozen=True)
class Profile:
    """Data of a pillar that belongs to an entry: a model OneToOne to Entry, with its form and panel template."""

    key: str
    model: str
    form: str
    template: str


@dataclass(frozen=True)
class Panel:
    """A box on the entry's page: ``policy_action`` decides who sees it; ``context(actor, entry)`` feeds the template."""

    key: str
    policy_action: str
    template: str
    context: Callable[[Any, Any], dict[str, Any]]


@dataclass(frozen=True)
class Pillar:
    """支柱: read a pillar's ``pillar.py`` first; it is the list of all it adds to the engine."""

    code: str
    title: str
    profiles: tuple[Profile, ...] = ()
    guards: tuple[Guard, ...] = ()
    panels: tuple[Panel, ...] = ()
    sheets: tuple[Sheet, ...] = ()


@dataclass
class _Registry:
    pillars: dict[str, Pillar] = field(default_factory=dict)
    guards: dict[str, Guard] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    panels: dict[str, Panel] = field(default_factory=dict)
    effects: dict[str, Callable[[Act], None]] = field(default_factory=dict)
    checks: dict[str, list[Callable[[Act], Decision]]] = field(default_factory=dict)


registry = _Registry()


def _add(table: dict[str, Any], key: str, value: Any) -> None:
    if key in table:
        raise ValueError(f"{key} is registered twice")
    table[key] = value


def register_pillar(pillar: Pillar) -> None:
    _add(registry.pillars, pillar.code, pillar)
    for guard in pillar.guards:
        register_guard(guard)
    for profile in pillar.profiles:
        _add(registry.profiles, profile.key, profile)
    for panel in pillar.panels:
        _add(registry.panels, panel.key, panel)
    for sheet in pillar.sheets:
        register_sheet(sheet)


def register_panel(panel: Panel) -> None:
    """A room's own box on the entry's page; ``context(actor, entry)`` gives the template its variables."""
    _add(registry.panels, panel.key, panel)


def register_guard(guard: Guard) -> None:
    """Guards that blueprints name by key."""
    _add(registry.guards, guard.key, guard)


def effect(transition: str) -> Callable[[Callable], Callable]:
    """``@effect("submit")``: the room's part of a transition; changes the locked entry, never its state."""

    def decorate(function: Callable[[Act], None]) -> Callable:
        _add(registry.effects, transition, function)
        return function

    return decorate


def check(*transitions: str) -> Callable[[Callable], Callable]:
    """``@check("endorse")``: a built-in guard that always applies; every refusal is collected and shown."""

    def decorate(function: Callable[[Act], Decision]) -> Callable:
        for transition in transitions:
            registry.checks.setdefault(transition, []).append(function)
        return function

    return decorate
