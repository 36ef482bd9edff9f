"""The expert's desk: own assignments, one entry as an expert may see it.

When the review is blind, nothing here joins a review code with a name: no title, unit, union, file name or blind answer
leaves these functions, and lists are sorted and searched by the code and the expert's own marks only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat

from portal.accounts.models import Organisation
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.fields import DisplayRow, display_rows
from portal.lifecycle.blueprints.vocabulary import FieldType, StageKind, Viewer
from portal.lifecycle.entries.models import Attachment
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.models import Assignment, AssignmentState, DeclaredConflict, Score
from portal.lifecycle.review.presentation.models import PresentationSlot
from portal.lifecycle.review.sheet import StoredMark, make_sheet

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.lifecycle.blueprints.schema import Blueprint
    from portal.lifecycle.blueprints.stages import ReviewParams
    from portal.lifecycle.programmes.models import CycleStage

WAITING = Q(state=AssignmentState.OPEN, panel__stage__status="open", entry__state="in_review")
IMAGE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True)
class PanelProgress:
    """One panel of the expert with how far they are."""

    panel_id: int
    name: str
    cycle: str
    due_at: Any
    total: int
    done: int
    is_open: bool

    @property
    def left(self) -> int:
        return self.total - self.done


@dataclass(frozen=True)
class FileView:
    """A file as the expert sees it; ``number`` is its place among the visible ones, never its database key."""

    number: int
    field: str
    name: str
    size: int
    content_type: str
    attachment: Attachment = field(repr=False)

    @property
    def is_image(self) -> bool:
        return self.content_type in IMAGE_TYPES

    @property
    def is_pdf(self) -> bool:
        return self.content_type == "application/pdf"


@dataclass(frozen=True)
class SectionView:
    key: str
    title: str
    rows: Sequence[DisplayRow]


@dataclass(frozen=True)
class PeerTotal:
    """Another expert's sheet without a name."""

    total: Decimal
    marks: Sequence[StoredMark]


def assignments(*, actor: Actor) -> QuerySet[Assignment]:
    """Own assignments without recused ones, with what the list shows (marks prefetched).

    ``turn`` sorts them: still to be marked, then submitted ones of open stages, then what is over; within, by the code.
    """
    slots = PresentationSlot.objects.filter(entry=OuterRef("entry")).order_by("-draw__number")
    return (
        Assignment.objects.filter(expert_id=actor.user_id, panel__is_record=False)
        .exclude(state=AssignmentState.RECUSED)
        .select_related("entry", "panel__stage__cycle__programme", "panel__track")
        .prefetch_related("scores")
        .defer("entry__answers", "entry__route")
        .annotate(
            place=Subquery(slots.values("place")[:1]),
            turn=Concat(
                Case(
                    When(WAITING, then=Value("0")),
                    When(panel__stage__status="open", then=Value("1")),
                    default=Value("2"),
                    output_field=CharField(),
                ),
                "entry__review_code",
            ),
        )
    )


def open_assignments(*, actor: Actor) -> QuerySet[Assignment]:
    """What still has to be marked, in stages that are open."""
    return assignments(actor=actor).filter(WAITING)


def own_progress(*, actor: Actor) -> list[PanelProgress]:
    """The expert's panels, open ones first, then by deadline (one query)."""
    rows = (
        Assignment.objects.filter(expert_id=actor.user_id, panel__is_record=False)
        .exclude(state=AssignmentState.RECUSED)
        .values(
            "panel_id",
            "panel__name",
            "panel__due_at",
            "panel__stage__status",
            "panel__stage__closes_at",
            "panel__stage__cycle__label",
            "panel__stage__cycle__programme__title",
            "panel__stage__cycle__programme__short_title",
        )
        .annotate(total=Count("pk"), done=Count("pk", filter=Q(state=AssignmentState.SUBMITTED)))
    )
    found = [
        PanelProgress(
            panel_id=r["panel_id"],
            name=r["panel__name"],
            cycle=f"{r['panel__stage__cycle__programme__short_title'] or r['panel__stage__cycle__programme__title']} "
            f"{r['panel__stage__cycle__label']}",
            due_at=r["panel__due_at"] or r["panel__stage__closes_at"],
            total=r["total"],
            done=r["done"],
            is_open=r["panel__stage__status"] == "open",
        )
        for r in rows
    ]
    return sorted(found, key=lambda p: (not p.is_open, p.left == 0, p.due_at, p.panel_id))


def sheet_page(*, actor: Actor) -> QuerySet[Assignment]:
    """Own assignments with all that one review page needs."""
    return (
        Assignment.objects.filter(expert_id=actor.user_id, panel__is_record=False)
        .exclude(state=AssignmentState.RECUSED)
        .select_related(
            "entry__organisation",
            "entry__nominating",
            "entry__track",
            "panel__stage__cycle__programme",
            "panel__stage__cycle__blueprint",
            "panel__stage__cycle__owner",
        )
    )


