"""Words of the room 班组称号和服务评价."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import UnionLevel


class TeamKind(TextChoices):
    """班组类别 (domain.md 10: the most basic cell of production, service or administration)."""

    TEAM = "team", _("班组")
    WORKSHOP = "workshop", _("车间、工段")
    SECTION = "section", _("科（室）")
    WINDOW = "window", _("服务窗口、营业网点")
    PROJECT = "project", _("项目部、攻关团队")


class Level(TextChoices):
    """Who gave the label."""

    UNIT = "unit", _("单位级")
    ZONE = "zone", _("街镇、功能区级")
    DISTRICT = "district", _("区、集团公司级")
    CITY = "city", _("市级")


LEVEL_OF_UNION: dict[str, Level] = {
    UnionLevel.GRASSROOTS: Level.UNIT,
    UnionLevel.SUBDISTRICT: Level.ZONE,
    UnionLevel.DISTRICT: Level.DISTRICT,
    UnionLevel.MUNICIPAL: Level.CITY,
}


class LabelStatus(TextChoices):
    VALID = "valid", _("有效")
    PROPOSED = "proposed", _("拟摘牌")
    REMOVED = "removed", _("已摘牌")


class RecheckStatus(TextChoices):
    """年度复查: the unit checks itself, the level that gave the label looks at it."""

    WAITING = "waiting", _("待自查")
    FILED = "filed", _("待审核")
    MENDING = "mending", _("限期整改")
    CONFIRMED = "confirmed", _("复查合格")
    PROPOSED = "proposed", _("拟摘牌")
    REMOVED = "removed", _("已摘牌")


OPEN_FOR_UNIT = (RecheckStatus.WAITING, RecheckStatus.MENDING)
ENDED = (RecheckStatus.CONFIRMED, RecheckStatus.REMOVED)
TONE_OF_STATUS = {
    LabelStatus.VALID: "gold",
    LabelStatus.PROPOSED: "waiting",
    LabelStatus.REMOVED: "stopped",
    RecheckStatus.WAITING: "waiting",
    RecheckStatus.FILED: "info",
    RecheckStatus.MENDING: "waiting",
    RecheckStatus.CONFIRMED: "ok",
}


class Met(TextChoices):
    YES = "yes", _("符合")
    PARTLY = "partly", _("基本符合")
    NO = "no", _("不符合")


class Step(TextChoices):
    """What was done in a re-check."""

    OPENED = "opened", _("列入复查")
    REMINDED = "reminded", _("催办")
    FILED = "filed", _("报送自查")
    CONFIRMED = "confirmed", _("复查合格")
    MENDING = "mending", _("要求整改")
    PROPOSED = "proposed", _("提出摘牌")
    KEPT = "kept", _("不予摘牌")
    REMOVED = "removed", _("摘牌")


class Dimension(TextChoices):
    """服务“五比” (row 152 of the plan); the values are fields of Rating."""

    ATTITUDE = "attitude", _("服务态度")
    QUALITY = "quality", _("服务质量")
    INNOVATION = "innovation", _("服务创新")
    ABILITY = "ability", _("服务能力")
    EFFICIENCY = "efficiency", _("服务效率")


class RemarkStatus(TextChoices):
    NONE = "none", _("没有留言")
    PENDING = "pending", _("待审看")
    SHOWN = "shown", _("可以公开")
    HIDDEN = "hidden", _("不予公开")


class Rhythm(TextChoices):
    DAY = "day", _("每日")
    WEEK = "week", _("每周")


class Among(TextChoices):
    TEAMS = "teams", _("班组之间")
    MEMBERS = "members", _("班组成员之间")
