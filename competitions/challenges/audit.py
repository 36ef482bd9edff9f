"""Audit actions of the room."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.problem.stated", "登记企业难题"),
    AuditAction("competitions.problem.changed", "修改企业难题"),
    AuditAction("competitions.problem.submitted", "提出企业难题"),
    AuditAction("competitions.problem.withdrawn", "撤回企业难题"),
    AuditAction("competitions.problem.picked", "遴选企业难题"),
    AuditAction("competitions.problem.linked", "企业难题对应竞赛"),
    AuditAction("competitions.problem.classified", "企业难题定为涉密不公开"),
    AuditAction("competitions.problem.solved", "登记难题解决成果"),
    AuditAction("competitions.challenge.published", "张榜"),
    AuditAction("competitions.challenge.extended", "延长揭榜期限"),
    AuditAction("competitions.challenge.closed", "结榜"),
    AuditAction("competitions.challenge.stopped", "撤榜"),
    AuditAction("competitions.claim.made", "揭榜"),
    AuditAction("competitions.claim.withdrawn", "撤回揭榜"),
    AuditAction("competitions.claim.accepted", "选中揭榜团队"),
    AuditAction("competitions.claim.declined", "未选中揭榜团队"),
    AuditAction("competitions.claim.planned", "登记攻关节点"),
    AuditAction("competitions.claim.reported", "登记攻关进展"),
    AuditAction("competitions.claim.delivered", "提交攻关成果"),
    AuditAction("competitions.claim.judged", "验收攻关成果"),
    AuditAction("competitions.claim.ended", "终止攻关"),
)