def neighbours(assignment: Assignment) -> list[tuple[int, str]]:
    """(id, state) of the expert's sheets in the same panel, in the order of the codes."""
    rows = Assignment.objects.filter(panel_id=assignment.panel_id, expert_id=assignment.expert_id)
    rows = rows.exclude(state=AssignmentState.RECUSED).order_by("entry__review_code", "pk")
    return list(rows.values_list("pk", "state"))


def is_blind(stage: CycleStage) -> bool:
    """匿名评审, as the cycle pinned it (read without parsing the whole stage)."""
    return bool(stage.params.get("blind"))


def rules_for_experts(blueprint: Blueprint, params: ReviewParams) -> Blueprint:
    """The blueprint with the review stage as the cycle runs it: an amended cycle decides what is blind."""
    stages = tuple(replace(s, params=params) if s.kind == StageKind.REVIEW else s for s in blueprint.stages)
    return replace(blueprint, stages=stages)


def visible_files(assignment: Assignment, rules: Blueprint, *, blind: bool) -> list[FileView]:
    """The entry's files an expert may open (one query). Blind: those of blind questions are left out, names are neutral."""
    specs = {s.code: s for s in rules.attachments if not s.is_personal and not (blind and s.blind)}
    rows = Attachment.objects.filter(entry_id=assignment.entry_id, removed_at=None, field__in=specs)
    order = {code: i for i, code in enumerate(specs)}
    found = []
    for number, row in enumerate(sorted(rows, key=lambda a: (order[a.field], a.pk)), 1):
        name = f"附件{number}（{specs[row.field].label}）{_suffix(row.name)}" if blind else row.name
        found.append(FileView(number, row.field, name, row.size, row.content_type, row))
    return found


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return suffix if suffix[1:].isalnum() and len(suffix) <= 6 else ""


def entry_sections(assignment: Assignment, rules: Blueprint, files: Sequence[FileView]) -> list[SectionView]:
    """The entry's answers as an expert may see them, section by section, without empty sections."""
    by_field: dict[str, list[FileView]] = {}
    for file in files:
        by_field.setdefault(file.field, []).append(file)
    sections = []
    for section in rules.sections:
        rows = display_rows(rules, section, assignment.entry.answers, Viewer.EXPERT, by_field)
        rows = [r for r in rows if not (r.is_empty and r.kind in {"files", "statement"})]
        rows = [r for r in rows if rules.field(r.code).type not in {FieldType.CONSENT, FieldType.VETOES}]
        if rows:
            sections.append(SectionView(section.code, section.title, rows))
    return sections


def rules_of(assignment: Assignment) -> tuple[Blueprint, ReviewParams]:
    """The rules of the entry's form as experts see it, and of the review."""
    stage = assignment.panel.stage
    params = params_of(stage)
    return rules_for_experts(stage.cycle.blueprint.rules, params), params


def peer_totals(assignment: Assignment, params: ReviewParams) -> list[PeerTotal]:
    """The other experts' submitted sheets on this entry, without names, highest first.

    Empty until one's own sheet is submitted, and where the blueprint keeps marks apart.
    """
    if not params.show_marks_after or assignment.state != AssignmentState.SUBMITTED:
        return []
    with system_scope("others' marks without names, after one's own are in"):
        rows = Score.objects.filter(
            assignment__entry_id=assignment.entry_id, assignment__state=AssignmentState.SUBMITTED
        ).exclude(assignment_id=assignment.pk)
        by_sheet: dict[int, dict[str, StoredMark]] = {}
        for pk, code, value, abstained in rows.values_list("assignment_id", "criterion", "value", "abstained"):
            by_sheet.setdefault(pk, {})[code] = StoredMark(value, abstained)
    return sorted((_peer(params, marks) for marks in by_sheet.values()), key=lambda p: p.total, reverse=True)


def _peer(params: ReviewParams, marks: Mapping[str, StoredMark]) -> PeerTotal:
    sheet = make_sheet(params, marks)
    return PeerTotal(sheet.total, tuple(line.mark for line in sheet.lines))


def own_conflicts(*, actor: Actor) -> QuerySet[DeclaredConflict]:
    """What the expert has declared at this federation."""
    rows = DeclaredConflict.objects.filter(expert_id=actor.user_id, owner__path=actor.path)
    return rows.select_related("organisation").order_by("-declared_at", "-pk")


def own_federation(*, actor: Actor) -> Organisation:
    """The organisation of the expert's desk."""
    return Organisation.objects.get(path=actor.path)
