"""Answers to “may I?”: falsy when refused, always with a reason. Never a tuple (Hypha's trap)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """``bool(decision)`` is the answer; ``message`` is shown to people, ``code`` is for machines."""

    allowed: bool
    code: str = ""
    message: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refuse(code: str, message: str) -> Decision:
    """A refusal that says what, why and what to do."""
    return Decision(False, code, str(message))
