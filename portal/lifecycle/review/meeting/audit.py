from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.meeting.called", "召集评审会"),
    AuditAction("lifecycle.meeting.opened", "评审会开始"),
    AuditAction("lifecycle.meeting.closed", "评审会结束"),
    AuditAction("lifecycle.meeting.taken_up", "评审会讨论议题"),
    AuditAction("lifecycle.meeting.put_off", "评审会缓议"),
    AuditAction("lifecycle.meeting.ballot_opened", "评审会开始表决"),
    AuditAction("lifecycle.meeting.ballot_cast", "评审会收到选票"),
    AuditAction("lifecycle.meeting.ballot_closed", "评审会表决结束"),
)
