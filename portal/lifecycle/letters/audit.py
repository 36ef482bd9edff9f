from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.letters.drafted", "起草函件"),
    AuditAction("lifecycle.letters.edited", "修改函件文字"),
    AuditAction("lifecycle.letters.discarded", "作废函件"),
    AuditAction("lifecycle.letters.sending", "发送函件"),
    AuditAction("lifecycle.letters.sent", "函件发送完毕"),
    AuditAction("lifecycle.letter.edited", "单独修改一封函件"),
    AuditAction("lifecycle.letter.left_out", "一封函件不发或恢复"),
    AuditAction("lifecycle.digest.changed", "修改待办提醒"),
)
