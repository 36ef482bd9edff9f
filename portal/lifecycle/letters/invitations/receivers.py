"""An invitation that is to go out by letter gets its draft in the same transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.accounts.signals import invitation_letter_wanted
from portal.lifecycle.letters.invitations.domain import draft_letter


@receiver(invitation_letter_wanted)
def draft(sender: Any, *, invitation: Any, actor: Any, now: Any, **kwargs: Any) -> None:
    draft_letter(invitation=invitation, actor=actor, now=now)
