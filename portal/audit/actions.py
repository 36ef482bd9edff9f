"""Registry of audit actions: code, label, formatter, personal-data rule. An unregistered action raises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AuditAction:
    """``code`` is ``<package>.<object>.<past tense>``; ``label`` is Chinese; ``drops`` names keys never stored."""

    code: str
    label: str
    describe: Callable[[dict[str, Any]], str] | None = None
    drops: frozenset[str] = field(default_factory=frozenset)


_actions: dict[str, AuditAction] = {}


def register_actions(*actions: AuditAction) -> None:
    for action in actions:
        if action.code in _actions:
            raise ValueError(f"audit action {action.code} is registered twice")
        _actions[action.code] = action


def audit_action(code: str) -> AuditAction:
    """Raises LookupError for an action nobody registered (not Wagtail's silent bail)."""
    try:
        return _actions[code]
    except KeyError:
        raise LookupError(f"audit action {code!r} is not registered") from None


def all_actions() -> dict[str, AuditAction]:
    return dict(_actions)
