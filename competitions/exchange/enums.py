"""What unions exchange, and where each thing stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    PERSON = "person", _("个人")
    TEAM = "team", _("班组、集体")
    ENTERPRISE = "enterprise", _("企事业单位")
    PROJECT = "project", _("工程项目")
    UNION = "union", _("工会组织")


class CaseKind(models.TextChoices):
    """三类典型 of the plan (四.2c), experiences of non-public enterprises (三.1), and what belongs to none of them."""

    PROJECT = "project", _("示范工程")
    UNIT = "unit", _("示范单位")
    STUDIO = "studio", _("示范性劳模和工匠人才创新工作室")
    NONPUBLIC = "nonpublic", _("非公企业竞赛经验")
    OTHER = "other", _("其他典型")


class Saving(models.TextChoices):
    """What a story about saving energy saves (四.1c)."""

    POWER = "power", _("节电")
    COAL = "coal", _("节煤")
    OIL = "oil", _("节油")
    GAS = "gas", _("节气")
    WATER = "water", _("节水")
    MATERIAL = "material", _("节材和循环利用")
    HEAT = "heat", _("余热余压利用")
    CLEAN = "clean", _("清洁能源")


class DutyState(models.TextChoices):
    """年度交流任务 of a model."""

    OPEN = "open", _("待完成")
    REPORTED = "reported", _("待检查")
    PASSED = "passed", _("已履行")
    FAILED = "failed", _("未履行")


class CaseState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回修改")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤下")


OPEN_CASES = (CaseState.DRAFT, CaseState.RETURNED)


class EventKind(models.TextChoices):
    VISIT = "visit", _("现场观摩")
    TALK = "talk", _("座谈交流")
    FORUM = "forum", _("经验交流会")
    ONLINE = "online", _("线上交流")


class EventState(models.TextChoices):
    PLANNED = "planned", _("筹备中")
    OPEN = "open", _("报名中")
    HELD = "held", _("已举办")
    CANCELLED = "cancelled", _("已取消")


class PlaceState(models.TextChoices):
    """Of a union's registration for an event."""

    REGISTERED = "registered", _("已报名")
    WAITING = "waiting", _("候补")
    LEFT = "left", _("已退出")


class BookingState(models.TextChoices):
    ASKED = "asked", _("待答复")
    ACCEPTED = "accepted", _("已接受")
    DECLINED = "declined", _("已谢绝")
    CANCELLED = "cancelled", _("已取消")
    DONE = "done", _("已接待")


TONES = {
    "draft": "neutral", "submitted": "waiting", "returned": "stopped", "published": "ok", "withdrawn": "neutral",
    "planned": "neutral", "open": "info", "held": "ok", "cancelled": "neutral", "registered": "ok", "waiting": "waiting",
    "left": "neutral", "reported": "waiting", "passed": "ok", "failed": "stopped", "asked": "waiting", "accepted": "ok", "declined": "neutral", "done": "ok",
}  # fmt: skip
