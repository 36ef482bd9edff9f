"""Totals: one statement for the whole contest, run by jobs and on confirmation – never by a request that reads."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from django.db import connection, transaction

from competitions.marking.models import Marking
from portal.core.db import advisory_lock

SQL = Path(__file__).resolve().parent.parent / "totals.sql"


@cache
def statement() -> str:
    return SQL.read_text(encoding="utf-8")


@transaction.atomic
def recompute(marking: Marking, *, now: dt.datetime) -> int:
    """Writes the totals of every bench anew; returns how many. Two at once wait for one another."""
    advisory_lock(f"competitions:totals:{marking.pk}")
    with connection.cursor() as cursor:
        cursor.execute(statement(), {"marking": marking.pk, "now": now})
        return int(cursor.rowcount)
