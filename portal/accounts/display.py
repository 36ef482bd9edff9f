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
    if invitation.expires_at is None:
        return Status(_("待发邀请函"), "neutral")
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


# First match wins: every browser claims to be several others. 360 and QQ browsers, WPS and WeChat carry their own word.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("QIHU", "360浏览器"),
    ("360SE", "360浏览器"),
    ("QQBrowser", "QQ浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓手机"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """What people can recognise of a browser's long name: ``Chrome · Windows``; the beginning of unknown ones."""
    found = [next((label for word, label in table if word in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(part for part in found if part) or user_agent[:40]
