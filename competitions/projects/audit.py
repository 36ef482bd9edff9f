"""Audit actions of the key projects."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.project.registered", "登记重点工程"),
    AuditAction("competitions.project.changed", "修改重点工程"),
    AuditAction("competitions.project.named", "登记示范工程命名"),
    AuditAction("competitions.project.closed", "重点工程收尾"),
    AuditAction("competitions.project.archived", "重点工程归档"),
    AuditAction("competitions.participant.added", "增加参与工会"),
    AuditAction("competitions.participant.removed", "移除参与工会"),
    AuditAction("competitions.plan.filed", "备案竞赛方案"),
    AuditAction("competitions.milestone.added", "增加关键节点"),
    AuditAction("competitions.milestone.done", "登记节点完成"),
    AuditAction("competitions.period.reported", "报送工程进展"),
    AuditAction("competitions.period.returned", "退回工程进展"),
    AuditAction("competitions.period.reminded", "催报工程进展"),
    AuditAction("competitions.period.accepted", "审核工程进展"),
    AuditAction("competitions.definition.loaded", "载入评分标准"),
    AuditAction("competitions.scorecard.entered", "登记评分"),
    AuditAction("competitions.visit.planned", "安排调研指导"),
    AuditAction("competitions.visit.recorded", "登记调研指导"),
    AuditAction("competitions.ticket.raised", "提出问题单"),
    AuditAction("competitions.ticket.solved", "反馈办理结果"),
    AuditAction("competitions.ticket.reminded", "催办问题单"),
    AuditAction("competitions.ticket.closed", "确认问题办结"),
    AuditAction("competitions.ticket.reopened", "退回重办问题单"),
    AuditAction("competitions.ticket.escalated", "升级督办问题单"),
    AuditAction("competitions.care.entered", "登记慰问"),
)
