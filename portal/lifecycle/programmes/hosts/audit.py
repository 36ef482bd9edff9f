from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.host.added", "增加联合主办单位"),
    AuditAction("lifecycle.host.changed", "调整联合主办约定"),
    AuditAction("lifecycle.host.ended", "结束联合主办"),
    AuditAction("lifecycle.host.acknowledged", "确认联合主办约定"),
)
