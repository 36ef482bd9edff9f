from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("lifecycle.opinion.given", "联合主办单位出具意见"),
    AuditAction("lifecycle.opinion.overruled", "联合主办单位不同意，主办单位说明理由后继续"),
)
