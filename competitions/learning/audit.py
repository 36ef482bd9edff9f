"""Audit actions of the room."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.learning.added", "登记培训资源"),
    AuditAction("competitions.learning.changed", "修改培训资源"),
    AuditAction("competitions.learning.published", "发布培训资源"),
    AuditAction("competitions.learning.withdrawn", "下架培训资源"),
    AuditAction("competitions.learning.catalogue_loaded", "导入平台课程目录"),
    AuditAction("competitions.learning.questions_added", "出测验题"),
    AuditAction("competitions.learning.question_removed", "删除测验题"),
    AuditAction("competitions.learning.quiz_taken", "职工作答测验"),
    AuditAction("competitions.learning.door_opened", "启用学习入口"),
    AuditAction("competitions.learning.door_closed", "关闭学习入口"),
    AuditAction("competitions.proof.handed_in", "提交积分证明"),
    AuditAction("competitions.proof.checked", "核对积分证明"),
    AuditAction("competitions.training.named", "指定赛前培训"),
    AuditAction("competitions.training.dropped", "取消赛前培训"),
    AuditAction("competitions.completion.upload_kept", "上传结业名单"),
    AuditAction("competitions.completion.upload_given_up", "放弃结业名单"),
    AuditAction("competitions.completion.errors_read", "下载结业名单错误说明"),
    AuditAction("competitions.completion.imported", "导入结业记录"),
    AuditAction("competitions.completion.removed", "删除结业记录"),
)
