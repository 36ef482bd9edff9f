from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.round.produced", "产生评选结果"),
    AuditAction("lifecycle.round.blocked", "评选核算不一致"),
    AuditAction("lifecycle.round.superseded", "评选轮次被取代"),
    AuditAction("lifecycle.round.lines_decided", "逐件议定评选结果"),
    AuditAction("lifecycle.round.tie_settled", "议定并列名次"),
    AuditAction("lifecycle.round.approved", "审定评选结果"),
    AuditAction("lifecycle.round.rejected", "否决评选结果"),
    AuditAction("lifecycle.round.place_refilled", "递补空出的名额"),
    AuditAction("lifecycle.round.simulated", "试算评选规则"),
    AuditAction("lifecycle.round.bundled", "生成成绩包"),
)
