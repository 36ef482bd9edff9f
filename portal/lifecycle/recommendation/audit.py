from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.entry.ranked", "调整推荐排序"),
    AuditAction("lifecycle.quota.set", "下达推荐名额"),
    AuditAction("lifecycle.sheet.forwarded", "推荐排序表整体上报"),
)
