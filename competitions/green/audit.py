"""Audit actions of the green contest."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.green.indicator", "启用能效指标"),
    AuditAction("competitions.green.coefficients", "启用系数表"),
    AuditAction("competitions.green.group_added", "设立对标组"),
    AuditAction("competitions.green.group_changed", "调整对标组"),
    AuditAction("competitions.green.subject_added", "登记参赛主体"),
    AuditAction("competitions.green.subject_changed", "修改参赛主体"),
    AuditAction("competitions.green.baseline", "报送基准值"),
    AuditAction("competitions.green.reading", "报送能耗月报"),
    AuditAction("competitions.green.accepted", "核定能耗数据"),
    AuditAction("competitions.green.returned", "退回能耗数据"),
    AuditAction("competitions.green.suggested", "提出节能建议"),
    AuditAction("competitions.green.claimed", "申报实际节能量"),
    AuditAction("competitions.green.verified", "核定节能量"),
    AuditAction("competitions.green.suggestion_returned", "退回节能建议"),
    AuditAction("competitions.green.declined", "不采纳节能建议"),
    AuditAction("competitions.green.proposed", "建议即时授予"),
    AuditAction("competitions.green.proposal_withdrawn", "撤回即时授予建议"),
    AuditAction("competitions.green.proposal_drafted", "起草即时授予推荐"),
)
