from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.notice.drafted", "拟定公示"),
    AuditAction("lifecycle.notice.changed", "修改公示稿"),
    AuditAction("lifecycle.notice.published", "发布公示"),
    AuditAction("lifecycle.notice.closed", "公示期满"),
    AuditAction("lifecycle.notice.cancelled", "撤下公示"),
    AuditAction("lifecycle.notice.item_removed", "从公示名单撤出"),
    AuditAction("lifecycle.objection.received", "收到异议", drops=frozenset({"name", "phone"})),
    AuditAction("lifecycle.objection.accepted", "受理异议"),
    AuditAction("lifecycle.objection.ruled", "答复异议"),
    AuditAction("lifecycle.objection.revealed", "查看异议人信息"),
)
