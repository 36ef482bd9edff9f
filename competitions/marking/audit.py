"""Audit actions of marking."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.marking.opened", "建立评分"),
    AuditAction("competitions.marking.started", "开始评分"),
    AuditAction("competitions.marking.benches", "更新工位"),
    AuditAction("competitions.marking.absent", "登记缺考"),
    AuditAction("competitions.marking.listed", "导入工位名单"),
    AuditAction("competitions.marking.closed", "移交成绩"),
    AuditAction("competitions.scheme.loaded", "导入评分方案"),
    AuditAction("competitions.scheme.dropped", "放弃评分方案"),
    AuditAction("competitions.scheme.replaced", "更换评分方案"),
    AuditAction("competitions.judge.named", "指定裁判"),
    AuditAction("competitions.judge.removed", "移除裁判"),
    AuditAction("competitions.judge.chief", "指定裁判长"),
    AuditAction("competitions.judge.seated", "安排席位"),
    AuditAction("competitions.judge.unseated", "取消席位"),
    AuditAction("competitions.marks.saved", "保存评分"),
    AuditAction("competitions.marks.typed", "录入纸质评分表"),
    AuditAction("competitions.subcriterion.confirmed", "复核小项"),
    AuditAction("competitions.subcriterion.locked", "锁定小项"),
    AuditAction("competitions.subcriterion.reopened", "退回重评小项"),
    AuditAction("competitions.board.shown", "公开榜单"),
    AuditAction("competitions.board.frozen", "封存榜单"),
    AuditAction("competitions.board.revealed", "揭晓榜单"),
    AuditAction("competitions.board.hidden", "撤下榜单"),
)
