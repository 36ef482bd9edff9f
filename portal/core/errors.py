"""The family of errors that domain functions raise.

Views turn them into form errors or pages, the API into its one error shape (``portal.web``).
"""

from __future__ import annotations

from portal.core.decisions import Decision


class DomainError(Exception):
    """A rule of the domain refused the act. ``fields`` maps field names to messages beside the field."""

    status = 400
    code = "invalid"

    def __init__(self, message: str = "", *, code: str = "", fields: dict[str, list[str]] | None = None) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.code = code or self.code
        self.fields = fields or {}


class Invalid(DomainError):
    """The input does not fit; shown beside what caused it."""


class Refused(DomainError):
    """A policy or a guard refused. ``decisions`` holds every refusal so that the form can show all of them."""

    status = 403
    code = "refused"

    def __init__(self, *decisions: Decision) -> None:
        self.decisions = decisions
        super().__init__("；".join(d.message for d in decisions), code=decisions[0].code if decisions else "refused")


class Conflict(DomainError):
    """Somebody else was first, or the page is stale: nothing was done."""

    status = 409
    code = "conflict"


class LockTimeout(Conflict):
    """The row is being worked on right now; trying again is safe."""

    code = "busy"


class ScopeError(RuntimeError):
    """A query was compiled without an active scope. A programming error, never shown to people."""
