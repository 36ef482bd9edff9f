"""Tabs and the year that the pages of the room share."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.web.ui import Crumb

FOLLOWING = (
    ("competitions:coverage.home", _("覆盖面"), "coverage.view"),
    ("competitions:coverage.units", _("单位清单"), "coverage.view"),
    ("competitions:reminder.list", _("竞赛提醒"), "reminder.view"),
    ("competitions:cultivated.list", _("培育库"), "cultivated.view"),
    ("competitions:weak.list", _("薄弱企业帮扶"), "weak.view"),
    ("competitions:guidance.list", _("分类指导模板"), "guidance.view"),
    ("competitions:policy.list", _("政策落实"), "policy.view"),
)
GAINS = (
    ("competitions:benefit.list", _("职工和企业受益"), "gain.view"),
    ("competitions:engagement.list", _("负责人参与"), "gain.view"),
)


def home_crumb() -> Crumb:
    return Crumb(_("非公竞赛推进"), reverse("competitions:coverage.home"))


class OfYear:
    """``?year=`` of the page; the current year without it."""

    @property
    def year(self) -> int:
        this_year = local_date(self.now).year
        asked = self.request.GET.get("year", "")
        return int(asked) if asked.isdigit() and this_year - 9 <= int(asked) <= this_year else this_year
