from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.showcase.prepared", "拟定成果展示"),
    AuditAction("lifecycle.showcase.published", "发布成果展示"),
    AuditAction("lifecycle.showcase.withdrawn", "撤下成果展示"),
)
