"""What a new cycle may take over from the last one: each room registers its part, with a preview of what it copies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.blueprints.schema import Blueprint as Rules
    from portal.lifecycle.programmes.models import Cycle


@dataclass
class Preview:
    """What would be copied, what would not and why, in words. Empty ``copied`` = nothing to choose."""

    copied: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class CopyPart:
    """``preview(cycle, rules)`` says what ``apply(source, target, actor=)`` would do; ``apply`` gives the number made."""

    key: str
    title: Any
    preview: Callable[[Cycle, Rules], Preview]
    apply: Callable[..., int]
    order: int = 50


_parts: dict[str, CopyPart] = {}


def register_copy(part: CopyPart) -> None:
    """Called once per part, in ``<room>/stage.py``."""
    if part.key in _parts:
        raise ValueError(f"copy part {part.key} is registered twice")
    _parts[part.key] = part


def copy_parts() -> list[CopyPart]:
    return sorted(_parts.values(), key=lambda part: part.order)


def apply_parts(keys: set[str], source: Cycle, target: Cycle, *, actor: Actor) -> dict[str, int]:
    """Applies the chosen parts in their order; numbers by key."""
    return {part.key: part.apply(source, target, actor=actor) for part in copy_parts() if part.key in keys}
