"""What co-hosts have said and still have to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.core.scoping import shared_rows
from portal.lifecycle.clearance.opinions.models import HostOpinion, HostVerdict
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries import queries as entries
from portal.lifecycle.entries.models import SHOWN_TO_HOSTS, Entry
from portal.lifecycle.programmes.host_models import CycleHost
from portal.web.ui import Badge

if TYPE_CHECKING:
    from portal.core.context import Actor

SPEAKING = (EntryState.RECOMMENDED, EntryState.IN_REVIEW, EntryState.REVIEWED)
"""While an entry is in one of these a co-host may give its opinion, or another one."""
TONES = {HostVerdict.AGREED: "ok", HostVerdict.REFUSED: "stopped", HostVerdict.UNKNOWN: "neutral"}


@dataclass(frozen=True)
class HostLine:
    """One co-host with the right to speak, and what it has said about an entry (None: nothing yet)."""

    host: CycleHost
    opinion: HostOpinion | None

    @property
    def badge(self) -> Badge:
        if self.opinion is None:
            return Badge("待出具", "waiting")
        return Badge(self.opinion.get_verdict_display(), TONES[HostVerdict(self.opinion.verdict)])


SPEAKS = Q(ended_at=None, can_clear=True, organisation__isnull=False)


def speaking_hosts(cycle_id: Any) -> QuerySet[CycleHost]:
    """Co-hosts that speak for themselves: with the right and a desk to do it at."""
    return CycleHost.objects.filter(SPEAKS, cycle=cycle_id).select_related("organisation")


def opinion_lines(entry: Entry) -> list[HostLine]:
    """Every co-host that speaks, and former ones that have spoken (two queries)."""
    given = {o.host_id: o for o in HostOpinion.objects.filter(entry=entry).select_related(
        "host__organisation", "given_by", "overruled_by"
    )}  # fmt: skip
    hosts = {host.pk: host for host in speaking_hosts(entry.cycle_id).order_by("pk")}
    lines = [HostLine(host, given.get(pk)) for pk, host in hosts.items()]
    return lines + [HostLine(opinion.host, opinion) for pk, opinion in given.items() if pk not in hosts]


def opinion_records(*, actor: Actor) -> QuerySet[HostOpinion]:
    """Opinions in the desk's own cycles, for the owner's pages about one: the scan, going on against it."""
    return _opinions().filter(entry__cycle__owner__path=actor.path)


def own_opinions(*, actor: Actor) -> QuerySet[HostOpinion]:
    """What the desk's organisation has said as a co-host."""
    return _opinions().filter(host__organisation__path=actor.path)


def _opinions() -> QuerySet[HostOpinion]:
    return HostOpinion.objects.select_related("entry__cycle__owner", "entry__cycle__programme", "host__organisation")


# --- the co-host ---------------------------------------------------------------------------------------------------


def waiting_for(actor: Actor) -> Any:
    """On hostings: how many entries wait for the opinion of this desk's organisation."""
    said = HostOpinion.objects.filter(entry=OuterRef("pk"), host__organisation__path=actor.path)
    rows = shared_rows(Entry, actor.path).filter(cycle=OuterRef("cycle"), state=EntryState.RECOMMENDED)
    counted = rows.filter(~Exists(said)).order_by().values("cycle").annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


def entries_of_host(host: CycleHost, *, actor: Actor) -> QuerySet[Entry]:
    """The cycle's entries as the co-host was agreed to see them, with its own ``verdict``."""
    own = HostOpinion.objects.filter(entry=OuterRef("pk"), host=host)
    return (
        entries.entries(actor=actor)
        .filter(cycle=host.cycle_id)
        .select_related("nominating")
        .annotate(verdict=Subquery(own.values("verdict")[:1]))
    )


def entries_to_speak_on(*, actor: Actor) -> QuerySet[Entry]:
    """Entries, of whatever cycle, on which the desk's organisation may give an opinion (for acts on many)."""
    here = CycleHost.objects.filter(organisation__path=actor.path, can_clear=True, ended_at=None)
    rows = Entry.objects.filter(state__in=SPEAKING, cycle__in=here.values("cycle"))
    return rows.select_related("cycle__programme").prefetch_related(Prefetch("cycle__hosts", queryset=here))


# --- the owner -----------------------------------------------------------------------------------------------------


def annotate_hosts(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """``hosts_asked``, ``hosts_spoken`` and ``hosts_against`` (refused, no reason to go on yet) on the owner's entries."""
    asked = Q(cycle__hosts__ended_at=None, cycle__hosts__can_clear=True, cycle__hosts__organisation__isnull=False)
    spoken = Q(host_opinions__host__ended_at=None, host_opinions__host__can_clear=True)
    against = spoken & Q(host_opinions__verdict=HostVerdict.REFUSED, host_opinions__overruled_at=None)
    return rows.annotate(
        hosts_asked=Count("cycle__hosts", filter=asked, distinct=True),
        hosts_spoken=Count("host_opinions", filter=spoken, distinct=True),
        hosts_against=Count("host_opinions", filter=against, distinct=True),
    )


HOSTS_MISSING = Q(hosts_spoken__lt=F("hosts_asked"))
HOSTS_AGAINST = Q(hosts_against__gt=0)


def objections(*, actor: Actor) -> QuerySet[HostOpinion]:
    """Refusals in the desk's own cycles on which nobody has decided yet."""
    return (
        HostOpinion.objects.filter(
            entry__cycle__owner__path=actor.path,
            entry__state=EntryState.RECOMMENDED,
            verdict=HostVerdict.REFUSED,
            overruled_at=None,
            host__ended_at=None,
            host__can_clear=True,
        )
        .select_related("entry__cycle__programme", "entry__organisation", "host")
        .defer("entry__answers", "entry__route")
    )


def is_shown(entry: Entry) -> bool:
    """Whether co-hosts see the entry at all, and so can be waited for."""
    return entry.state in SHOWN_TO_HOSTS
