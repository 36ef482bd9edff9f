"""Audit actions of the rosters. None of them ever carries a name or a document number."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.roster.opened", "建立参赛名单"),
    AuditAction("competitions.roster.changed", "修改参赛名单"),
    AuditAction("competitions.roster.door_opened", "开放扫码登记"),
    AuditAction("competitions.roster.door_closed", "关闭扫码登记"),
    AuditAction("competitions.roster.imported", "导入参赛名单"),
    AuditAction("competitions.roster.upload_kept", "上传参赛名单"),
    AuditAction("competitions.roster.upload_given_up", "放弃导入参赛名单"),
    AuditAction("competitions.roster.errors_read", "下载导入错误说明"),
    AuditAction("competitions.roster.sheet_printed", "打印知情同意二维码"),
    AuditAction("competitions.team.added", "增加参赛班组"),
    AuditAction("competitions.team.changed", "修改参赛班组"),
    AuditAction("competitions.team.removed", "删除参赛班组"),
    AuditAction("competitions.participation.registered", "登记参赛人员"),
    AuditAction("competitions.participation.applied", "本人扫码登记参赛"),
    AuditAction("competitions.participation.changed", "修改参赛人员"),
    AuditAction("competitions.participation.accepted", "接收参赛人员"),
    AuditAction("competitions.participation.rejected", "不接收参赛人员"),
    AuditAction("competitions.participation.left", "退出参赛并删除个人信息"),
    AuditAction("competitions.participation.expired", "到期删除参赛个人信息"),
    AuditAction("competitions.consent.text_loaded", "启用告知书新版本"),
    AuditAction("competitions.consent.given", "同意处理参赛个人信息"),
    AuditAction("competitions.consent.batch_recorded", "登记书面同意"),
    AuditAction("competitions.snapshot.taken", "确认参与情况快照"),
)
