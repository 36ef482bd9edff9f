from portal.audit.actions import AuditAction, register_actions

register_actions(AuditAction("reports.yearly.requested", "生成年度报表"))
