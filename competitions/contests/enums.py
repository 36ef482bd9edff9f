"""Words of the skill contests: classes, fields, states, qualification, results."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContestClass(TextChoices):
    """竞赛等级 (domain.md 2.1)."""

    COMPREHENSIVE = "comprehensive", _("市级综合")
    FIRST = "first", _("市级一类")
    SECOND = "second", _("市级二类")
    DISTRICT = "district", _("区级")
    UNIT = "unit", _("企业、院校级")


class TradeField(TextChoices):
    """领域: how the year's plan is laid out."""

    MANUFACTURING = "manufacturing", _("装备制造")
    ELECTRONICS = "electronics", _("电子信息与数字")
    MATERIALS = "materials", _("化工、冶金与材料")
    ENERGY = "energy", _("能源、水务与燃气")
    CONSTRUCTION = "construction", _("建筑与安装")
    TRANSPORT = "transport", _("交通、港口与物流")
    LIGHT = "light", _("轻工、纺织与医药")
    SERVICE = "service", _("商贸与生活服务")
    CARE = "care", _("健康与托育养老")
    AGRICULTURE = "agriculture", _("农业与环境")


class ContestState(TextChoices):
    DRAFT = "draft", _("筹备")
    REGISTRATION = "registration", _("报名")
    QUALIFIED = "qualified", _("资格已审")
    DRAWN = "drawn", _("已抽签")
    RUNNING = "running", _("比赛中")
    LOCKED = "locked", _("成绩已锁定")
    PUBLISHED = "published", _("成绩公示")
    CONFIRMED = "confirmed", _("成绩已确认")
    ARCHIVED = "archived", _("已归档")
    CANCELLED = "cancelled", _("已取消")


TONE_OF_CONTEST = {
    ContestState.DRAFT: "neutral",
    ContestState.REGISTRATION: "info",
    ContestState.QUALIFIED: "info",
    ContestState.DRAWN: "info",
    ContestState.RUNNING: "waiting",
    ContestState.LOCKED: "waiting",
    ContestState.PUBLISHED: "primary",
    ContestState.CONFIRMED: "ok",
    ContestState.ARCHIVED: "ok",
    ContestState.CANCELLED: "stopped",
}
# The way of a contest; cancelling leaves it from any step before results are shown.
NEXT = {
    ContestState.DRAFT: ContestState.REGISTRATION,
    ContestState.REGISTRATION: ContestState.QUALIFIED,
    ContestState.QUALIFIED: ContestState.DRAWN,
    ContestState.DRAWN: ContestState.RUNNING,
    ContestState.RUNNING: ContestState.LOCKED,
    ContestState.LOCKED: ContestState.PUBLISHED,
    ContestState.PUBLISHED: ContestState.CONFIRMED,
    ContestState.CONFIRMED: ContestState.ARCHIVED,
}
CANCELLABLE = (ContestState.DRAFT, ContestState.REGISTRATION, ContestState.QUALIFIED, ContestState.DRAWN)
SHOWN = (ContestState.PUBLISHED, ContestState.CONFIRMED, ContestState.ARCHIVED)
DONE = (ContestState.CONFIRMED, ContestState.ARCHIVED)
HELD = (ContestState.RUNNING, ContestState.LOCKED, *SHOWN)


class Medium(TextChoices):
    """Where a report about the contests appeared."""

    NATIONAL = "national", _("中央媒体")
    CITY = "city", _("市级媒体")
    DISTRICT = "district", _("区级和行业媒体")
    ONLINE = "online", _("网络和新媒体")


class Group(TextChoices):
    WORKER = "worker", _("职工组")
    STUDENT = "student", _("学生组")


class PartKind(TextChoices):
    THEORY = "theory", _("理论")
    PRACTICAL = "practical", _("实操")


class CompetitorState(TextChoices):
    REGISTERED = "registered", _("待审核")
    QUALIFIED = "qualified", _("资格通过")
    REJECTED = "rejected", _("资格不通过")
    WITHDRAWN = "withdrawn", _("已退出")


TONE_OF_COMPETITOR = {
    CompetitorState.REGISTERED: "waiting",
    CompetitorState.QUALIFIED: "ok",
    CompetitorState.REJECTED: "stopped",
    CompetitorState.WITHDRAWN: "neutral",
}
TAKING_PART = (CompetitorState.REGISTERED, CompetitorState.QUALIFIED)


class Sex(TextChoices):
    MALE = "1", _("男")
    FEMALE = "2", _("女")


class Level(TextChoices):
    """职业技能等级, as the ladder goes up (domain.md 2.2)."""

    NONE = "0", _("无等级")
    FIVE = "5", _("初级工（五级）")
    FOUR = "4", _("中级工（四级）")
    THREE = "3", _("高级工（三级）")
    TWO = "2", _("技师（二级）")
    ONE = "1", _("高级技师（一级）")


LADDER = (Level.NONE, Level.FIVE, Level.FOUR, Level.THREE, Level.TWO, Level.ONE)


class TieKey(TextChoices):
    TIME = "time", _("用时短的在先")
    PRACTICAL = "practical", _("实操成绩高的在先")
    THEORY = "theory", _("理论成绩高的在先")


class Medal(TextChoices):
    GOLD = "gold", _("金牌")
    SILVER = "silver", _("银牌")
    BRONZE = "bronze", _("铜牌")
    MEDALLION = "medallion", _("优胜奖")


class AppealKind(TextChoices):
    PROCESS = "process", _("对比赛过程")
    RESULT = "result", _("对成绩")


class Ruling(TextChoices):
    UPHELD = "upheld", _("成立")
    PARTLY = "partly", _("部分成立")
    DISMISSED = "dismissed", _("不成立")


class ImportedSheet(TextChoices):
    """Sheets that people fill in."""

    PLAN = "plan", _("年度赛项计划")
    COMPETITORS = "competitors", _("参赛选手")
    MARKS = "marks", _("竞赛成绩")


class FilePurpose(TextChoices):
    DOCUMENT = "document", _("技术文件")
    APPEAL = "appeal", _("申诉材料")


class PromotionState(TextChoices):
    PROPOSED = "proposed", _("待报送")
    SENT = "sent", _("已报送人社部门")
    GRANTED = "granted", _("已发证")
    DROPPED = "dropped", _("不予晋升")


TONE_OF_PROMOTION = {
    PromotionState.PROPOSED: "waiting",
    PromotionState.SENT: "info",
    PromotionState.GRANTED: "ok",
    PromotionState.DROPPED: "neutral",
}


class Honour(TextChoices):
    TECHNICIAN = "technician", _("天津市技术能手")
    MAY_DAY = "may_day", _("天津市五一劳动奖章")
    WOMEN = "women", _("天津市三八红旗手")
