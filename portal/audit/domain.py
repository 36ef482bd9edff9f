"""The only writer of audit events."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils import timezone

from portal.audit.actions import audit_action
from portal.audit.models import AuditEvent
from portal.core.context import Actor, current_client, current_request_id
from portal.core.db import require_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping


def record(
    action: str,
    obj: Model | None,
    *,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    now: dt.datetime | None = None,
    **data: Any,
) -> AuditEvent:
    """Writes one event in the caller's transaction (raises RuntimeError when none is open).

    ``before``/``after`` are change sets; equal values are left out. Who may read the event later follows the
    object: ``obj.audit_paths() -> (owner path, route path)`` where it has one, else the acting desk.
    """
    require_transaction()
    definition = audit_action(action)
    changes_before, changes_after = _changes(before or {}, after or {}, definition.drops)
    owner_path, route_path = obj.audit_paths() if hasattr(obj, "audit_paths") else (actor.path, "")
    desk = actor.desk
    event = AuditEvent(
        at=now or timezone.now(),
        actor=actor.user,
        actor_label=_actor_label(actor),
        desk_label=f"{desk.organisation_name} · {desk.role}"[:200] if desk else "",
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=obj.pk if obj is not None else None,
        object_title=str(obj)[:300] if obj is not None else "",
        owner_path=owner_path,
        route_path=route_path,
        before=changes_before,
        after=changes_after,
        data={k: _plain(v) for k, v in data.items() if k not in definition.drops},
        request_id=current_request_id(),
        client=current_client(),
    )
    event.save()
    return event


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


def _plain(value: Any) -> Any:
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
