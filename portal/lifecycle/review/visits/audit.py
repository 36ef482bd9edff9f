from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.visit.planned", "安排实地考察"),
    AuditAction("lifecycle.visit.saved", "填写考察记录"),
    AuditAction("lifecycle.visit.photo", "更新考察照片"),
    AuditAction("lifecycle.visit.filed", "考察记录归档"),
    AuditAction("lifecycle.visit.reopened", "退回考察记录"),
)
