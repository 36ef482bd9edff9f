"""A union below opens its own edition of a programme of the union above."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.editions import EditionChanges, edition_overlay
from portal.lifecycle.blueprints.loader import from_definition
from portal.lifecycle.blueprints.overlay import overlaid
from portal.lifecycle.blueprints.structure import BlueprintInvalid
from portal.lifecycle.programmes.domain.cycles import (
    achievement_period,
    create_stages,
    create_tracks,
    newest_blueprint,
)
from portal.lifecycle.programmes.models import Blueprint, Cycle, CycleStatus, Programme
from portal.lifecycle.programmes.planning import planned_slots


def open_edition(
    *,
    programme: Programme,
    year: int,
    start_date: dt.date,
    actor: Actor,
    now: dt.datetime,
    changes: EditionChanges | None = None,
) -> Cycle:
    """举办本级届次: a cycle owned by the desk's union on the newest rules of the union above, its free parts changed.

    The pinned version and the overlay are kept, so next year's rules never touch it. Raises Refused when the programme
    does not allow it at this level, Invalid when a locked part is touched or the changed rules do not hold together,
    Conflict when the union has its edition of that year already.
    """
    policy_for("edition").require(actor, "open", programme)
    changes = changes or EditionChanges()
    with transaction.atomic():
        advisory_lock(f"cycle:{programme.pk}:{actor.at_desk.organisation_id}:{year}")
        union = Organisation.objects.get(pk=actor.at_desk.organisation_id)
        blueprint = newest_blueprint(programme)
        spec = blueprint.rules.edition
        locked = [part for part in changes.parts() if not spec.is_free(part)]
        if locked:
            names = "、".join(str(part.label) for part in locked)
            raise Invalid(
                _("“%(programme)s”锁定了%(names)s，不能由本级调整。") % {"programme": programme, "names": names}
            )
        overlay = edition_overlay(
            blueprint.definition, edition=spec, level=actor.level, owner=union.name, code=union.code, changes=changes
        )
        cycle = _drafted(blueprint, union, year, overlay)
        cycle.status = CycleStatus.RUNNING if start_date <= local_date(now) else CycleStatus.PLANNED
        _save(cycle)
        create_stages(cycle, planned_slots(cycle.rules, start_date))
        create_tracks(cycle)
        record(
            "lifecycle.edition.opened", cycle, actor=actor, now=now, year=year, blueprint=blueprint.version,
            sha256=blueprint.sha256, start=start_date, changed=[str(part) for part in changes.parts()],
        )  # fmt: skip
        return cycle


def _drafted(blueprint: Blueprint, union: Organisation, year: int, overlay: dict) -> Cycle:
    """The cycle as it will be; Invalid when the changed rules do not hold together."""
    try:
        rules = from_definition(overlaid(blueprint.definition, overlay))
    except BlueprintInvalid as error:
        words = "；".join(problem.message for problem in error.errors[:3])
        raise Invalid(_("按现有规则不能举办本级届次：%s") % words) from error
    first, last = achievement_period(rules, year)
    return Cycle(
        programme=blueprint.programme,
        blueprint=blueprint,
        owner=union,
        label=_("%(union)s%(year)d年度") % {"union": union.label[:40], "year": year},
        year=year,
        period_start=first,
        period_end=last,
        amended=overlay,
    )


def _save(cycle: Cycle) -> None:
    try:
        with transaction.atomic():
            cycle.save(force_insert=True)
    except IntegrityError as error:
        words = {"programme": cycle.programme, "year": cycle.year}
        message = _("本会“%(programme)s”%(year)d年度的届次已经开设。") % words
        raise Conflict(message, code="exists") from error
