"""Reading conferrals."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext as _

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.conferral.models import Conferral, ConferralItem
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


def conferrals_of_desk(*, actor: Actor) -> QuerySet[Conferral]:
    """Decisions of the cycles this desk owns, with the number of honours."""
    return (
        Conferral.objects.filter(cycle__owner__path=actor.path)
        .select_related("cycle__programme", "issued_by")
        .annotate(item_count=Count("items"))
    )


def items_of(conferral: Conferral) -> QuerySet[ConferralItem]:
    return ConferralItem.objects.filter(conferral=conferral).select_related(
        "entry__organisation", "entry__employer", "entry__nominating", "entry__track", "withdrawal"
    )


def has_notice_stage(cycle: Cycle) -> bool:
    return cycle.rules.stage(StageKind.NOTICE) is not None


def entries_to_confer(cycle: Cycle) -> QuerySet[Entry]:
    """What may be conferred now: confirmed after the notice; without a notice stage, what was selected."""
    state = EntryState.CONFIRMED if has_notice_stage(cycle) else EntryState.SELECTED
    return (
        Entry.objects.filter(cycle=cycle, state=state)
        .select_related("organisation", "employer", "nominating", "track", "cycle__owner")
        .prefetch_related("cycle__blueprint")
        .order_by("track__position", "final_rank", "pk")
    )


def approved_amount(entry: Entry) -> Decimal | None:
    """The sum, in yuan, that the approved round gives the entry; None where rounds give no money."""
    rows = Selection.objects.filter(entry=entry, round__status=RoundStatus.APPROVED, outcome=Outcome.SELECTED)
    return rows.values_list("amount", flat=True).first()


def approved_amounts(entries: Iterable[Entry]) -> dict[int, Decimal]:
    """The same for many, by entry (one query)."""
    rows = Selection.objects.filter(
        entry__in=[entry.pk for entry in entries], round__status=RoundStatus.APPROVED, amount__isnull=False
    )
    return dict(rows.values_list("entry_id", "amount"))


def entries_held(cycle: Cycle) -> QuerySet[Entry]:
    """Still in notice: they hold the conferral until the days are over and the objections are ruled on."""
    return Entry.objects.filter(cycle=cycle, state__in=[EntryState.IN_NOTICE]).select_related("organisation")


def nothing_held(cycle: Cycle) -> Decision:
    """Whether the decision may be issued: nothing of the cycle is in notice or objected to any more."""
    held = list(entries_held(cycle)[:5]) if has_notice_stage(cycle) else []
    if not held:
        return ALLOWED
    names = "、".join(str(entry) for entry in held)
    return refuse("held", _("还有申报件在公示或异议处理中：%s。全部处理完毕后才能印发。") % names)


def cycles_to_confer(*, actor: Actor) -> list[tuple[Cycle, int]]:
    """Cycles of this desk with entries that may be conferred, and how many. Two queries."""
    counts = dict(
        Entry.objects.filter(cycle__owner__path=actor.path, state__in=[EntryState.CONFIRMED, EntryState.SELECTED])
        .values("cycle")
        .annotate(count=Count("pk"))
        .values_list("cycle", "count")
    )
    cycles = Cycle.objects.select_related("programme", "blueprint", "owner").filter(pk__in=counts)
    return [
        (cycle, counts[cycle.pk])
        for cycle in cycles
        if cycle.rules.stage(StageKind.CONFERRAL) and entries_to_confer(cycle).exists()
    ]
