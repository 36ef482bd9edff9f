"""Tabs that the pages of the room share."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web.ui import Crumb

TABS = (
    ("competitions:learning.list", _("资源库"), "learning.view"),
    ("competitions:platform.list", _("国家平台"), "learning.view"),
    ("competitions:training.list", _("赛前培训"), "training.view"),
    ("competitions:completion.figures", _("培训统计"), "completion.view"),
    ("competitions:completion.list", _("结业记录"), "completion.view"),
    ("competitions:proof.list", _("积分证明"), "proof.view"),
    ("competitions:door.page", _("学习入口"), "learning.door"),
    ("competitions:completion_import.list", _("导入记录"), "completion.import"),
)


def home_crumb() -> Crumb:
    return Crumb(_("培训资源"), reverse("competitions:learning.list"))


def completions_crumb() -> Crumb:
    return Crumb(_("结业记录"), reverse("competitions:completion.list"))
