from portal.audit.actions import AuditAction, register_actions

register_actions(AuditAction("lifecycle.clearance.recorded", "登记审查（联审）意见"))
