from portal.audit.actions import AuditAction, register_actions
from portal.lifecycle.engine.transitions import TRANSITIONS

register_actions(*(AuditAction(t.audit_action, t.label) for t in TRANSITIONS.values()))
