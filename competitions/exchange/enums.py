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
    "left": "neutral", "asked": "waiting", "accepted": "ok", "declined": "neutral", "done": "ok",
}  # fmt: skip
