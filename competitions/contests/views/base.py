"""What the pages of one contest share."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.contests import queries
from portal.web.ui import Crumb, Tab

ROOM = (
    ("competitions:contest.list", _("全部赛项"), "contest.view"),
    ("competitions:contest_appeal.list", _("申诉"), "contest_appeal.view"),
    ("competitions:promotion.list", _("等级晋升"), "promotion.view"),
    ("competitions:contest_levels.page", _("赛前赛后等级"), "promotion.view"),
    ("competitions:media.list", _("媒体报道"), "media.view"),
    ("competitions:contest_honour.list", _("荣誉人选"), "contest_honour.view"),
)
PLAN = (
    ("competitions:contest.plan", _("计划矩阵"), "contest.view"),
    ("competitions:contest.calendar", _("竞赛日历"), "contest.view"),
)
OF_CONTEST = (("detail", _("概况")), ("people", _("选手")), ("results", _("成绩")))


def url(name: str, pk: int) -> str:
    return reverse(f"competitions:{name}", kwargs={"pk": pk})


def list_crumb() -> Crumb:
    return Crumb(_("技能竞赛"), reverse("competitions:contest.list"))


def contest_or_404(pk: int) -> Any:
    found = queries.contests().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class OfOneContest:
    view_action = "contest.view"
    context_name = "contest"

    @property
    def contest(self) -> Any:
        return self.object

    def get_queryset(self) -> Any:
        return queries.contests()

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), Crumb(self.contest.name, self.contest.get_absolute_url())]

    def get_failure_url(self) -> str:
        return self.contest.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.contest.get_absolute_url()

    def contest_tabs(self) -> list[Tab]:
        here = self.request.resolver_match.url_name
        return [
            Tab(label, url(f"contest.{name}", self.contest.pk), current=here == f"contest.{name}")
            for name, label in OF_CONTEST
        ]


class OfContestPart(OfOneContest):
    """Pages about what belongs to a contest; the policy is asked about the contest."""

    context_name = "object"

    @property
    def contest(self) -> Any:
        return self.object.contest

    def policy_object(self) -> Any:
        return self.contest
