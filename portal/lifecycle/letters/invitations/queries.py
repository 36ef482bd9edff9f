"""Reading letters of invitation, inside the active scope."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.core.context import Actor
from portal.lifecycle.letters.channels import offered
from portal.lifecycle.letters.invitations.models import InvitationLetter, InviteState
from portal.lifecycle.letters.models import Channel

TO_SEND = (InviteState.DRAFT, InviteState.FAILED, InviteState.SENDING)
"""A person has something to do: read and send, or send again."""


def letters() -> QuerySet[InvitationLetter]:
    """Rows of the list page, with the invitation and its people."""
    return InvitationLetter.objects.select_related(
        "invitation__organisation", "invitation__invited_by", "invitation__user", "sender", "sent_by"
    )


def waiting(*, actor: Actor) -> QuerySet[InvitationLetter]:
    """Letters that this desk's union drafted and that have not reached anybody yet."""
    rows = letters().filter(state__in=TO_SEND, sender__path=actor.path)
    return rows.filter(invitation__accepted_at=None, invitation__cancelled_at=None)


def ways_to(letter: InvitationLetter) -> list[str]:
    """How the invited person can be reached: what is known of them, and what this installation has."""
    known = {Channel.EMAIL: letter.invitation.mail_address, Channel.SMS: letter.invitation.mobile}
    return [code for code in offered() if known.get(Channel(code))]
