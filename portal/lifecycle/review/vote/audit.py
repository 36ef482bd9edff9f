from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.vote.opened", "开启投票"),
    AuditAction("lifecycle.vote.cast", "收到选票"),
)
