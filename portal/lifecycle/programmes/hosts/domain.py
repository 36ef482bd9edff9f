"""Agreeing with co-hosts on who sees, clears and decides: with a reason, audited, told to those concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.editions import HostRight
from portal.lifecycle.programmes.announcement_models import AnnouncementKind
from portal.lifecycle.programmes.domain.amending import require_alive, require_reason
from portal.lifecycle.programmes.domain.announcing import announce
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.hosts.queries import hosts_of, possible_desks
from portal.lifecycle.programmes.models import Cycle

if TYPE_CHECKING:
    from portal.accounts.models import Organisation
    from portal.core.context import Actor

COLUMNS = {HostRight.SEE: "can_see", HostRight.CLEAR: "can_clear", HostRight.DECIDE: "can_decide"}


@dataclass(frozen=True)
class Agreement:
    """What the owner and a co-host have agreed on; clearing and deciding include seeing."""

    name: str
    organisation: Organisation | None = None
    rights: Collection[str] = ()
    is_awaited: bool = True


def add_host(*, cycle: Cycle, agreement: Agreement, actor: Actor, now: dt.datetime, reason: str) -> CycleHost:
    """One more co-host from now on.

    Raises Invalid beside the field (no name, a name or a desk that is there already, a desk that cannot host, no
    reason), Conflict when the cycle is over.
    """
    with transaction.atomic():
        locked = _locked(cycle, actor, reason)
        host = CycleHost(cycle=locked)
        _write(host, agreement)
        words = {"name": host.name, "rights": host.rights_text}
        line = _("增加联合主办单位“%(name)s”（%(rights)s）") % words
        return _settle(host, "lifecycle.host.added", {}, line, actor=actor, now=now, reason=reason)


def change_host(*, host: CycleHost, agreement: Agreement, actor: Actor, now: dt.datetime, reason: str) -> CycleHost:
    """Other rights, another name or desk; the co-host is asked to confirm again. Raises what ``add_host`` raises."""
    with transaction.atomic():
        _locked(host.cycle, actor, reason)
        fresh = _active(host)
        before = _facts(fresh)
        _write(fresh, agreement)
        if _facts(fresh) == before:
            raise Invalid("没有需要保存的改动。")
        fresh.acknowledged_by = fresh.acknowledged_at = None
        words = {"name": fresh.name, "rights": fresh.rights_text}
        line = _("与“%(name)s”的联合主办约定调整为：%(rights)s") % words
        return _settle(fresh, "lifecycle.host.changed", before, line, actor=actor, now=now, reason=reason)


def end_host(*, host: CycleHost, actor: Actor, now: dt.datetime, reason: str) -> CycleHost:
    """The co-host sees and does nothing more in this cycle; what it has said and signed stays on record."""
    with transaction.atomic():
        _locked(host.cycle, actor, reason)
        fresh = _active(host)
        before = {"ended_at": None}
        fresh.ended_at = now
        line = _("“%s”不再联合主办") % fresh.name
        return _settle(fresh, "lifecycle.host.ended", before, line, actor=actor, now=now, reason=reason)


def acknowledge(*, host: CycleHost, actor: Actor, now: dt.datetime) -> CycleHost:
    """The co-host confirms that it knows what was agreed; once is enough. Raises Refused by policy."""
    policy_for("joint").require(actor, "acknowledge", host)
    with transaction.atomic():
        fresh = lock_row(CycleHost, host.pk)
        if fresh.acknowledged_at is None:
            fresh.acknowledged_by, fresh.acknowledged_at = actor.user, now
            fresh.save(update_fields=["acknowledged_by", "acknowledged_at", "updated_at"])
            record("lifecycle.host.acknowledged", fresh, actor=actor, now=now, rights=_facts(fresh)["rights"])
        return fresh


def _locked(cycle: Cycle, actor: Actor, reason: str) -> Cycle:
    policy_for("joint").require(actor, "manage", cycle)
    require_reason(reason)
    locked = lock_row(Cycle, cycle.pk)
    require_alive(locked)
    return locked


def _active(host: CycleHost) -> CycleHost:
    fresh = lock_row(CycleHost, host.pk)
    if fresh.ended_at is not None:
        raise Conflict(f"“{fresh.name}”已不再联合主办。", code="ended")
    return fresh


def _write(host: CycleHost, agreement: Agreement) -> None:
    """Checks the agreement against the other co-hosts of the cycle and puts it into the row (the caller saves)."""
    name = agreement.name.strip()
    others = hosts_of(host.cycle).exclude(pk=host.pk)
    errors: dict[str, list[str]] = {}
    if not name:
        errors["name"] = ["请填写单位名称。"]
    elif others.filter(name=name).exists():
        errors["name"] = [f"“{name}”已经是联合主办单位。"]
    desk = agreement.organisation
    if desk is not None and not possible_desks(host.cycle).filter(pk=desk.pk).exists():
        errors["organisation"] = ["只能选择本市的联合主办部门或其他市级总工会。"]
    elif desk is not None and others.filter(organisation=desk).exists():
        errors["organisation"] = [f"“{desk}”已经是联合主办单位。"]
    if errors:
        raise Invalid("有的内容需要修改。", fields=errors)
    host.name, host.organisation, host.is_awaited = name, desk, agreement.is_awaited
    for right, column in COLUMNS.items():
        setattr(host, column, right in agreement.rights)
    host.can_see = bool(agreement.rights)


def name_in_rules(cycle: Cycle) -> None:
    """The rules of the run – call, notice, certificate – name whoever hosts it now."""
    named = [
        {"name": row.name, "rights": [str(right) for right in row.rights], "awaited": row.is_awaited}
        for row in hosts_of(cycle)
    ]
    cycle.amended = {**cycle.amended, "hosts": named}
    cycle.save(update_fields=["amended", "updated_at"])


def _facts(host: CycleHost) -> dict[str, Any]:
    return {
        "name": host.name,
        "organisation": host.organisation_id,
        "rights": [str(right) for right in host.rights],
        "awaited": host.is_awaited,
    }


def _settle(
    host: CycleHost, action: str, before: dict[str, Any], line: str, *, actor: Actor, now: dt.datetime, reason: str
) -> CycleHost:
    """Saves, lets the rules of the run name the same hosts, audits, and tells those concerned."""
    host.save()
    cycle = host.cycle
    name_in_rules(cycle)
    after = _facts(host) | {"ended_at": host.ended_at}
    record(action, host, actor=actor, now=now, before=before, after=after, reason=reason.strip())
    announce(
        cycle, kind=AnnouncementKind.HOSTS, lines=[line], reason=reason, is_public=False, actor=actor, now=now
    )  # fmt: skip
    return host
