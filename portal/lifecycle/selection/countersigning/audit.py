from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.countersign.agreed", "会签同意评选名单"),
    AuditAction("lifecycle.countersign.refused", "会签不同意评选名单"),
    AuditAction("lifecycle.countersign.answered", "答复会签意见，请复议"),
)
