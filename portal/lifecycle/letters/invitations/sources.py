"""What waits: letters of invitation that nobody has sent yet, or that did not arrive."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.context import Actor
from portal.lifecycle.letters.invitations.models import InvitationLetter
from portal.lifecycle.letters.invitations.queries import waiting
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _rows(actor: Actor, now: dt.datetime) -> QuerySet[InvitationLetter]:
    return waiting(actor=actor)


def _item(letter: InvitationLetter, now: dt.datetime) -> WorkItem:
    return WorkItem(
        title=_("邀请%(name)s担任%(organisation)s的%(role)s")
        % {
            "name": letter.invitation.name,
            "organisation": letter.invitation.organisation.name,
            "role": letter.invitation.get_role_display(),
        },
        url=reverse("lifecycle:invitation_letter.detail", args=[letter.pk]),
        action_label=_("核对后发送"),
        since=letter.created_at,
        badge=letter.badge,
        note=letter.error,
    )


register_source(
    Source(
        key="invitation_letter.open",
        title=_("待发送的邀请函"),
        policy_action="invitation_letter.send",
        rows=_rows,
        item=_item,
        search=("invitation__name", "invitation__organisation__name"),
        list_url="lifecycle:invitation_letter.list",
        icon="mail",
        order=76,
    )
)
