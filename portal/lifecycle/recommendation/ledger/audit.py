from portal.audit.actions import AuditAction, register_actions

register_actions(AuditAction("lifecycle.places.posted", "名额流水"))
