"""Audit actions of the room."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.workteam.added", "登记班组"),
    AuditAction("competitions.workteam.changed", "修改班组"),
    AuditAction("competitions.label.given", "授予班组称号"),
    AuditAction("competitions.label.awarded", "命名决定记入班组称号"),
    AuditAction("competitions.label.removal_proposed", "提出摘牌"),
    AuditAction("competitions.label.kept", "不予摘牌"),
    AuditAction("competitions.label.removed", "摘牌"),
    AuditAction("competitions.label.imported", "导入班组称号"),
    AuditAction("competitions.label.import_tried", "试导班组称号"),
    AuditAction("competitions.label.import_given_up", "放弃导入班组称号"),
    AuditAction("competitions.recheck.opened", "发起年度复查"),
    AuditAction("competitions.recheck.reminded", "催办年度复查"),
    AuditAction("competitions.recheck.filed", "报送复查自查"),
    AuditAction("competitions.recheck.confirmed", "复查合格"),
    AuditAction("competitions.recheck.mending", "复查要求整改"),
    AuditAction("competitions.rating.opened", "启用服务评价码"),
    AuditAction("competitions.rating.closed", "停用服务评价码"),
    AuditAction("competitions.rating.renewed", "更换服务评价码"),
    AuditAction("competitions.rating.given", "收到服务评价"),
    AuditAction("competitions.rating.flagged", "集中评价不计入"),
    AuditAction("competitions.rating.judged", "核定服务评价是否计入"),
    AuditAction("competitions.rating.moderated", "审看服务评价留言"),
    AuditAction("competitions.teamcontest.started", "开展班组竞赛"),
    AuditAction("competitions.teamcontest.joined", "列入班组竞赛参赛对象"),
    AuditAction("competitions.teamcontest.scored", "登记班组竞赛积分"),
    AuditAction("competitions.teamcontest.closed", "结束班组竞赛"),
    AuditAction("competitions.teamcontest.template_saved", "存为班组竞赛模板"),
)
