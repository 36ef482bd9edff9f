"""Whoever may invite to an organisation reads and sends the letters of its invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core.decisions import Decision
from portal.core.policies import Policy, policy_for, register_policy
from portal.lifecycle.letters.invitations.models import InvitationLetter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class InvitationLetterPolicy(Policy):
    """``obj`` is the letter of an invitation."""

    name = "invitation_letter"
    actions = ("view", "draft", "send")

    def can_view(self, actor: Actor, obj: InvitationLetter | None) -> Decision:
        return policy_for("member").can(actor, "invite", obj.invitation.organisation if obj is not None else None)

    can_draft = can_send = can_view

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return InvitationLetter.objects.all()
