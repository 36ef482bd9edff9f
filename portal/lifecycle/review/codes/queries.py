"""Reading codes, always inside the active scope. Only ``joined`` brings both layers together, and only after decoding."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce

from portal.accounts.enums import Role
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.codes.models import (
    DECODERS_NEEDED,
    FIRST,
    SECOND,
    CodeApproval,
    CodedBatch,
    CodedMark,
    CodeTable,
)
from portal.lifecycle.review.imported.models import ResultState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


def stages(*, actor: Actor) -> QuerySet[CycleStage]:
    """Review stages of this desk's cycles that work with codes."""
    rows = CycleStage.objects.filter(kind="review", cycle__owner__path=actor.path, params__codes__isnull=False)
    return rows.exclude(params__codes=None).select_related("cycle__programme", "cycle__owner")


def layers_of(stage: CycleStage) -> int:
    """How many layers of codes the stage has; 0 without codes."""
    codes = params_of(stage).codes
    return codes.layers if codes else 0


def tables(stage: CycleStage) -> dict[int, CodeTable]:
    """The tables that count, by layer."""
    rows = CodeTable.objects.filter(stage=stage, is_current=True).select_related("holder", "stage__cycle__owner")
    return {row.layer: row for row in rows}


def content(table: CodeTable) -> dict[str, str]:
    return json.loads(table.content)


def approvals(stage: CycleStage) -> list[CodeApproval]:
    return list(CodeApproval.objects.filter(stage=stage).select_related("user"))


def is_decoded(stage: CycleStage) -> bool:
    """Two people have confirmed."""
    return CodeApproval.objects.filter(stage=stage).count() == DECODERS_NEEDED


def subjects(stage: CycleStage) -> list[str]:
    """Numbers of the entries that take part."""
    rows = Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.IN_REVIEW)
    return list(rows.order_by("code").values_list("code", flat=True))


def last_codes(stage: CycleStage) -> list[str]:
    """The codes under which marks are recorded, in their own order; empty before all layers are drawn."""
    last = tables(stage).get(layers_of(stage))
    return sorted(content(last).values()) if last else []


def marks(stage: CycleStage) -> dict[str, CodedMark]:
    rows = CodedMark.objects.filter(stage=stage).select_related("recorded_by", "confirmed_by", "stage__cycle__owner")
    return {row.code: row for row in rows}


def waits_for(row: CodedMark, actor: Actor) -> bool:
    """Whether this person may confirm the marks: somebody else has recorded them."""
    return row.state == ResultState.RECORDED and row.recorded_by_id != actor.user_id


