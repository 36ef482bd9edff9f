"""Audit actions of the room."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.reminder.sent", "提醒开展竞赛"),
    AuditAction("competitions.reminder.answered", "反馈竞赛提醒"),
    AuditAction("competitions.coverage.requested", "申请形成覆盖面时点数据"),
    AuditAction("competitions.coverage.taken", "形成覆盖面时点数据"),
    AuditAction("competitions.cultivated.added", "培育对象入库"),
    AuditAction("competitions.cultivated.changed", "修改培育对象"),
    AuditAction("competitions.cultivated.stepped", "登记培育进展"),
    AuditAction("competitions.weak.added", "列入薄弱企业帮扶"),
    AuditAction("competitions.weak.changed", "修改薄弱企业帮扶"),
    AuditAction("competitions.weak.planned", "安排帮扶措施"),
    AuditAction("competitions.weak.done", "完成帮扶措施"),
    AuditAction("competitions.weak.ended", "结束薄弱企业帮扶"),
    AuditAction("competitions.guidance.written", "起草分类指导模板"),
    AuditAction("competitions.guidance.changed", "修改分类指导模板"),
    AuditAction("competitions.guidance.published", "发布分类指导模板"),
    AuditAction("competitions.guidance.withdrawn", "撤回分类指导模板"),
    AuditAction("competitions.guidance.discarded", "删除分类指导模板草稿"),
    AuditAction("competitions.engagement.entered", "登记负责人参与"),
    AuditAction("competitions.benefit.entered", "登记受益"),
)
