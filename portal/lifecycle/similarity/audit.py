from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.similarity.found", "查重发现相似申报件"),
    AuditAction("lifecycle.similarity.decided", "核对相似申报件"),
)
