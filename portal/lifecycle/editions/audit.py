from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.edition.opened", "举办本级届次"),
    AuditAction("lifecycle.edition.received", "接收下级届次的入选项目"),
)
