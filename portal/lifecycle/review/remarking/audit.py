from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.remarking.opened", "发起整组复评"),
    AuditAction("lifecycle.remarking.applied", "采用复评评分"),
    AuditAction("lifecycle.remarking.cancelled", "取消整组复评"),
    AuditAction("lifecycle.remarking.restored", "恢复原评分"),
)
