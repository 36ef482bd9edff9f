from portal.audit.actions import AuditAction, register_actions

register_actions(
    AuditAction("awards.honour.entered", "登记荣誉"),
    AuditAction("awards.honour.entered_earlier", "补登早年荣誉"),
    AuditAction("awards.honour.revoked", "登记撤销"),
    AuditAction("awards.certificate.downloaded", "下载证书"),
    AuditAction("awards.certificate.reissued", "换发证书"),
)
