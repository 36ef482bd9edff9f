"""赛前培训: the host of a contest names what its competitors learn beforehand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.learning.enums import ResourceState
from competitions.learning.models import ContestTraining, TrainingResource
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for


@transaction.atomic
def name_training(*, actor: Actor, contest: Any, resource: TrainingResource, now: dt.datetime) -> ContestTraining:
    """Raises Invalid for a resource that is not published or named already."""
    policy_for("training").require(actor, "name", contest)
    row = lock_row(TrainingResource, resource.pk)
    if row.state != ResourceState.PUBLISHED:
        message = _("只能指定已发布的培训资源。")
        raise Invalid(message, fields={"resource": [message]})
    found, made = ContestTraining.objects.get_or_create(
        contest=contest, resource=row, defaults={"added_by": actor.user, "added_at": now}
    )
    if not made:
        message = _("已经指定过这项资源。")
        raise Invalid(message, fields={"resource": [message]})
    record("competitions.training.named", found, actor=actor, now=now, resource=row.title)
    return found


@transaction.atomic
def drop_training(*, actor: Actor, training: ContestTraining, now: dt.datetime) -> None:
    row = ContestTraining.objects.select_for_update(of=("self",)).select_related("contest__owner").get(pk=training.pk)
    policy_for("training").require(actor, "name", row.contest)
    record("competitions.training.dropped", row, actor=actor, now=now, resource=str(row.resource))
    row.delete()
