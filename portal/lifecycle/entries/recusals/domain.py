"""Keeping away, and being let back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.recusals import queries
from portal.lifecycle.entries.recusals.models import Recusal

MIN_REASON = 5


def record_recusal(*, entry: Entry, user: User, deputy: User, reason: str, actor: Actor, now: dt.datetime) -> Recusal:
    """From now on ``user`` neither sees nor handles the entry at this union; ``deputy`` acts.

    Both are staff of the actor's union who handle entries. Raises Refused, Invalid beside the fields, Conflict when it
    is recorded already or the deputy keeps away from the entry as well. Source: design.md, decision 0019.
    """
    policy_for("recusal").require(actor, "record", entry)
    staff = set(queries.staff(actor=actor).values_list("pk", flat=True))
    errors: dict[str, list[str]] = {}
    if user.pk not in staff:
        errors["user"] = [_("请选择本工会的经办人员。")]
    if deputy.pk not in staff or deputy.pk == user.pk:
        errors["deputy"] = [_("请选择本工会的另一位经办人员代办。")]
    if len(reason.strip()) < MIN_REASON:
        errors["reason"] = [_("请写明回避事由，不少于%d个字。") % MIN_REASON]
    if errors:
        raise Invalid(_("请补充必要的信息。"), fields=errors)
    with transaction.atomic():
        advisory_lock(f"recusal:{entry.pk}")
        away = set(queries.open_of(entry, actor.at_desk.organisation_id).values_list("user_id", flat=True))
        if user.pk in away:
            raise Conflict(_("%s已经登记回避。") % user)
        if deputy.pk in away:
            raise Invalid(_("%s对这件申报也回避，请另选代办人。") % deputy, fields={"deputy": [_("请另选代办人。")]})
        if queries.acts_for_others(entry, user, actor.at_desk.organisation_id):
            raise Conflict(_("%s正为他人代办这件申报，请先解除原回避或另选代办人。") % user)
        recusal = Recusal.objects.create(
            entry=entry, organisation_id=actor.at_desk.organisation_id, user=user, deputy=deputy,
            reason=reason.strip(), recorded_by=actor.user, recorded_at=now,
        )  # fmt: skip
        record(
            "lifecycle.recusal.recorded", recusal, actor=actor, now=now,
            after={"user": str(user), "deputy": str(deputy)}, reason=recusal.reason,
        )  # fmt: skip
    return recusal


@transaction.atomic
def end_recusal(*, recusal: Recusal, reason: str, actor: Actor, now: dt.datetime) -> Recusal:
    """Somebody else lets the person back, with a reason. Raises Refused, Invalid."""
    recusal = lock_row(Recusal, recusal.pk)
    policy_for("recusal").require(actor, "end", recusal)
    if len(reason.strip()) < MIN_REASON:
        raise Invalid(_("请写明解除理由。"), fields={"reason": [_("请写明解除理由，不少于%d个字。") % MIN_REASON]})
    recusal.ended_by, recusal.ended_at, recusal.end_reason = actor.user, now, reason.strip()
    recusal.save(update_fields=["ended_by", "ended_at", "end_reason"])
    record("lifecycle.recusal.ended", recusal, actor=actor, now=now, before={"user": str(recusal.user)}, reason=reason)
    return recusal
