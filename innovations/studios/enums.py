"""Words of the room 创新工作室."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import UnionLevel


class StudioKind(TextChoices):
    """By whom it is led (domain.md 6)."""

    MODEL = "model", _("劳模创新工作室")
    CRAFT = "craft", _("工匠人才创新工作室")
    WORKER = "worker", _("职工创新工作室")


class StudioLevel(TextChoices):
    """Who named it; empty before it is named."""

    UNIT = "unit", _("企业级")
    DISTRICT = "district", _("区、局级")
    CITY = "city", _("市级")
    NATIONAL = "national", _("国家级")


RANK = {level: place for place, level in enumerate(StudioLevel.values)}
LEVEL_OF_UNION: dict[str, StudioLevel] = {
    UnionLevel.GRASSROOTS: StudioLevel.UNIT,
    UnionLevel.SUBDISTRICT: StudioLevel.DISTRICT,
    UnionLevel.DISTRICT: StudioLevel.DISTRICT,
    UnionLevel.MUNICIPAL: StudioLevel.CITY,
}


class StudioStatus(TextChoices):
    GROWING = "growing", _("培育中")
    RUNNING = "running", _("运行中")
    MENDING = "mending", _("限期整改")
    PROPOSED = "proposed", _("拟摘牌")
    REMOVED = "removed", _("已摘牌")
    CLOSED = "closed", _("已注销")


ENDED = (StudioStatus.REMOVED, StudioStatus.CLOSED)
TONE_OF_STUDIO = {
    StudioStatus.GROWING: "info",
    StudioStatus.RUNNING: "ok",
    StudioStatus.MENDING: "waiting",
    StudioStatus.PROPOSED: "waiting",
    StudioStatus.REMOVED: "stopped",
    StudioStatus.CLOSED: "neutral",
}


class TopicStatus(TextChoices):
    """课题: proposed by the studio, approved by the enterprise, then finished or stopped."""

    PROPOSED = "proposed", _("拟立项")
    APPROVED = "approved", _("攻关中")
    DONE = "done", _("已完成")
    STOPPED = "stopped", _("已中止")


TONE_OF_TOPIC = {
    TopicStatus.PROPOSED: "waiting",
    TopicStatus.APPROVED: "info",
    TopicStatus.DONE: "ok",
    TopicStatus.STOPPED: "stopped",
}


class ResultKind(TextChoices):
    """The same kinds as the form of the naming programme."""

    FIVE_SMALL = "five_small", _("“五小”成果")
    PATENT = "patent", _("专利")
    METHOD = "method", _("操作法、工法")
    STANDARD = "standard", _("标准、规程")
    PROCESS = "process", _("技术改造")
    OTHER = "other", _("其他")


class ActivityKind(TextChoices):
    TRAINING = "training", _("培训")
    EXCHANGE = "exchange", _("技术交流")
    ROADSHOW = "roadshow", _("成果展示")
    PUBLIC = "public", _("公益服务、进企业")


class Reach(TextChoices):
    UNIT = "unit", _("本单位")
    SYSTEM = "system", _("本系统")
    CITY = "city", _("全市")
    REGION = "region", _("京津冀")


class GrowthKind(TextChoices):
    APPRENTICE = "apprentice", _("带徒")
    PROMOTION = "promotion", _("晋级")


class MoneyKind(TextChoices):
    """收入 by source, 支出 by purpose; the sign stands in INCOME."""

    GRANT = "grant", _("上级工会补助")
    EMPLOYER = "employer", _("单位拨款")
    AWARD = "award", _("奖励、成果转化")
    MATERIAL = "material", _("材料、试制")
    EQUIPMENT = "equipment", _("设备、仪器")
    TRAINING = "training", _("培训、交流")
    REWARD = "reward", _("成果奖励")
    OTHER = "other", _("其他支出")


INCOME = (MoneyKind.GRANT, MoneyKind.EMPLOYER, MoneyKind.AWARD)


class CheckStatus(TextChoices):
    """年度考核: the studio marks itself, the union that named it marks and concludes."""

    WAITING = "waiting", _("待自评")
    FILED = "filed", _("待考核")
    RETURNED = "returned", _("退回补充")
    PASSED = "passed", _("考核合格")
    MENDING = "mending", _("限期整改")
    MENDED = "mended", _("整改待复核")
    FAILED = "failed", _("整改不合格")
    DROPPED = "dropped", _("不再考核")


OPEN_FOR_STUDIO = (CheckStatus.WAITING, CheckStatus.RETURNED, CheckStatus.MENDING)
OPEN_FOR_UNION = (CheckStatus.FILED, CheckStatus.MENDED)
TONE_OF_CHECK = {
    CheckStatus.WAITING: "waiting",
    CheckStatus.FILED: "info",
    CheckStatus.RETURNED: "waiting",
    CheckStatus.PASSED: "ok",
    CheckStatus.MENDING: "waiting",
    CheckStatus.MENDED: "info",
    CheckStatus.FAILED: "stopped",
    CheckStatus.DROPPED: "neutral",
}


class RequestKind(TextChoices):
    LEADER = "leader", _("变更领衔人")
    CLOSE = "close", _("注销工作室")


class RequestReason(TextChoices):
    RETIRED = "retired", _("领衔人退休")
    MOVED = "moved", _("领衔人调离、转岗")
    UNIT = "unit", _("单位关停、迁出")
    OTHER = "other", _("其他")


class Step(TextChoices):
    """What happened to a studio, as its page tells it."""

    REGISTERED = "registered", _("登记")
    NAMED = "named", _("命名")
    RECONFIRMED = "reconfirmed", _("复核确认")
    PASSED = "passed", _("年度考核合格")
    MENDING = "mending", _("限期整改")
    MENDED = "mended", _("整改合格")
    PROPOSED = "proposed", _("提出摘牌")
    KEPT = "kept", _("不予摘牌")
    REMOVED = "removed", _("摘牌")
    ASKED = "asked", _("提出变更申请")
    REFUSED = "refused", _("变更申请未同意")
    LEADER = "leader", _("变更领衔人")
    CLOSED = "closed", _("注销")
    ALLIED = "allied", _("加入联盟")
    LEFT = "left", _("退出联盟")


TONE_OF_STEP = {
    Step.NAMED: "gold",
    Step.RECONFIRMED: "ok",
    Step.PASSED: "ok",
    Step.MENDED: "ok",
    Step.MENDING: "waiting",
    Step.PROPOSED: "waiting",
    Step.REMOVED: "stopped",
    Step.CLOSED: "stopped",
}
