from portal.audit.actions import AuditAction, register_actions

register_actions(AuditAction("lifecycle.clearance.letters", "制作征求意见函"))