def names(stage: CycleStage) -> set[str]:
    """Whatever leads to those who take part: entry numbers, names, units. Nothing about marks may contain it."""
    rows = Entry.objects.filter(cycle_id=stage.cycle_id, state=EntryState.IN_REVIEW)
    found = rows.values_list("code", "title", "organisation__name")
    return {text.strip() for row in found for text in row if text}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is; figures only, by which nobody learns whose a code is."""

    taking_part: int
    coded: int
    recorded: int
    returned: int
    confirmed: int

    @property
    def missing(self) -> int:
        return self.coded - self.recorded - self.returned - self.confirmed


def progress(stage: CycleStage) -> Progress:
    states = Counter(row.state for row in marks(stage).values())
    return Progress(
        len(subjects(stage)), len(last_codes(stage)), states[ResultState.RECORDED], states[ResultState.RETURNED],
        states[ResultState.CONFIRMED],
    )  # fmt: skip


def batches(*, actor: Actor) -> QuerySet[CodedBatch]:
    """Files of marks by code for the contests this desk runs."""
    rows = CodedBatch.objects.filter(stage__cycle__owner__path=actor.path)
    return rows.select_related("stage__cycle__owner", "stage__cycle__programme", "uploaded_by")


def of_stage(stage: CycleStage) -> dict[str, Entry]:
    """Those who take part, by number, for the holder of the first table."""
    rows = Entry.objects.filter(cycle_id=stage.cycle_id).select_related("organisation", "track")
    return {entry.code: entry for entry in rows.defer("answers", "route")}


@dataclass(frozen=True, slots=True)
class Joined:
    """One entry with all its codes."""

    entry: str
    first: str
    last: str


def joined(stage: CycleStage) -> list[Joined]:
    """Entries and codes together, by bench. Raises PermissionError before the stage is decoded."""
    if not is_decoded(stage):
        raise PermissionError("codes and entries are not joined before decoding")
    found = tables(stage)
    second = content(found[SECOND]) if SECOND in found else {}
    rows = [Joined(entry, code, second.get(code, code)) for entry, code in content(found[FIRST]).items()]
    return sorted(rows, key=lambda row: row.last)


# --- what waits for whom: figures in the database only, tables stay closed ---


def _count(rows: QuerySet, of: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(of).annotate(n=Count("pk")).values("n")), 0)


def _open_stages(actor: Actor) -> QuerySet[CycleStage]:
    """Open stages that are not decoded, with layers wanted and drawn, codes, marks and who of us holds a table."""
    here = OuterRef("pk")
    tables, marked = CodeTable.objects.filter(stage=here, is_current=True), CodedMark.objects.filter(stage=here)
    under_review = Entry.objects.filter(cycle_id=OuterRef("cycle_id"), state=EntryState.IN_REVIEW)
    rows = stages(actor=actor).filter(status="open").annotate(
        layers=Cast(KeyTextTransform("layers", KeyTransform("codes", "params")), IntegerField()),
        drawn=_count(tables, "stage_id"),
        size=Coalesce(Subquery(tables.filter(layer=FIRST).values("size")[:1]), 0),
        in_review=_count(under_review, "cycle_id"),
        marked=_count(marked, "stage_id"),
        returned=_count(marked.filter(state=ResultState.RETURNED), "stage_id"),
        confirmed=_count(marked.filter(state=ResultState.CONFIRMED), "stage_id"),
        seats=_count(CodeApproval.objects.filter(stage=here), "stage_id"),
        held=_count(tables.filter(holder_id=actor.user_id), "stage_id"),
    )  # fmt: skip
    return rows.filter(seats__lt=DECODERS_NEEDED)


def stages_to_draw(*, actor: Actor, layer: int) -> QuerySet[CycleStage]:
    """Stages whose next draw is that of ``layer``; the second is nothing for the holder of the first."""
    rows = _open_stages(actor).filter(in_review__gt=0, drawn=layer - 1, layers__gte=layer)
    return rows.filter(held=0)


def _may_mark(actor: Actor) -> QuerySet[CycleStage]:
    """Fully drawn stages whose marks this person may see: of one layer the holder may not."""
    rows = _open_stages(actor).filter(drawn=F("layers"), seats=0)
    return rows.exclude(layers=FIRST, held__gt=0)


def stages_to_mark(*, actor: Actor) -> QuerySet[CycleStage]:
    return _may_mark(actor).filter(Q(marked__lt=F("size")) | Q(returned__gt=0))


def stages_to_confirm(*, actor: Actor) -> QuerySet[CycleStage]:
    """Stages with marks that somebody else recorded."""
    rows = CodedMark.objects.filter(stage=OuterRef("pk"), state=ResultState.RECORDED)
    waiting = _count(rows.exclude(recorded_by_id=actor.user_id), "stage_id")
    return _may_mark(actor).annotate(waiting=waiting).filter(waiting__gt=0)


def stages_to_decode(*, actor: Actor) -> QuerySet[CycleStage]:
    """Stages whose marks are all confirmed, for those who have not spoken yet: holders, and where one layer leaves a seat
    free a manager or supervisor.
    """
    spoken = CodeApproval.objects.filter(stage=OuterRef("pk"), user_id=actor.user_id)
    rows = _open_stages(actor).filter(drawn=F("layers"), size__gt=0, confirmed=F("size")).exclude(Exists(spoken))
    mine = Q(held__gt=0)
    if actor.at_desk.role in {Role.MANAGER, Role.SUPERVISOR}:
        mine |= Q(layers=FIRST)
    return rows.filter(mine)
