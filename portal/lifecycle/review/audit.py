from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.expert.added", "专家入库"),
    AuditAction("lifecycle.expert.changed", "修改专家信息"),
    AuditAction("lifecycle.conflict.declared", "登记回避关系"),
    AuditAction("lifecycle.conflict.withdrawn", "撤销回避关系"),
    AuditAction("lifecycle.conflict.cleared", "提出解除回避"),
    AuditAction("lifecycle.conflict.pinned", "固定回避"),
    AuditAction("lifecycle.conflict.confirmed", "复核解除回避"),
    AuditAction("lifecycle.conflict.unruled", "撤销回避认定"),
    AuditAction("lifecycle.panel.created", "设立评审组"),
    AuditAction("lifecycle.panel.changed", "修改评审组"),
    AuditAction("lifecycle.panel.removed", "撤销评审组"),
    AuditAction("lifecycle.panel.assigned", "分配评审任务"),
    AuditAction("lifecycle.assignment.withdrawn", "收回评审任务"),
    AuditAction("lifecycle.assignment.recused", "专家回避"),
    AuditAction("lifecycle.assignment.submitted", "提交评分"),
    AuditAction("lifecycle.assignment.reopened", "退回重新评分"),
    AuditAction("lifecycle.assignment.commented", "填写评语"),
    AuditAction("lifecycle.score.saved", "保存评分"),
)
