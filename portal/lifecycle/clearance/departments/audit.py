from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.clearance.letters", "制作征求意见函"),
    AuditAction("lifecycle.clearance.letter_sent", "登记已发征求意见函"),
    AuditAction("lifecycle.clearance.waiver_proposed", "提出联审例外"),
    AuditAction("lifecycle.clearance.waiver_confirmed", "确认联审例外"),
    AuditAction("lifecycle.clearance.waiver_void", "部门重新回复，联审例外失效"),
)
