"""Reading drafts: lists, problems with their pages, differences, what the preview needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery

from portal.lifecycle.blueprints import labels
from portal.lifecycle.blueprints.diff import Change, changes
from portal.lifecycle.blueprints.loader import BlueprintInvalid, Problem, from_definition
from portal.lifecycle.blueprints.schema import Blueprint as Rules
from portal.lifecycle.blueprints.structure import build
from portal.lifecycle.blueprints.validate import Known
from portal.lifecycle.engine.registry import registry
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStatus, Programme
from portal.lifecycle.workshop.models import BlueprintDraft, DraftStatus
from portal.lifecycle.workshop.pieces import normal_path, place_of

if TYPE_CHECKING:
    from portal.core.context import Actor


def drafts(*, actor: Actor) -> QuerySet[BlueprintDraft]:
    """The desk's own drafts, with who changed them last."""
    return BlueprintDraft.objects.filter(owner__path=actor.path).select_related(
        "programme", "base__programme", "owner", "changed_by", "created_by", "published"
    )


def own_programmes(*, actor: Actor) -> QuerySet[Programme]:
    """Programmes that the desk runs and that have a published version."""
    return Programme.objects.filter(owner__path=actor.path, blueprints__published_at__isnull=False).distinct()


def models_to_copy(*, actor: Actor) -> QuerySet[Blueprint]:
    """The newest published version of every programme the desk may see."""
    newest = Blueprint.objects.filter(programme=OuterRef("programme"), published_at__isnull=False).order_by("-version")
    return (
        Blueprint.objects.filter(pk=Subquery(newest.values("pk")[:1]))
        .select_related("programme")
        .order_by("programme__title")
    )


def open_drafts_of(programme: Programme, *, actor: Actor) -> list[BlueprintDraft]:
    """Drafts of the programme's next version that somebody is working on."""
    return list(drafts(actor=actor).filter(programme=programme, status=DraftStatus.OPEN))


def current_version(draft: BlueprintDraft) -> Blueprint | None:
    """The programme's newest published version; None for a new programme."""
    if draft.programme_id is None:
        return None
    rows = Blueprint.objects.filter(programme_id=draft.programme_id, published_at__isnull=False)
    return rows.order_by("-version").first()


def cycles_that_keep_theirs(draft: BlueprintDraft) -> list[Cycle]:
    """Planned and running cycles of the programme; they go on by the version they were opened with."""
    if draft.programme_id is None:
        return []
    rows = Cycle.objects.filter(programme_id=draft.programme_id, status__in=[CycleStatus.PLANNED, CycleStatus.RUNNING])
    return list(rows.select_related("blueprint", "programme").order_by("-year"))


def differences(draft: BlueprintDraft) -> list[Change]:
    """What publishing would change, in Chinese sentences; nothing for a new programme."""
    current = current_version(draft)
    return changes(current.definition, draft.definition) if current else []


# --- problems --------------------------------------------------------------------------------------------
def known() -> Known:
    """What definitions may name, as registered by the installed pillars."""
    return Known(
        pillars=frozenset(registry.pillars),
        profiles=frozenset(registry.profiles),
        guards=frozenset(registry.guards),
    )


@dataclass(frozen=True)
class Found:
    """One message of the validator: ``page`` is where it is put right, ``where`` its place in words."""

    path: str
    page: str
    where: str
    message: str

    @property
    def key(self) -> str:
        """Path within the page; empty when the message is about the page as a whole."""
        return self.path.removeprefix(self.page).lstrip(".")


def problems_of(definition: Mapping[str, Any]) -> list[Found]:
    """All problems of a definition, each with its page. Empty means it may be published."""
    try:
        from_definition(definition, known=known())
    except BlueprintInvalid as error:
        return [_found(definition, problem) for problem in error.errors]
    return []


def _found(definition: Mapping[str, Any], problem: Problem) -> Found:
    path = normal_path(definition, problem.path)
    place = place_of(definition, path)
    where = labels.path_in_words(definition, path) if path else ""
    return Found(path, place.path if place else "programme", where, problem.message)


def rules_of(definition: Mapping[str, Any]) -> Rules | None:
    """Typed rules of a draft for the preview, as far as they can be read; None when a required part is missing."""
    problems: list[Problem] = []
    rules = build(Rules, definition, "", problems)
    return rules if isinstance(rules, Rules) else None
