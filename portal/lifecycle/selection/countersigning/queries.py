"""Whose countersignature a round has, and whose is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.core.scoping import shared_rows
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.selection.countersigning.models import Countersignature, SignVerdict
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection, SelectionRound
from portal.web.ui import Badge

if TYPE_CHECKING:
    from portal.core.context import Actor

STANDING = Q(replaced_at=None, list_sha256=F("round__list_sha256"))
"""Countersignatures of the list as it stands now."""


@dataclass(frozen=True)
class SignLine:
    """One co-host that decides too: its word on this list, or – ``void`` – on an earlier one."""

    host: CycleHost
    signature: Countersignature | None
    void: Countersignature | None = None

    @property
    def is_agreed(self) -> bool:
        return self.signature is not None and self.signature.verdict == SignVerdict.AGREED

    @property
    def is_refused(self) -> bool:
        return self.signature is not None and self.signature.verdict == SignVerdict.REFUSED

    @property
    def badge(self) -> Badge:
        if self.is_agreed:
            return Badge("已会签同意", "ok")
        if self.is_refused:
            return Badge("不同意", "stopped")
        return Badge("名单已变动，待重新会签" if self.void else "待会签", "waiting")


def deciding_hosts(cycle_id: int) -> QuerySet[CycleHost]:
    """Co-hosts that countersign here: with the right and a desk to do it at."""
    return CycleHost.objects.filter(
        cycle=cycle_id, ended_at=None, can_decide=True, organisation__isnull=False
    ).select_related("organisation")


@dataclass(frozen=True)
class Signing:
    """Who countersigns a round: ``lines`` at their desks; ``on_paper`` names those without one, whose consent the note
    of the approval records.
    """

    lines: list[SignLine]
    on_paper: list[str]


def signing_of(round_: SelectionRound) -> Signing:
    """Every co-host that decides too, with its standing or its void countersignature (one query without any, else two)."""
    hosts = CycleHost.objects.filter(cycle=round_.stage.cycle_id, ended_at=None, can_decide=True)
    found = list(hosts.select_related("organisation").order_by("pk"))
    given: dict[int, list[Countersignature]] = {}
    if any(host.organisation_id for host in found):
        rows = Countersignature.objects.filter(round=round_).select_related("host", "signed_by", "answered_by")
        for row in rows.order_by("pk"):
            given.setdefault(row.host_id, []).append(row)
    lines = [_line(host, given.get(host.pk, []), round_) for host in found if host.organisation_id]
    return Signing(lines, [host.name for host in found if not host.organisation_id])


def _line(host: CycleHost, own: list[Countersignature], round_: SelectionRound) -> SignLine:
    standing = [s for s in own if s.replaced_at is None and s.list_sha256 == round_.list_sha256]
    others = [s for s in own if s.list_sha256 != round_.list_sha256]
    return SignLine(host, standing[-1] if standing else None, others[-1] if others else None)


def unanswered_refusals(*, actor: Actor) -> QuerySet[Countersignature]:
    """Refusals of lists in the desk's own cycles that nobody has reacted to."""
    return (
        Countersignature.objects.filter(
            STANDING, round__status=RoundStatus.DRAFT, round__stage__cycle__owner__path=actor.path,
            verdict=SignVerdict.REFUSED, answered_at=None, host__ended_at=None, host__can_decide=True,
        )
        .select_related("round__stage__cycle__programme", "host")
        .defer("round__snapshot")
    )  # fmt: skip


# --- the co-host ---------------------------------------------------------------------------------------------------


def _answered_by(actor: Actor) -> Any:
    """The desk's word on the outer round's list, leaving out refusals it was asked to reconsider."""
    said = Countersignature.objects.filter(
        round=OuterRef("pk"), host__organisation__path=actor.path, replaced_at=None,
        list_sha256=OuterRef("list_sha256"),
    )  # fmt: skip
    return Exists(said.exclude(verdict=SignVerdict.REFUSED, answered_at__isnull=False))


def rounds_to_sign(*, actor: Actor) -> QuerySet[SelectionRound]:
    """Complete lists that wait for this desk's countersignature, at whatever page it is asked."""
    return (
        shared_rows(SelectionRound, actor.path)
        .filter(~_answered_by(actor), status=RoundStatus.DRAFT, needs_decision=[])
        .select_related("stage__cycle__programme", "stage__cycle__owner")
        .defer("snapshot", "differences")
    )


def waiting_for(actor: Actor) -> Any:
    """On hostings: how many lists wait for this desk's countersignature."""
    rows = rounds_to_sign(actor=actor).filter(stage__cycle=OuterRef("cycle")).order_by()
    return Coalesce(Subquery(rows.values("stage__cycle").annotate(n=Count("pk", distinct=True)).values("n")), 0)


def rounds_of_host(host: CycleHost, *, actor: Actor) -> QuerySet[SelectionRound]:
    """Lists of the cycle that the co-host was agreed to see, with its own ``verdict`` on each; never the marks."""
    own = Countersignature.objects.filter(
        round=OuterRef("pk"), host=host, replaced_at=None, list_sha256=OuterRef("list_sha256")
    )
    return (
        SelectionRound.objects.filter(stage__cycle=host.cycle_id)
        .select_related("stage__cycle__programme", "stage__cycle__owner", "stage__cycle__blueprint")
        .defer("snapshot", "differences")
        .annotate(
            verdict=Subquery(own.values("verdict")[:1]),
            selected_count=Count("selections", filter=Q(selections__outcome=Outcome.SELECTED)),
            reserve_count=Count("selections", filter=Q(selections__outcome=Outcome.RESERVE)),
            entry_count=Count("selections"),
        )
    )


def rounds_for_host(*, actor: Actor) -> QuerySet[SelectionRound]:
    """Lists of every cycle that this desk decides about with the owner."""
    return SelectionRound.objects.select_related(
        "stage__cycle__programme", "stage__cycle__owner", "stage__cycle__blueprint"
    ).defer("snapshot", "differences")


def hosting_of_round(round_: SelectionRound, *, actor: Actor) -> CycleHost | None:
    """The desk's hosting of the round's cycle with the right to decide."""
    here = actor.desk.organisation_id if actor.desk else None
    return deciding_hosts(round_.stage.cycle_id).filter(organisation=here).first()


def list_rows(round_: SelectionRound) -> QuerySet[Selection]:
    """The lines as a co-host reads them."""
    return (
        Selection.objects.filter(round=round_)
        .select_related("entry__organisation", "entry__nominating", "track")
        .defer("entry__answers", "entry__route", "details")
    )
