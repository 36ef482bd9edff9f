"""What each outside department has to be asked, and what it has answered (domain.md 0.5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from portal.lifecycle.blueprints.conditions import condition_holds
from portal.lifecycle.blueprints.vocabulary import OpinionForm
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.queries import params_of, stage_of

if TYPE_CHECKING:
    from portal.core.context import Actor

PREFIX = "opinion:"
WAITING = Q(entry__state=EntryState.RECOMMENDED, key__startswith=PREFIX, opinion=Opinion.PENDING)


@dataclass(frozen=True)
class DepartmentLine:
    """How one department's answers stand in one cycle."""

    cycle: Cycle
    title: str
    asked: int
    agreed: int
    against: int
    pending: int


@dataclass(frozen=True)
class Request:
    """One department is asked about one entry, on one of the four sheets."""

    department: str
    form: OpinionForm
    entry: Entry


def sheet_for(entry: Entry, department: str) -> OpinionForm | None:
    """The sheet the cycle's rules choose for this kind of candidate; None when the rules do not ask the department.

    Where several lines name the same department, the first whose condition holds counts, as for the row itself.
    """
    stage = stage_of(entry.cycle, "clearance")
    for request in params_of(stage).opinions if stage else ():
        if request.department == department and condition_holds(request.when, entry.answers):
            return OpinionForm(request.form)
    return None


def cycles_with_letters(*, actor: Actor) -> QuerySet[Cycle]:
    """The desk's own cycles in which a department still has to answer."""
    waiting = Clearance.objects.filter(WAITING, entry__cycle__owner__path=actor.path)
    return Cycle.objects.filter(pk__in=waiting.values("entry__cycle")).select_related("programme", "owner")


def department_lines(*, actor: Actor) -> list[DepartmentLine]:
    """Counts per cycle and department, for the cycles in which somebody has to answer (two queries)."""
    cycles = {cycle.pk: cycle for cycle in cycles_with_letters(actor=actor)}
    rows = (
        Clearance.objects.filter(
            entry__cycle__in=list(cycles), entry__state=EntryState.RECOMMENDED, key__startswith=PREFIX
        )
        .order_by()
        .values("entry__cycle", "title")
        .annotate(
            asked=Count("pk"),
            agreed=Count("pk", filter=Q(opinion=Opinion.AGREED)),
            against=Count("pk", filter=Q(opinion__in=[Opinion.RESERVED, Opinion.REFUSED])),
            pending=Count("pk", filter=Q(opinion=Opinion.PENDING)),
        )
    )
    ordered = sorted(rows, key=lambda row: (row["entry__cycle"], -row["asked"], row["title"]))
    return [
        DepartmentLine(
            cycles[row["entry__cycle"]], row["title"], row["asked"], row["agreed"], row["against"], row["pending"]
        )
        for row in ordered
    ]


def open_requests(cycle: Cycle) -> dict[str, list[Request]]:
    """What each department has not answered yet, by department, in the order of the entries."""
    rows = (
        Clearance.objects.filter(WAITING, entry__cycle=cycle)
        .select_related("entry__cycle__blueprint", "entry__organisation", "entry__employer", "entry__nominating")
        .prefetch_related("entry__cycle__stages")
        .order_by("entry__code", "pk")
    )
    found: dict[str, list[Request]] = defaultdict(list)
    for row in rows:
        department = row.key.removeprefix(PREFIX)
        form = sheet_for(row.entry, department)
        if form is not None:
            found[department].append(Request(department, form, row.entry))
    return dict(found)
