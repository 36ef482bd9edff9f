"""What a training resource can be, and where it stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    COURSE = "course", _("课程")
    VIDEO = "video", _("视频")
    TEXTBOOK = "textbook", _("教材、课件")
    QUESTIONS = "questions", _("题库")
    QUIZ = "quiz", _("在线测验")
    BASE = "base", _("实训基地")
    PLATFORM = "platform", _("学习平台")
    OTHER = "other", _("其他")


class Theme(models.TextChoices):
    """What it is about: the plan names energy saving (四.1c), safety and skills."""

    SKILL = "skill", _("技能提升")
    ENERGY = "energy", _("节能降碳")
    SAFETY = "safety", _("安全健康")
    DIGITAL = "digital", _("数字素养")
    TEAM = "team", _("班组管理")
    OTHER = "other", _("其他")


class Platform(models.TextChoices):
    """Where it is learned. The two national platforms are named by the plan (四.2b)."""

    LOCAL = "local", _("本市和本单位")
    SKILLS = "skills", _("技能强国—全国产业工人技能学习平台")
    XUEXI = "xuexi", _("“学习强国”技能频道")
    OTHER = "other", _("其他平台")


NATIONAL = (Platform.SKILLS, Platform.XUEXI)


class Licence(models.TextChoices):
    """By what right the resource may be offered to workers."""

    OWN = "own", _("自有版权")
    LICENSED = "licensed", _("权利人授权")
    OPEN = "open", _("公开许可（注明出处可用）")
    LINK = "link", _("只作链接，版权归原平台")
    PLACE = "place", _("场地设备，不涉及版权")


class Reach(models.TextChoices):
    """Who of the federation finds a published resource."""

    OWN = "own", _("本单位和下级工会")
    FEDERATION = "federation", _("全市各级工会")
    EVERYBODY = "everybody", _("面向职工公开")


class ResourceState(models.TextChoices):
    DRAFT = "draft", _("待发布")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已下架")


class ProofState(models.TextChoices):
    """积分证明: on its way from the worker or the unit's desk to the unit's checker."""

    SUBMITTED = "submitted", _("待核对")
    ACCEPTED = "accepted", _("已认定")
    RETURNED = "returned", _("未认定")


TONE_OF_PROOF = {"submitted": "waiting", "accepted": "ok", "returned": "stopped"}
TONE_OF_STATE = {"draft": "waiting", "published": "ok", "withdrawn": "neutral"}
