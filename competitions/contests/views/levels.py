"""竞赛前后技能等级: the matrix of levels before and after, the trades, the workbook."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.contests import queries
from competitions.contests.enums import LADDER, Level
from competitions.contests.levels import RUNG, Growth, growth_by_trade, growth_of
from competitions.contests.views.base import ROOM
from portal.core.dates import local_date
from portal.web.exports import workbook_response
from portal.web.ui import Action, Chart, Series
from portal.web.views import PageView, Tabbed

HEADS = ("工种", "参赛人数", "晋级人数", "晋级率（%）", *(f"赛前{Level(x).label}" for x in LADDER),
         *(f"赛后{Level(x).label}" for x in LADDER))  # fmt: skip
DEFINITION = _(
    "资格通过的参赛职工每人计一次：赛前为报名时最低等级，赛后为已发证晋升或之后报名时的最高等级。待发证的不计。"
)


class LevelsPage(Tabbed, PageView):
    """Two queries whatever the number of entrants."""

    room_tabs = ROOM
    policy_action = "promotion.view"
    template_name = "competitions/contest_levels.html"
    title = _("竞赛前后技能等级")
    subtitle = DEFINITION

    @property
    def year(self) -> int:
        text, this = self.request.GET.get("year", ""), local_date(self.now).year
        return int(text) if text.isdecimal() and this - 10 <= int(text) <= this + 1 else this

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def page_actions(self) -> list[Action]:
        address = f"{reverse('competitions:contest_levels.workbook')}?year={self.year}"
        return [Action(_("导出 Excel"), address, icon="file-spreadsheet", download=True)]

    def context(self) -> dict[str, Any]:
        entries = queries.level_entries(self.year)
        whole = growth_of(entries)
        return {
            "year": self.year,
            "whole": whole,
            "levels": [Level(x).label for x in LADDER],
            "matrix": [_line(whole, str(level)) for level in LADDER],
            "trades": growth_by_trade(entries),
            "chart": _chart(whole) if whole.persons else None,
        }


def _line(growth: Growth, before: str) -> dict[str, Any]:
    """The row of one level before: how many came to each level, and whether that is above, the same or below."""
    cells = [
        (growth.matrix.get((before, str(after)), 0), RUNG[str(after)] > RUNG[before], str(after) == before)
        for after in LADDER
    ]
    return {"label": Level(before).label, "cells": cells, "total": growth.before(before)}


def _chart(growth: Growth) -> Chart:
    levels = [str(x) for x in LADDER]
    series = (
        Series(_("赛前"), [growth.before(x) for x in levels], "info"),
        Series(_("赛后"), [growth.after(x) for x in levels], "primary"),
    )
    return Chart("bar", _("参赛职工技能等级"), [Level(x).label for x in LADDER], series, unit=_("人"),
                 definition=DEFINITION, label_heading=_("等级"))  # fmt: skip


class LevelsWorkbook(LevelsPage):
    """One line per trade, the sum of persons – each once – on top."""

    room_tabs = ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        entries = queries.level_entries(self.year)
        lines = [("全部（每人一次）", growth_of(entries)), *growth_by_trade(entries)]
        rows = [
            [
                trade,
                g.persons,
                g.risen,
                g.share,
                *(g.before(str(x)) for x in LADDER),
                *(g.after(str(x)) for x in LADDER),
            ]
            for trade, g in lines
        ]
        return workbook_response(f"竞赛前后技能等级_{self.year}", HEADS, rows)
