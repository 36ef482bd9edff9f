from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.results.uploaded", "上传成绩单并试导"),
    AuditAction("lifecycle.results.applied", "导入成绩单"),
    AuditAction("lifecycle.results.cancelled", "放弃成绩单"),
    AuditAction("lifecycle.result.recorded", "录入成绩"),
    AuditAction("lifecycle.result.confirmed", "确认成绩"),
    AuditAction("lifecycle.result.returned", "退回成绩"),
)
