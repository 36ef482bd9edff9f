"""Many rows for reports, written at once."""

from __future__ import annotations

import itertools

from django.utils import timezone

from portal.accounts.models import Employer, Organisation
from portal.core.context import Actor
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries import routes
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.queries import route_of
from portal.lifecycle.programmes.models import Cycle

_numbers = itertools.count(1)


def many_submitted(cycle: Cycle, actor: Actor, count: int, title: str = "成果") -> None:
    """``count`` submitted entries of the actor's unit, without answers: enough for lists and sheets."""
    now = timezone.now()
    organisation = Organisation.objects.get(pk=actor.desk.organisation_id)
    hops = route_of(organisation, cycle)
    employer = Employer.objects.filter(organisation=organisation).first()
    Entry.objects.bulk_create(
        (
            Entry(
                code=f"R{cycle.pk}-{next(_numbers):06d}",
                cycle=cycle,
                organisation=organisation,
                employer=employer,
                title=f"{title}{number}",
                title_key=f"{title}{number}",
                answers={},
                created_by=actor.user,
                state=EntryState.SUBMITTED,
                state_changed_at=now,
                submitted_at=now,
                route=routes.to_json(hops),
                route_path=routes.route_path(hops, cycle.owner.path),
                at_level=hops[0].level,
                at_organisation_id=hops[0].organisation,
            )
            for number in range(count)
        ),
        batch_size=2000,
    )
