"""Joint programmes of the demo: a department that is asked for its opinion, two other federations that countersign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from portal.accounts.domain.organisations import OrganisationFacts, create_organisation
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Membership, Organisation
from portal.accounts.queries.desks import desk_of
from portal.accounts.scopes import scope_of
from portal.core.context import Actor
from portal.core.scoping import scope
from portal.demo.federation import SYSTEM, Federation
from portal.lifecycle.clearance.opinions.domain import HostAnswer, give_opinion
from portal.lifecycle.clearance.opinions.models import HostVerdict
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.hosts.domain import Agreement, acknowledge, add_host, change_host
from portal.lifecycle.programmes.models import Cycle, CycleStatus
from portal.lifecycle.selection.countersigning.domain import countersign
from portal.lifecycle.selection.models import RoundStatus, SelectionRound

BUREAU = "市人力资源和社会保障局"
CLEARING, COUNTERSIGNED = "demonstration-unit", "beijing-tianjin-hebei"
SPOKEN = 2  # entries on which the department has spoken; the others wait for it


def joint_programmes(federation: Federation) -> Iterator[str]:
    """Agreed a week ago; the department has begun to speak, Beijing has signed, Hebei has not."""
    now = federation.now
    bureau = create_organisation(
        actor=SYSTEM,
        parent=federation.municipal,
        kind=OrganisationKind.DEPARTMENT,
        facts=OrganisationFacts(name=BUREAU, short_name="市人社局"),
        now=now,
    )
    person = federation.person(bureau, Role.MANAGER, username="renshe")
    _clearing(federation, bureau, person, now)
    _countersigning(federation, now)
    yield "联合主办"


def _clearing(federation: Federation, bureau: Organisation, person: Actor, now: dt.datetime) -> None:
    cycle = _running(CLEARING)
    host = add_host(
        cycle=cycle, agreement=Agreement(BUREAU, bureau, ("see", "clear")), actor=federation.manager,
        now=now - dt.timedelta(days=7), reason="劳动用工情况须征求人力社保部门意见",
    )  # fmt: skip
    acknowledge(host=host, actor=person, now=now - dt.timedelta(days=6))
    entries = list(Entry.objects.filter(cycle=cycle, state=EntryState.RECOMMENDED).order_by("pk")[:SPOKEN])
    words = (
        HostAnswer(HostVerdict.AGREED),
        HostAnswer(HostVerdict.REFUSED, "该单位去年有一起劳动报酬投诉，办结材料未见，请主办工会核实。"),
    )
    with scope(scope_of(person, as_guest=True)):
        for number, (entry, answer) in enumerate(zip(entries, words, strict=False)):
            at = now - dt.timedelta(days=2, hours=number)
            give_opinion(entry=entry, answer=answer, actor=person, now=at)


def _countersigning(federation: Federation, now: dt.datetime) -> None:
    cycle = _running(COUNTERSIGNED)
    for host in CycleHost.objects.filter(cycle=cycle, ended_at=None).select_related("cycle__owner").order_by("pk"):
        root = Organisation.objects.get(name=host.name, kind=OrganisationKind.MUNICIPAL)
        agreement = Agreement(host.name, root, [str(right) for right in host.rights], host.is_awaited)
        change_host(
            host=host, agreement=agreement, actor=federation.manager, now=now - dt.timedelta(days=7),
            reason="三地联合主办，确认对方工作台",
        )  # fmt: skip
    round_ = SelectionRound.objects.filter(stage__cycle=cycle, status=RoundStatus.DRAFT, needs_decision=[]).first()
    if round_ is None:
        return
    beijing = _manager_of("北京市总工会")
    with scope(scope_of(beijing, as_guest=True)):
        for host in CycleHost.objects.select_related("cycle"):
            acknowledge(host=host, actor=beijing, now=now - dt.timedelta(days=6))
        countersign(
            round_=round_, verdict="agreed", seen=round_.list_sha256, actor=beijing, now=now - dt.timedelta(hours=20)
        )  # fmt: skip


def _manager_of(name: str) -> Actor:
    member = Membership.objects.select_related("user", "organisation").get(organisation__name=name, role=Role.MANAGER)
    return Actor(user=member.user, desk=desk_of(member))


def _running(code: str) -> Cycle:
    rows = Cycle.objects.filter(programme__code=code, status=CycleStatus.RUNNING, owner__parent=None)
    return rows.select_related("programme", "blueprint", "owner").order_by("-year").first()
