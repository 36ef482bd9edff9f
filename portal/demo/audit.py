from portal.audit.actions import AuditAction, register_actions

register_actions(AuditAction("demo.clock.moved", "演示时钟前进"))
