"""Facts of later rooms that change what people see of an entry: a running notice, an open objection.

Rooms later in time register them; this room only adds them to its queries and reads them back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet

# The closed list of what ``display_status`` understands.
LOCAL_NOTICE = "local_notice"  # the union that holds the entry shows it to its people right now
OBJECTION_OPEN = "objection_open"  # an objection against the entry has not been ruled on
OUTCOME_PUBLIC = "outcome_public"  # the result of the round has been published
ROUTE_OVER = "route_over"  # the recommendation has ended; who has not been sent on by then has given up
NOT_REVIEWED = "not_reviewed"  # the programme has no review
NOT_SELECTED = "not_selected"  # the programme chooses nobody: taking part is all (只参加、只展示)
GRANT = "grant"  # the programme gives money instead of an honour
KNOWN = (LOCAL_NOTICE, OBJECTION_OPEN, OUTCOME_PUBLIC, ROUTE_OVER, NOT_REVIEWED, NOT_SELECTED, GRANT)
PREFIX = "flag_"

_flags: dict[str, Callable[[], Any]] = {}


def register_flag(name: str, condition: Callable[[], Any]) -> None:
    """``condition()`` gives an ``Exists`` over ``OuterRef("pk")`` (the entry) or ``OuterRef("cycle_id")``."""
    if name not in KNOWN:
        raise ValueError(f"unknown flag {name!r}; there are {', '.join(KNOWN)}")
    if name in _flags:
        raise ValueError(f"flag {name} is registered twice")
    _flags[name] = condition


def annotate(rows: QuerySet) -> QuerySet:
    """Adds every registered flag as ``flag_<name>``; correlated, so only rows that are shown pay for it."""
    return rows.annotate(**{f"{PREFIX}{name}": condition() for name, condition in _flags.items()})


def is_set(entry: Any, name: str) -> bool:
    """Whether the flag holds; False where the query did not ask for it."""
    return bool(getattr(entry, f"{PREFIX}{name}", False))
