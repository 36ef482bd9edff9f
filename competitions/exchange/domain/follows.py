"""What others do with a case: hear of it, read it, take it up."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.exchange.enums import CaseKind
from competitions.exchange.models import CaseFollow, CaseNotice, CaseSubscription, ExchangeCase
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for


def _own(actor: Actor) -> Organisation:
    return Organisation.objects.get(pk=actor.at_desk.organisation_id)


@transaction.atomic
def subscribe(*, actor: Actor, kind: str, wanted: bool, now: dt.datetime) -> None:
    """The desk's union hears of new cases of ``kind``, or no longer. Twice changes nothing. Raises Invalid otherwise."""
    policy_for("case").require(actor, "subscribe")
    if kind not in CaseKind.values:
        raise Invalid(_("没有这一类案例。"))
    own = lock_row(Organisation, actor.at_desk.organisation_id)
    rows = CaseSubscription.objects.filter(organisation=own, kind=kind)
    if wanted == rows.exists():
        return
    if wanted:
        row = CaseSubscription.objects.create(organisation=own, kind=kind, since=now, by=actor.user)
        record("competitions.case.subscribed", row, actor=actor, now=now, kind=kind)
        return
    row = rows.get()
    record("competitions.case.unsubscribed", row, actor=actor, now=now, kind=kind)
    row.delete()


@transaction.atomic
def note_read(*, actor: Actor, case: ExchangeCase, now: dt.datetime) -> int:
    """The desk's notice of this case is done once somebody of the union opens it. How many were open."""
    policy_for("case").require(actor, "view", case)
    return CaseNotice.objects.filter(case=case, organisation=actor.at_desk.organisation_id, read_at=None).update(
        read_at=now
    )


@transaction.atomic
def follow_case(*, actor: Actor, case: ExchangeCase, words: str, now: dt.datetime) -> CaseFollow:
    """The desk's union takes the case up, and says how. Raises Invalid without words, Conflict the second time."""
    row = lock_row(ExchangeCase, case.pk)
    policy_for("case").require(actor, "follow", row)
    if not words.strip():
        message = _("请写明准备怎样学用。")
        raise Invalid(message, fields={"words": [message]})
    own = _own(actor)
    try:
        with transaction.atomic():
            found = CaseFollow.objects.create(
                case=row, organisation=own, seen_by=[own.path, row.owner.path], words=words.strip(), followed_at=now,
                followed_by=actor.user,
            )  # fmt: skip
    except IntegrityError as error:  # competitions_case_follow_once
        raise Conflict(_("本单位已经登记学用这条经验。")) from error
    record("competitions.case.followed", found, actor=actor, now=now, case=row.title)
    return found
