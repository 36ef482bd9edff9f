"""A sub-criterion is confirmed by a second person, locked by the chief judge, and can be opened again with a reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.marking import queries
from competitions.marking.domain.boards import refresh_later
from competitions.marking.enums import PartState
from competitions.marking.models import SubCriterion
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

SHOWN = 5


@transaction.atomic
def confirm_part(*, actor: Actor, part: SubCriterion, now: dt.datetime) -> SubCriterion:
    """复核: every bench is settled in every aspect, and somebody who entered none of it says so.

    Raises Invalid naming what is missing or must be discussed, Refused for who entered marks here.
    """
    part = lock_row(SubCriterion, part.pk)
    policy_for("marking").require(actor, "confirm", part)
    open_cells = queries.open_cells(part, limit=SHOWN + 1)
    if open_cells:
        places = "、".join(f"{code}（{bench}）" for code, bench in open_cells[:SHOWN])
        more = _("等") if len(open_cells) > SHOWN else ""
        raise Invalid(_("还没有评完或需要重评：%(places)s%(more)s。") % {"places": places, "more": more})
    part.state, part.confirmed_by, part.confirmed_at = PartState.CONFIRMED, actor.user, now
    part.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    record("competitions.subcriterion.confirmed", part, actor=actor, now=now, part=part.code)
    refresh_later(part.scheme.marking, now=now)
    return part


@transaction.atomic
def lock_part(*, actor: Actor, part: SubCriterion, now: dt.datetime) -> SubCriterion:
    """锁定: by the chief judge, who did not confirm it."""
    part = lock_row(SubCriterion, part.pk)
    policy_for("marking").require(actor, "lock", part)
    part.state, part.locked_by, part.locked_at = PartState.LOCKED, actor.user, now
    part.save(update_fields=["state", "locked_by", "locked_at"])
    record("competitions.subcriterion.locked", part, actor=actor, now=now, part=part.code)
    return part


@transaction.atomic
def reopen_part(*, actor: Actor, part: SubCriterion, reason: str, now: dt.datetime) -> SubCriterion:
    """退回重评: by the chief judge with a reason; what was entered stays, and can be corrected again."""
    if not (reason := reason.strip()):
        message = _("请填写退回原因。")
        raise Invalid(message, fields={"reason": [message]})
    part = lock_row(SubCriterion, part.pk)
    policy_for("marking").require(actor, "reopen", part)
    before = part.state
    part.state = PartState.OPEN
    part.confirmed_by = part.confirmed_at = part.locked_by = part.locked_at = None
    part.save()
    record(
        "competitions.subcriterion.reopened", part, actor=actor, now=now, part=part.code, state=before, reason=reason
    )
    refresh_later(part.scheme.marking, now=now)
    return part
