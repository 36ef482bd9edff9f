"""Audit actions of the sub-plans."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("workplans.plan.loaded", "载入方案任务"),
    AuditAction("workplans.year.opened", "部署年度实施方案"),
    AuditAction("workplans.scheme.assigned", "下达任务指标"),
    AuditAction("workplans.scheme.saved", "保存实施方案"),
    AuditAction("workplans.scheme.submitted", "报送实施方案"),
    AuditAction("workplans.scheme.returned", "退回实施方案"),
    AuditAction("workplans.scheme.accepted", "通过实施方案"),
    AuditAction("workplans.scheme.reopened", "修订实施方案"),
    AuditAction("workplans.file.added", "上传附件"),
    AuditAction("workplans.file.removed", "移除附件"),
    AuditAction("workplans.report.filed", "报送季度进展"),
)
