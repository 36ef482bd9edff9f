"""Audit actions of the skill contests."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.trades.loaded", "载入工种目录"),
    AuditAction("competitions.yearplan.set", "设定年度工种计划"),
    AuditAction("competitions.contest.planned", "列入赛项计划"),
    AuditAction("competitions.contest.changed", "修改赛项"),
    AuditAction("competitions.contest.advanced", "推进赛项"),
    AuditAction("competitions.contest.cancelled", "取消赛项"),
    AuditAction("competitions.contest.narrowed", "成绩只用于选拔"),
    AuditAction("competitions.contest.document", "发布技术文件"),
    AuditAction("competitions.contest.session", "安排场次"),
    AuditAction("competitions.contest.drawn", "抽签"),
    AuditAction("competitions.delegation.entered", "代表队报名"),
    AuditAction("competitions.competitor.entered", "选手报名"),
    AuditAction("competitions.competitor.withdrawn", "选手退出"),
    AuditAction("competitions.competitor.decided", "资格审核"),
    AuditAction("competitions.contest.checked", "批量资格审核"),
    AuditAction("competitions.contest_part.entered", "登记竞赛成绩"),
    AuditAction("competitions.contest_part.confirmed", "复核竞赛成绩"),
    AuditAction("competitions.contest_part.reopened", "退回竞赛成绩"),
    AuditAction("competitions.contest.computed", "计算名次"),
    AuditAction("competitions.appeal.filed", "提出申诉"),
    AuditAction("competitions.appeal.ruled", "裁决申诉"),
    AuditAction("competitions.promotion.proposed", "提出晋升名单"),
    AuditAction("competitions.promotion.exported", "导出晋升花名册"),
    AuditAction("competitions.promotion.sent", "报送晋升名单"),
    AuditAction("competitions.promotion.granted", "登记晋升发证"),
    AuditAction("competitions.promotion.dropped", "不予晋升"),
)
