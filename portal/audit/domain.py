"""The only writer of audit events."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from portal.audit.actions import audit_action
from portal.audit.models import AuditEvent
from portal.core.context import Actor, current_client, current_request_id
from portal.core.db import require_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def record(
    action: str,
    obj: Model | None,
    *,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    now: dt.datetime | None = None,
    paths: tuple[str, str] | None = None,
    **data: Any,
) -> AuditEvent:
    """Writes one event in the caller's transaction (raises RuntimeError when none is open).

    ``before``/``after`` are change sets; equal values are left out. Who may read the event later follows the
    object: ``obj.audit_paths() -> (owner path, route path)`` where it has one, else the acting desk; ``paths`` narrows
    it for what the object's owner must not read (yet).
    """
    require_transaction()
    event = _event(action, obj, actor=actor, before=before or {}, after=after or {}, now=now, paths=paths, data=data)
    event.save()
    return event


def record_many(
    action: str,
    changes: Iterable[tuple[Model, Mapping[str, Any], Mapping[str, Any]]],
    *,
    actor: Actor,
    now: dt.datetime | None = None,
    **data: Any,
) -> int:
    """One event for each ``(object, before, after)``, written in few statements: for imports of thousands of rows."""
    require_transaction()
    now = now or timezone.now()
    events = [
        _event(action, obj, actor=actor, before=before, after=after, now=now, paths=None, data=data)
        for obj, before, after in changes
    ]
    AuditEvent.objects.bulk_create(events, batch_size=500)
    return len(events)


def _event(
    action: str,
    obj: Model | None,
    *,
    actor: Actor,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    now: dt.datetime | None,
    paths: tuple[str, str] | None,
    data: Mapping[str, Any],
) -> AuditEvent:
    definition = audit_action(action)
    changes_before, changes_after = _changes(before, after, definition.drops)
    if paths is None:
        paths = obj.audit_paths() if obj is not None and hasattr(obj, "audit_paths") else (actor.path, "")
    desk = actor.desk
    return AuditEvent(
        at=now or timezone.now(),
        actor=actor.user,
        actor_label=_actor_label(actor),
        desk_label=f"{desk.organisation_name} · {desk.role_label or desk.role}"[:200] if desk else "",
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=obj.pk if obj is not None else None,
        object_title=str(obj)[:300] if obj is not None else "",
        owner_path=paths[0],
        route_path=paths[1],
        before=changes_before,
        after=changes_after,
        data={k: _plain(v) for k, v in data.items() if k not in definition.drops},
        request_id=current_request_id(),
        client=current_client(),
    )


def _actor_label(actor: Actor) -> str:
    if actor.user is not None:
        return str(actor.user)[:200]
    return f"系统（{actor.system}）" if actor.system else "社会公众"


def _changes(before: Mapping, after: Mapping, drops: frozenset[str]) -> tuple[dict, dict]:
    keys = [k for k in {*before, *after} if k not in drops and before.get(k) != after.get(k)]
    return (
        {k: _plain(before[k]) for k in sorted(keys) if k in before},
        {k: _plain(after[k]) for k in sorted(keys) if k in after},
    )


def _plain(value: Any) -> Any:  # noqa: PLR0911 -- one return per kind
    """JSON primitives; Decimal as text so that nothing is rounded."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return str(value)
        case dt.datetime() | dt.date():
            return value.isoformat()
        case Model():
            return value.pk
        case dict():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(v) for v in value]
        case _:
            return str(value)


def follow_move(old_path: str, new_path: str) -> None:
    """Who may read an event follows the organisation when it moves in the tree; the event itself stays as it was.

    The only change ever made to events: the two paths, which say who may read, not what happened.
    """
    require_transaction()
    for column in ("owner_path", "route_path"):
        rows: QuerySet[AuditEvent] = QuerySet(AuditEvent).filter(**{f"{column}__startswith": old_path})
        rows.update(**{column: Concat(Value(new_path), Substr(F(column), len(old_path) + 1))})
