"""What a roster, a participation and a consent can be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RosterKind(models.TextChoices):
    """A unit with an employer, or people without a fixed one, for whom a union or association keeps the register."""

    UNIT = "unit", _("用人单位")
    GROUP = "group", _("新就业形态、无固定单位群体")


class NewGroup(models.TextChoices):
    """八大群体 (全总 2018), and what else the plan calls 三新."""

    TRUCK = "truck", _("货车司机")
    COURIER = "courier", _("快递员")
    CARE = "care", _("护工护理员")
    HOUSEHOLD = "household", _("家政服务员")
    MALL = "mall", _("商场信息员")
    MEAL = "meal", _("网约送餐员")
    ESTATE = "estate", _("房产中介员")
    GUARD = "guard", _("保安员")
    RIDE = "ride", _("网约车司机")
    OTHER = "other", _("其他新就业形态劳动者")


EIGHT = tuple(NewGroup.values[:8])  # 八大群体 in the strict sense


class IdKind(models.TextChoices):
    CITIZEN = "citizen", _("居民身份证（含港澳台居民居住证）")
    PASSPORT = "passport", _("护照、通行证、永久居留证")


class Sex(models.TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class TeamKind(models.TextChoices):
    SHIFT = "shift", _("班组")
    WORKSHOP = "workshop", _("车间、科室队")
    PROJECT = "project", _("项目部队")
    UNITED = "united", _("联合队")


class Duty(models.TextChoices):
    MEMBER = "member", _("参赛职工")
    LEADER = "leader", _("领队")
    COACH = "coach", _("教练、指导")


class ParticipationState(models.TextChoices):
    APPLIED = "applied", _("待接收")
    ACTIVE = "active", _("在名单")
    LEFT = "left", _("已退出")
    REJECTED = "rejected", _("未接收")


LIVING = (ParticipationState.APPLIED, ParticipationState.ACTIVE)


class ConsentState(models.TextChoices):
    PENDING = "pending", _("待同意")
    GIVEN = "given", _("已同意")
    NONE = "none", _("无")  # of people who left


TONE_OF_CONSENT = {ConsentState.PENDING: "waiting", ConsentState.GIVEN: "ok", ConsentState.NONE: "neutral"}
TONE_OF_STATE = {
    ParticipationState.APPLIED: "waiting",
    ParticipationState.ACTIVE: "ok",
    ParticipationState.LEFT: "neutral",
    ParticipationState.REJECTED: "stopped",
}


class Answer(models.TextChoices):
    GIVEN = "given", _("同意")
    REFUSED = "refused", _("不同意")
    WITHDRAWN = "withdrawn", _("退出并撤回同意")


class Means(models.TextChoices):
    """How the answer came in."""

    LINK = "link", _("本人扫码或打开链接")
    SELF = "self", _("本人自行登记")
    BATCH = "batch", _("书面同意，批量登记")
    UNIT = "unit", _("本人提出，单位代办")


class Source(models.TextChoices):
    FORM = "form", _("逐人登记")
    IMPORT = "import", _("表格导入")
    SELF = "self", _("扫码登记")


class Basis(models.TextChoices):
    """Which year a participation counts in (domain.md 12.3)."""

    CALENDAR = "calendar", _("竞赛年度（1月1日至12月31日）")
    STATISTICS = "statistics", _("工会统计年度（上年10月1日至9月30日）")
