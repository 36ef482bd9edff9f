"""切换工作台: which of the own memberships is in use."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Membership, User
from portal.accounts.queries.desks import memberships_of
from portal.audit.domain import record
from portal.core.decisions import refuse
from portal.core.errors import Refused

if TYPE_CHECKING:
    from portal.core.context import Actor


def switch_desk(*, actor: Actor, membership_id: int, now: dt.datetime) -> Membership:
    """Remembers the desk for the next sign-in and records the change; the caller puts it into the session.

    Raises Refused for a membership that is not the actor's own or has ended.
    """
    own = {membership.pk: membership for membership in memberships_of(actor.user)}
    membership = own.get(membership_id)
    if membership is None:
        raise Refused(refuse("not_yours", _("您没有这个工作台，或它已停用。")))
    with transaction.atomic():
        User.objects.filter(pk=actor.user_id).update(last_membership=membership)
        before = {"membership": actor.desk.membership_id} if actor.desk else {}
        record(
            "accounts.desk.switched",
            membership,
            actor=actor,
            before=before,
            after={"membership": membership.pk},
            now=now,
        )
    return membership
