"""Audit actions of people and the union tree."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("accounts.organisation.created", "新建组织"),
    AuditAction("accounts.organisation.changed", "修改组织信息"),
    AuditAction("accounts.organisation.moved", "调整上级工会"),
    AuditAction("accounts.organisation.merged", "合并组织"),
    AuditAction("accounts.organisation.closed", "停用组织"),
    AuditAction("accounts.employer.created", "新建用人单位"),
    AuditAction("accounts.employer.changed", "修改用人单位信息"),
    AuditAction("accounts.employer.year_confirmed", "确认单位年度信息"),
    AuditAction("accounts.reporting_line.set", "设定推荐关系"),
    AuditAction("accounts.membership.granted", "授予角色"),
    AuditAction("accounts.membership.ended", "停用角色"),
    AuditAction("accounts.invitation.sent", "发出邀请", drops=frozenset({"token"})),
    AuditAction("accounts.invitation.accepted", "接受邀请"),
    AuditAction("accounts.invitation.cancelled", "撤回邀请"),
    AuditAction("accounts.user.created", "新建用户"),
    AuditAction("accounts.user.password_reset", "重置密码"),
    AuditAction("accounts.user.unlocked", "解除锁定"),
    AuditAction("accounts.user.second_factor_reset", "重置动态口令"),
    AuditAction("accounts.desk.switched", "切换工作台"),
    AuditAction("accounts.import.applied", "导入组织、单位与人员"),
    AuditAction("accounts.grant.given", "单独授权"),
    AuditAction("accounts.grant.taken", "取消单独授权"),
    AuditAction("accounts.personal_data.revealed", "查看完整个人信息"),
    AuditAction("accounts.holiday.changed", "修改节假日表"),
)
