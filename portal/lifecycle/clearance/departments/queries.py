"""What each outside department has to be asked, and what it has answered (domain.md 0.5)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from portal.lifecycle.blueprints.conditions import condition_holds
from portal.lifecycle.blueprints.vocabulary import OpinionForm
from portal.lifecycle.clearance.departments.models import ClearanceWaiver, DepartmentLetter, DepartmentReply
from portal.lifecycle.clearance.departments.replies import PREFIX
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.queries import params_of, stage_of

if TYPE_CHECKING:
    from portal.core.context import Actor

WAITING = Q(entry__state=EntryState.RECOMMENDED, key__startswith=PREFIX, opinion=Opinion.PENDING)


@dataclass(frozen=True)
class DepartmentLine:
    """How one department's answers stand in one cycle."""

    cycle: Cycle
    department: str
    title: str
    asked: int
    agreed: int
    against: int
    pending: int
    unsent: int
    waived: int

    @property
    def key(self) -> str:
        """The value that names the line in a form."""
        return f"{self.cycle.pk}:{self.department}"


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
    rows = Cycle.objects.filter(pk__in=waiting.values("entry__cycle")).select_related("programme", "owner")
    return rows.prefetch_related("stages")


def reply_days(cycle: Cycle) -> int:
    """Working days that the cycle's rules leave a department for its answer (no query for prefetched stages)."""
    return params_of(stage_of(cycle, "clearance")).reply_working_days


def department_lines(*, actor: Actor) -> list[DepartmentLine]:
    """Counts per cycle and department, for the cycles in which somebody has to answer (three queries)."""
    cycles = {cycle.pk: cycle for cycle in cycles_with_letters(actor=actor)}
    rows = (
        Clearance.objects.filter(
            entry__cycle__in=list(cycles), entry__state=EntryState.RECOMMENDED, key__startswith=PREFIX
        )
        .order_by()
        .values("entry__cycle", "key", "title")
        .annotate(
            asked=Count("pk"),
            agreed=Count("pk", filter=Q(opinion=Opinion.AGREED)),
            against=Count("pk", filter=Q(opinion__in=[Opinion.RESERVED, Opinion.REFUSED])),
            pending=Count("pk", filter=Q(opinion=Opinion.PENDING)),
            unsent=Count("pk", filter=Q(opinion=Opinion.PENDING, line=None)),
            waived=Count("pk", filter=Q(waiver__confirmed_at__isnull=False)),
        )
    )
    ordered = sorted(rows, key=lambda row: (row["entry__cycle"], -row["asked"], row["title"]))
    return [
        DepartmentLine(
            cycle=cycles[row["entry__cycle"]],
            department=row["key"].removeprefix(PREFIX),
            **{name: row[name] for name in ("title", "asked", "agreed", "against", "pending", "unsent", "waived")},
        )
        for row in ordered
    ]


def letters(*, actor: Actor) -> QuerySet[DepartmentLetter]:
    """Letters of the desk's own cycles, with ``total``, ``open`` (no answer yet) and ``against``."""
    return (
        DepartmentLetter.objects.filter(cycle__owner__path=actor.path)
        .select_related("cycle__programme", "cycle__owner", "recorded_by")
        .annotate(
            total=Count("lines"),
            open=Count("lines", filter=Q(lines__clearance__opinion=Opinion.PENDING)),
            against=Count("lines", filter=Q(lines__clearance__opinion__in=[Opinion.RESERVED, Opinion.REFUSED])),
        )
    )


def overdue_letters(*, actor: Actor, today: dt.date) -> QuerySet[DepartmentLetter]:
    """Letters whose day is over while candidates that are still under way have no answer."""
    waiting = Clearance.objects.filter(WAITING, line__letter=OuterRef("pk"), waiver__confirmed_at=None)
    return letters(actor=actor).filter(answer_by__lt=today).filter(Exists(waiting))


def lines_of(letter: DepartmentLetter) -> QuerySet[Clearance]:
    """The requests on a letter's list."""
    return (
        Clearance.objects.filter(line__letter=letter)
        .select_related("entry__cycle__owner", "entry__organisation", "entry__nominating", "decided_by")
        .order_by("line__pk")
    )


def replies_to(entry: Entry) -> QuerySet[DepartmentReply]:
    """Everything entered about an entry, latest first: who entered what, when, from which paper."""
    return (
        DepartmentReply.objects.filter(clearance__entry=entry)
        .select_related("clearance", "entered_by")
        .order_by("-entered_at", "-pk")
    )


def reply_records(*, actor: Actor) -> QuerySet[DepartmentReply]:
    """Replies in the desk's own cycles, for the scan."""
    return DepartmentReply.objects.filter(clearance__entry__cycle__owner__path=actor.path).select_related(
        "clearance__entry__cycle__owner"
    )


def requests_of(*, actor: Actor) -> QuerySet[Clearance]:
    """Requests to departments in the desk's own cycles, for a decision to go on."""
    return Clearance.objects.filter(entry__cycle__owner__path=actor.path, key__startswith=PREFIX).select_related(
        "entry__cycle__owner", "entry__cycle__programme"
    )


def waivers(*, actor: Actor) -> QuerySet[ClearanceWaiver]:
    """Decisions to go on, in the desk's own cycles."""
    return ClearanceWaiver.objects.filter(clearance__entry__cycle__owner__path=actor.path).select_related(
        "clearance__entry__cycle__owner", "clearance__entry__cycle__programme", "proposed_by", "confirmed_by"
    )


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
