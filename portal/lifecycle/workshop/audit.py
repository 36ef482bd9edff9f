from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.draft.created", "起草方案"),
    AuditAction("lifecycle.draft.changed", "修改方案草稿"),
    AuditAction("lifecycle.draft.discarded", "放弃方案草稿"),
    AuditAction("lifecycle.draft.published", "由草稿发布方案"),
)
