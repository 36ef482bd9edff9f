from portal.audit.actions import AuditAction, register_actions
from portal.audit.grants import append_only
from portal.lifecycle.programmes.place_models import PlacePosting

register_actions(
    AuditAction("lifecycle.blueprint.published", "发布方案"),
    AuditAction("lifecycle.cycle.opened", "开设届次"),
    AuditAction("lifecycle.cycle.started", "届次开始"),
    AuditAction("lifecycle.cycle.amended", "调整届次"),
    AuditAction("lifecycle.cycle.rules_amended", "调整本届规则"),
    AuditAction("lifecycle.cycle.version_moved", "改用新版方案"),
    AuditAction("lifecycle.cycle.copied", "沿用上届开设届次"),
    AuditAction("lifecycle.cycle.finished", "届次结束"),
    AuditAction("lifecycle.cycle.cancelled", "取消届次"),
    AuditAction("lifecycle.stage.opened", "开启环节"),
    AuditAction("lifecycle.stage.closed", "结束环节"),
    AuditAction("lifecycle.stage.reopened", "重新开启环节"),
    AuditAction("lifecycle.stage.reviews_begun", "批量进入评审"),
)

append_only(PlacePosting)
