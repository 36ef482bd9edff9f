from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.codes.drawn", "抽签加密"),
    AuditAction("lifecycle.codes.appended", "补抽密码"),
    AuditAction("lifecycle.codes.opened", "查看密码表"),
    AuditAction("lifecycle.codes.marked", "按码录入成绩"),
    AuditAction("lifecycle.codes.uploaded", "上传按码成绩单"),
    AuditAction("lifecycle.codes.applied", "导入按码成绩单"),
    AuditAction("lifecycle.codes.file_cancelled", "放弃按码成绩单"),
    AuditAction("lifecycle.codes.confirmed", "复核按码成绩"),
    AuditAction("lifecycle.codes.returned", "退回按码成绩"),
    AuditAction("lifecycle.codes.approved", "确认解密"),
    AuditAction("lifecycle.codes.decoded", "解密"),
)
