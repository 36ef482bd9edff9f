"""Audit actions of people and the union tree."""

from portal.accounts import audit_words as words
from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("accounts.organisation.created", "新建组织", words.changes),
    AuditAction("accounts.organisation.changed", "修改组织信息", words.changes),
    AuditAction("accounts.organisation.moved", "调整上级工会", words.new_parent),
    AuditAction("accounts.organisation.merged", "合并组织", words.merged),
    AuditAction("accounts.organisation.closed", "停用组织"),
    AuditAction("accounts.organisation.reopened", "恢复组织"),
    AuditAction("accounts.organisation.coverage_added", "增加覆盖单位", words.named("employer_name")),
    AuditAction("accounts.organisation.coverage_ended", "取消覆盖单位", words.named("employer_name")),
    AuditAction("accounts.employer.created", "新建用人单位", words.changes),
    AuditAction("accounts.employer.changed", "修改用人单位信息", words.changes),
    AuditAction("accounts.employer.year_confirmed", "确认单位年度信息", words.year),
    AuditAction("accounts.reporting_line.set", "设定推荐关系", words.new_parent),
    AuditAction("accounts.reporting_line.cleared", "取消推荐关系", words.new_parent),
    AuditAction("accounts.membership.granted", "授予角色", words.role),
    AuditAction("accounts.membership.ended", "停用角色", words.role),
    AuditAction("accounts.invitation.sent", "发出邀请", words.role, drops=frozenset({"token"})),
    AuditAction("accounts.invitation.accepted", "接受邀请", words.role),
    AuditAction("accounts.invitation.cancelled", "撤回邀请"),
    AuditAction("accounts.user.password_reset", "重置密码"),
    AuditAction("accounts.user.unlocked", "解除锁定"),
    AuditAction("accounts.user.second_factor_reset", "重置动态口令"),
    AuditAction("accounts.user.changed", "修改个人资料", words.changes),
    AuditAction("accounts.user.password_changed", "修改密码"),
    AuditAction("accounts.user.second_factor_added", "启用动态口令"),
    AuditAction("accounts.token.created", "新建 API 令牌", words.named("name"), drops=frozenset({"token"})),
    AuditAction("accounts.token.revoked", "吊销 API 令牌", words.named("name")),
    AuditAction("accounts.desk.switched", "切换工作台"),
    AuditAction("accounts.import.applied", "导入组织、单位与人员", words.imported),
    AuditAction("accounts.grant.given", "单独授权", words.named("user_name")),
    AuditAction("accounts.grant.taken", "取消单独授权", words.named("user_name")),
    AuditAction("accounts.personal_data.revealed", "查看完整个人信息"),
    AuditAction("accounts.holiday.changed", "修改节假日表", words.changes),
)
