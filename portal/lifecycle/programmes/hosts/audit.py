from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.audit.actions import AuditAction, register_actions
from portal.lifecycle.blueprints.editions import HostRight


def agreement(facts: Mapping[str, Any]) -> str:
    """“市人社局：查看、联审；须等其意见；原因……”: what stands now, and why it was changed."""
    now = facts["after"] or facts["data"]
    rights = "、".join(str(HostRight(right).label) for right in now.get("rights", ())) or _("只列名")
    words = [f"{now['name']}：{rights}" if now.get("name") else rights]
    if now.get("awaited"):
        words.append(_("须等其意见"))
    if reason := facts["data"].get("reason"):
        words.append(_("原因：%s") % reason)
    return "；".join(words)


register_actions(
    AuditAction("lifecycle.host.added", "增加联合主办单位", agreement),
    AuditAction("lifecycle.host.changed", "调整联合主办约定", agreement),
    AuditAction("lifecycle.host.ended", "结束联合主办", agreement),
    AuditAction("lifecycle.host.acknowledged", "确认联合主办约定", agreement),
)
