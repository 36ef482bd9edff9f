"""Audit actions of the room."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.growth.opened", "建立职工成长档案"),
    AuditAction("competitions.growth.changed", "修改职工成长档案"),
    AuditAction("competitions.growth.read", "查看职工成长档案"),
    AuditAction("competitions.growth.printed", "打印职工成长档案"),
    AuditAction("competitions.growth.purge_asked", "申请删除职工档案"),
    AuditAction("competitions.growth.purged", "删除职工档案"),
    AuditAction("competitions.growth.purge_refused", "不同意删除职工档案"),
    AuditAction("competitions.mentorship.drafted", "起草师徒合同"),
    AuditAction("competitions.mentorship.changed", "修改师徒合同"),
    AuditAction("competitions.mentorship.signed", "登记师徒合同签订"),
    AuditAction("competitions.mentorship.month_recorded", "填写师徒帮教月度记录"),
    AuditAction("competitions.mentorship.assessed", "考核师徒帮教"),
    AuditAction("competitions.mentorship.terminated", "终止师徒合同"),
    AuditAction("competitions.mentorship.printed", "打印师徒合同"),
    AuditAction("competitions.drill.added", "登记练兵比武"),
    AuditAction("competitions.drill.changed", "修改练兵比武"),
    AuditAction("competitions.drill.removed", "删除练兵比武"),
    AuditAction("competitions.drill.result_set", "登记练兵比武成绩"),
    AuditAction("competitions.drill.result_removed", "删除练兵比武成绩"),
    AuditAction("competitions.drill.file_added", "上传练兵比武佐证"),
    AuditAction("competitions.drill.file_removed", "删除练兵比武佐证"),
    AuditAction("competitions.drill.results_tried", "试导练兵比武成绩"),
    AuditAction("competitions.drill.results_imported", "导入练兵比武成绩"),
    AuditAction("competitions.drill.results_given_up", "放弃导入练兵比武成绩"),
)
