from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.invitation_letter.drafted", "起草邀请函"),
    AuditAction("lifecycle.invitation_letter.edited", "修改邀请函"),
    AuditAction("lifecycle.invitation_letter.left_out", "不发邀请函"),
    AuditAction("lifecycle.invitation_letter.sending", "发送邀请函"),
    AuditAction("lifecycle.invitation_letter.sent", "邀请函已发出"),
    AuditAction("lifecycle.invitation_letter.failed", "邀请函发送失败"),
)
