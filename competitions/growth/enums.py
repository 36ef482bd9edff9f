"""What a mentoring contract, a drill and a worker's file can be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MentorState(models.TextChoices):
    DRAFT = "draft", _("待签订")
    ACTIVE = "active", _("帮教中")
    COMPLETED = "completed", _("已出师")
    FAILED = "failed", _("考核未达标")
    TERMINATED = "terminated", _("已终止")


LIVING = (MentorState.DRAFT, MentorState.ACTIVE)
ENDED = (MentorState.COMPLETED, MentorState.FAILED, MentorState.TERMINATED)
TONE_OF_MENTORSHIP = {
    "draft": "waiting", "active": "info", "completed": "ok", "failed": "stopped", "terminated": "neutral",
}  # fmt: skip


class PurgeState(models.TextChoices):
    """删除职工档案: asked for by one person, decided by another."""

    ASKED = "asked", _("待复核")
    DONE = "done", _("已删除")
    REFUSED = "refused", _("未同意")


class PurgeBasis(models.TextChoices):
    """Why personal data has to go (个人信息保护法第四十七条)."""

    REQUEST = "request", _("职工本人要求删除")
    WITHDRAWN = "withdrawn", _("职工撤回同意")
    NEEDLESS = "needless", _("已无保存必要（离职、调出、去世）")
    MISTAKE = "mistake", _("登记错误")


class SkillLevel(models.TextChoices):
    """新八级工: the levels of 2022 (人社部发〔2022〕14号)."""

    NONE = "", _("未评定")
    L1 = "1", _("学徒工")
    L2 = "2", _("初级工")
    L3 = "3", _("中级工")
    L4 = "4", _("高级工")
    L5 = "5", _("技师")
    L6 = "6", _("高级技师")
    L7 = "7", _("特级技师")
    L8 = "8", _("首席技师")


class DrillKind(models.TextChoices):
    DRILL = "drill", _("岗位练兵")
    MATCH = "match", _("技术比武")


class DrillLevel(models.TextChoices):
    ENTERPRISE = "enterprise", _("企业")
    DISTRICT = "district", _("区县·集团")
    CITY = "city", _("市")
