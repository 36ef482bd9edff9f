"""邀请函: the letter of an invitation to the unit."""

from __future__ import annotations

from typing import Any

from portal.accounts.domain.invitations import Invitee, invite_by_letter
from portal.accounts.enums import Role
from portal.core.scoping import system_scope

TABLE = """
accounts:invitation.letter                 POST L ....o ..o.x .
lifecycle:invitation_letter.list           GET  L xxxxo xxoxx o
lifecycle:invitation_letter.send_many      POST L xxxxo xxoxx o
lifecycle:invitation_letter.detail         GET  L ....o ..o.. .
lifecycle:invitation_letter.change         GET  L ....o ..o.. .
lifecycle:invitation_letter.change         POST L ....o ..o.. .
lifecycle:invitation_letter.send           POST L ....o ..o.. .
lifecycle:invitation_letter.leave_out      POST L ....o ..o.. .
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    invitee = Invitee(tree.unit, Role.CHECKER, "李新明", email="li@example.org")
    with system_scope("test"):
        invitation = invite_by_letter(actor=tree.manager, invitee=invitee, now=now)
    return {
        "invitation_letter.list": {},
        "invitation_letter.send_many": {},
        "invitation_letter.": {"pk": invitation.pk},
    }
