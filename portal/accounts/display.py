"""States of people and organisations as badges: label and tone, never stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.enums import ImportState
from portal.accounts.models import ImportBatch, Invitation, Membership, Organisation


@dataclass(frozen=True, slots=True)
class Status:
    label: Any
    tone: str = "neutral"
    icon: str = ""


def organisation_status(organisation: Organisation) -> Status:
    if organisation.merged_into_id:
        return Status(_("已合并"), "neutral")
    return Status(_("在用"), "ok") if organisation.is_active else Status(_("已停用"), "stopped")


def membership_status(membership: Membership) -> Status:
    """``membership`` comes from ``member_list``: it knows whether the account is locked."""
    if not membership.is_active:
        return Status(_("已停用"), "neutral")
    if getattr(membership, "is_locked", False):
        return Status(_("已锁定"), "stopped", "lock")
    if membership.user.must_change_password:
        return Status(_("待改密码"), "waiting")
    return Status(_("在任"), "ok")


def invitation_status(invitation: Invitation, now: dt.datetime) -> Status:
    if invitation.accepted_at:
        return Status(_("已接受"), "ok")
    if invitation.cancelled_at:
        return Status(_("已撤回"), "neutral")
    return Status(_("已过期"), "stopped") if now >= invitation.expires_at else Status(_("等待接受"), "waiting")


IMPORT_TONES = {
    ImportState.CHECKING: "info",
    ImportState.FAULTY: "stopped",
    ImportState.CHECKED: "waiting",
    ImportState.APPLYING: "info",
    ImportState.APPLIED: "ok",
    ImportState.CANCELLED: "neutral",
}


def import_status(batch: ImportBatch) -> Status:
    return Status(batch.get_state_display(), IMPORT_TONES[ImportState(batch.state)])
