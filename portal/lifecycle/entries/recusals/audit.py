"""Audit actions of staff who keep away."""

from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.recusal.recorded", "登记经办回避"),
    AuditAction("lifecycle.recusal.ended", "解除经办回避"),
)
