"""Audit actions of the room."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.learning.added", "登记培训资源"),
    AuditAction("competitions.learning.changed", "修改培训资源"),
    AuditAction("competitions.learning.published", "发布培训资源"),
    AuditAction("competitions.learning.withdrawn", "下架培训资源"),
    AuditAction("competitions.completion.upload_kept", "上传结业名单"),
    AuditAction("competitions.completion.upload_given_up", "放弃结业名单"),
    AuditAction("competitions.completion.errors_read", "下载结业名单错误说明"),
    AuditAction("competitions.completion.imported", "导入结业记录"),
    AuditAction("competitions.completion.removed", "删除结业记录"),
)
