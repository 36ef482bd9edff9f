from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.selfmark.saved", "填写自评"),
    AuditAction("lifecycle.selfmark.evidence", "更新自评佐证材料"),
)
