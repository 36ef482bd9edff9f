"""Editions of a district, at the points tests begin from."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.lifecycle.blueprints.editions import EditionChanges
from portal.lifecycle.editions.domain.opening import open_edition
from portal.lifecycle.programmes.models import Cycle, CycleStatus, Programme, StageStatus
from portal.lifecycle.review.models import ExpertProfile
from tests.factories.entries import definition_of, make_programme
from tests.factories.people import Tree, make_actor

EDITION = {
    "allowed": True,
    "locked": ["form", "rubric", "selection"],
    "free": ["dates", "panels", "places", "tracks", "texts"],
    "levels": ["district", "subdistrict"],
    "forward": True,
}


def edition_definition(**edition: Any) -> dict[str, Any]:
    """``small-work`` that unions below may run themselves."""
    definition = copy.deepcopy(definition_of("small-work"))
    definition["edition"] = EDITION | edition
    return definition


def make_offered(tree: Tree, **edition: Any) -> Programme:
    return make_programme(tree, edition_definition(**edition))


def make_edition(
    tree: Tree, actor: Actor, *, now: dt.datetime, changes: EditionChanges | None = None, **edition: Any
) -> Cycle:
    """A running edition of the actor's union; its call is open since yesterday."""
    programme = make_offered(tree, **edition)
    cycle = open_edition(
        programme=programme,
        year=now.year,
        start_date=local_date(now) - dt.timedelta(days=1),
        actor=actor,
        now=now,
        changes=changes,
    )
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.RUNNING)
    cycle.stages.filter(kind__in=["application", "recommendation"]).update(status=StageStatus.OPEN)
    return Cycle.objects.select_related("programme", "blueprint", "owner").get(pk=cycle.pk)


def make_district_expert(organisation: Organisation, name: str) -> Actor:
    actor = make_actor(organisation, Role.EXPERT, name)
    ExpertProfile.objects.create(user=actor.user, owner=organisation)
    return actor
