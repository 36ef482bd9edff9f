"""Words of the room 非公企业竞赛推进: layers, stages of cultivation, kinds of records."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Figure(TextChoices):
    """覆盖面指标 (domain.md 12.4). Each is a share of the units in its group that held a filed competition in the year."""

    ABOVE_SCALE = "above_scale", _("规上企业覆盖面")
    ALL = "all", _("全口径覆盖面")
    NON_PUBLIC = "non_public", _("非公企业覆盖率")
    NON_PUBLIC_ABOVE = "non_public_above", _("规上非公覆盖率")
    SMALL = "small", _("非公中小微覆盖率")
    INSTITUTION = "institution", _("机关事业覆盖率")


class Stage(TextChoices):
    """培育阶段 (row 32 of the plan: 大力挖掘培育)."""

    FOUND = "found", _("发现")
    COACHED = "coached", _("培育中")
    READY = "ready", _("条件成熟")
    APPLIED = "applied", _("已申报")
    NAMED = "named", _("已命名")
    LEFT = "left", _("退出培育")


ENDED = (Stage.NAMED, Stage.LEFT)
NEXT_STAGES: dict[str, tuple[str, ...]] = {
    Stage.FOUND: (Stage.COACHED, Stage.LEFT),
    Stage.COACHED: (Stage.READY, Stage.LEFT),
    Stage.READY: (Stage.APPLIED, Stage.COACHED, Stage.LEFT),
    Stage.APPLIED: (Stage.NAMED, Stage.COACHED, Stage.LEFT),
    Stage.NAMED: (),
    Stage.LEFT: (),
}
TONE_OF_STAGE = {
    Stage.FOUND: "neutral",
    Stage.COACHED: "info",
    Stage.READY: "waiting",
    Stage.APPLIED: "primary",
    Stage.NAMED: "gold",
    Stage.LEFT: "stopped",
}


class Answer(TextChoices):
    """What a union says to a reminder."""

    PLANNED = "planned", _("计划开展")
    HELD = "held", _("已开展，待补备案")
    UNABLE = "unable", _("暂不具备条件")


class Engagement(TextChoices):
    """企业负责人参与方式 (row 148)."""

    COMMITMENT = "commitment", _("签署竞赛承诺书")
    MEETING = "meeting", _("研究竞赛工作")
    LEADING = "leading", _("担任竞赛组织机构负责人")
    BUDGET = "budget", _("安排竞赛经费")
    REWARD = "reward", _("出席表彰、兑现奖励")


class Benefit(TextChoices):
    """双受益 (rows 150, 186): the workers' kinds, and the enterprise's."""

    BONUS = "bonus", _("职工奖金")
    PAY_GRADE = "pay_grade", _("职工提薪晋档")
    PROMOTION = "promotion", _("职工职务晋升")
    SKILL_LEVEL = "skill_level", _("职工技能等级晋升")
    ENTERPRISE = "enterprise", _("企业经济效益")


class Support(TextChoices):
    """帮扶状态 of a weak unit (row 146): it is being helped until it holds a competition, or cannot yet."""

    ACTIVE = "active", _("帮扶中")
    HELD = "held", _("已开展竞赛")
    UNABLE = "unable", _("暂不具备条件")


TONE_OF_SUPPORT = {Support.ACTIVE: "info", Support.HELD: "ok", Support.UNABLE: "stopped"}


class Origin(TextChoices):
    """How a weak unit came into the list."""

    SUGGESTED = "suggested", _("覆盖面数据提示")
    ENTERED = "entered", _("工会登记")


class GuidanceStatus(TextChoices):
    """模板状态: what was published is withdrawn or followed by the next version, never changed."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


TONE_OF_GUIDANCE = {
    GuidanceStatus.DRAFT: "neutral",
    GuidanceStatus.PUBLISHED: "ok",
    GuidanceStatus.WITHDRAWN: "stopped",
}


class AnswerState(TextChoices):
    """自评报告状态."""

    OPEN = "open", _("待报送")
    FILED = "filed", _("已报送")
    RETURNED = "returned", _("已退回")
    CONFIRMED = "confirmed", _("已确认")


TONE_OF_ANSWER = {
    AnswerState.OPEN: "neutral",
    AnswerState.FILED: "waiting",
    AnswerState.RETURNED: "stopped",
    AnswerState.CONFIRMED: "ok",
}


class Reached(TextChoices):
    """落实情况 of one check item."""

    FULL = "full", _("已落实")
    PARTLY = "partly", _("部分落实")
    NOT = "not", _("未落实")
