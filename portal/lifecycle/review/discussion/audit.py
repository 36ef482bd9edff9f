from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.discussion.raised", "提出复议"),
    AuditAction("lifecycle.discussion.settled", "办结复议"),
)
