from portal.audit.actions import AuditAction, register_actions

register_actions(AuditAction("jobs.file.downloaded", "下载生成的文件"))
