"""Locks: take the lock, then read; lock in one order (pretix #6067, #2408)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection

from portal.core.errors import LockTimeout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model, QuerySet

LOCK_TIMEOUT = "3s"


def require_transaction() -> None:
    """Locks and audit rows only make sense inside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("an open transaction is required")


def lock_rows(queryset: QuerySet) -> list[Any]:
    """Locks the rows in primary-key order, waits at most 3 s, returns them freshly read.

    Raises LockTimeout when another transaction holds one of them.
    """
    require_transaction()
    _set_timeout()
    try:
        return list(queryset.select_for_update(of=("self",)).order_by("pk"))
    except OperationalError as error:
        raise LockTimeout("这条记录正由他人处理，请稍后重试。") from error


def lock_row(model: Any, pk: Any) -> Any:
    """One row, locked and freshly read; raises ``model.DoesNotExist`` when it is not in scope."""
    rows = lock_rows(model._default_manager.filter(pk=pk))
    if not rows:
        raise model.DoesNotExist
    return rows[0]


def advisory_lock(*keys: Iterable[Any] | str | int) -> None:
    """Transaction-wide PostgreSQL advisory locks on names, taken in sorted order (no deadlock)."""
    require_transaction()
    _set_timeout()
    numbers = sorted(int.from_bytes(hashlib.sha256(str(k).encode()).digest()[:8], "big", signed=True) for k in keys)
    try:
        with connection.cursor() as cursor:
            for number in numbers:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    except OperationalError as error:
        raise LockTimeout("相关数据正由他人处理，请稍后重试。") from error


def _set_timeout() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])


def new_ids(model: type[Model], count: int) -> list[int]:
    """``count`` fresh primary keys of the model, for rows whose other columns (paths) hold their own key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]
