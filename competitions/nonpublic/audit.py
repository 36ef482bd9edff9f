"""Audit actions of the room."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.reminder.sent", "提醒开展竞赛"),
    AuditAction("competitions.reminder.answered", "反馈竞赛提醒"),
    AuditAction("competitions.coverage.requested", "申请形成覆盖面时点数据"),
    AuditAction("competitions.coverage.taken", "形成覆盖面时点数据"),
    AuditAction("competitions.cultivated.added", "培育对象入库"),
    AuditAction("competitions.cultivated.changed", "修改培育对象"),
    AuditAction("competitions.cultivated.stepped", "登记培育进展"),
    AuditAction("competitions.engagement.entered", "登记负责人参与"),
    AuditAction("competitions.benefit.entered", "登记受益"),
)
