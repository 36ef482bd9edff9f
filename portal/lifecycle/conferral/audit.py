from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.conferral.drafted", "拟定命名决定"),
    AuditAction("lifecycle.conferral.changed", "修改命名决定稿"),
    AuditAction("lifecycle.conferral.issued", "印发命名决定"),
)
