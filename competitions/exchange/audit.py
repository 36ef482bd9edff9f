"""Audit actions of the room."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("competitions.case.drafted", "起草经验案例"),
    AuditAction("competitions.case.changed", "修改经验案例"),
    AuditAction("competitions.case.file_added", "上传案例附件"),
    AuditAction("competitions.case.file_removed", "删除案例附件"),
    AuditAction("competitions.case.submitted", "报送经验案例"),
    AuditAction("competitions.case.published", "发布经验案例"),
    AuditAction("competitions.case.returned", "退回经验案例"),
    AuditAction("competitions.case.withdrawn", "撤下经验案例"),
    AuditAction("competitions.sharing.reminded", "提醒获奖单位交流"),
    AuditAction("competitions.exchange.planned", "筹备交流活动"),
    AuditAction("competitions.exchange.changed", "修改交流活动"),
    AuditAction("competitions.exchange.opened", "开放活动报名"),
    AuditAction("competitions.exchange.cancelled", "取消交流活动"),
    AuditAction("competitions.exchange.held", "登记活动签到和小结"),
    AuditAction("competitions.exchange.registered", "报名交流活动"),
    AuditAction("competitions.exchange.left", "退出交流活动"),
    AuditAction("competitions.exchange.moved_up", "候补转为报名"),
    AuditAction("competitions.exchange.feedback", "评价交流活动"),
    AuditAction("competitions.openday.offered", "开放参观"),
    AuditAction("competitions.openday.closed", "关闭参观预约"),
    AuditAction("competitions.booking.asked", "预约参观"),
    AuditAction("competitions.booking.answered", "答复参观预约"),
    AuditAction("competitions.booking.cancelled", "取消参观预约"),
    AuditAction("competitions.booking.recorded", "登记接待情况"),
)
