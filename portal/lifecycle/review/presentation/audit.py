from portal.audit.actions import AuditAction, register_actions

register_actions(AuditAction("lifecycle.presentation.drawn", "展示次序抽签"))
