"""What this part lets a new cycle take over: with whom the last one was hosted, and what was agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.lifecycle.programmes.copying import CopyPart, Preview, register_copy
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.hosts.domain import name_in_rules
from portal.lifecycle.programmes.hosts.queries import hosts_of

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.blueprints.schema import Blueprint as Rules
    from portal.lifecycle.programmes.models import Cycle


def _preview(cycle: Cycle, rules: Rules) -> Preview:
    return Preview([f"{host.name}（{host.rights_text}）" for host in hosts_of(cycle)])


def _apply(source: Cycle, target: Cycle, *, actor: Actor) -> int:
    """The agreement takes the place of what the programme's file proposes; every co-host confirms it anew."""
    hosts = list(hosts_of(source))
    if not hosts:
        return 0
    CycleHost.objects.filter(cycle=target).delete()
    for host in hosts:
        host.pk, host.cycle, host.acknowledged_by, host.acknowledged_at = None, target, None, None
        host.save(force_insert=True)
    name_in_rules(target)
    return len(hosts)


register_copy(CopyPart("hosts", _("联合主办约定"), _preview, _apply, order=40))
