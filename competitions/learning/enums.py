"""What a training resource can be, and where it stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    COURSE = "course", _("课程")
    VIDEO = "video", _("视频")
    TEXTBOOK = "textbook", _("教材、课件")
    QUESTIONS = "questions", _("题库")
    BASE = "base", _("实训基地")
    PLATFORM = "platform", _("学习平台")
    OTHER = "other", _("其他")


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


TONE_OF_STATE = {"draft": "waiting", "published": "ok", "withdrawn": "neutral"}
