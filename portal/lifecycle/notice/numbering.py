"""Codes people can say on the telephone: ``GS20261122-7K3M`` – date plus four unambiguous characters."""

from __future__ import annotations

import datetime as dt
import secrets

from portal.core.dates import local_date

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L


def next_code(prefix: str, *, now: dt.datetime, characters: int = 5) -> str:
    """A new code; 31⁵ values a day, and the unique constraint is the last word."""
    return f"{prefix}{local_date(now):%Y%m%d}-{random_code(characters)}"


def random_code(characters: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(characters))
