"""年历 and 看板 of the year's competitions."""

from __future__ import annotations

import calendar
from collections import Counter
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.filings import boards, money, queries
from competitions.filings.enums import COUNTED
from competitions.filings.tables import BoardFilters
from competitions.filings.views.base import tabs
from competitions.filings.views.filings import new_action
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.web.ui import Action, Tab
from portal.web.views import PageView

YEARS = range(2020, 2100)


class _OfYear(PageView):
    abstract = True
    policy_action = "filing.view"
    tab = ""

    @cached_property
    def year(self) -> int:
        text = self.request.GET.get("year", "")
        return int(text) if text.isdigit() and int(text) in YEARS else local_date(self.now).year

    @cached_property
    def filters(self) -> BoardFilters:
        return BoardFilters(self.request.GET, actor=self.actor, now=self.now)

    def rows(self) -> Any:
        rows = queries.own(self.actor).filter(year=self.year, state__in=boards.SHOWN)
        return self.filters.apply(rows)

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, self.tab)

    def page_actions(self) -> list[Action]:
        return [new_action()]


class FilingCalendar(_OfYear):
    tab = "filing.calendar"
    template_name = "competitions/filing_calendar.html"
    title = _("竞赛年历")

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = self.rows().filter(starts_on__isnull=False, ends_on__isnull=False).order_by("starts_on", "pk")
        found = list(rows[: boards.MOST_LANES + 1])
        return self.render(
            year=self.year, filters=self.filters, drawing=boards.draw(found, year=self.year, now=self.now),
            is_cut=len(found) > boards.MOST_LANES, most=boards.MOST_LANES,
        )  # fmt: skip


class FilingBoard(_OfYear):
    tab = "filing.board"
    template_name = "competitions/filing_board.html"
    title = _("竞赛看板")

    @property
    def by_month(self) -> bool:
        return self.request.GET.get("by") == "month"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = self.rows()
        counted = rows.filter(state__in=COUNTED)
        funds = queries.funds(counted)
        part, whole = queries.administrative_share(counted)
        figures = counted.aggregate(n=Count("pk"), people=Sum("expected_people"), planned=Count("in_city_plan_at"))
        keep = {k: v for k, v in request.GET.items() if k in self.filters.filters and v and k != "union"}
        return self.render(
            year=self.year, filters=self.filters, by_month=self.by_month, figures=figures, funds=funds,
            leverage=money.leverage_words(funds.leverage), share=money.share(part, whole), part=part, whole=whole,
            board=self._by_month(rows, keep) if self.by_month else self._by_union(rows, keep),
        )  # fmt: skip

    def _by_union(self, rows: Any, keep: dict[str, str]) -> boards.Board:
        """What the desk hosts itself, and one line for each union directly below."""
        desk = self.actor.at_desk
        below = list(Organisation.objects.filter(parent=desk.organisation_id, is_active=True).order_by("path"))
        counts: Counter = Counter()
        for path, state, number in rows.order_by().values_list("owner__path", "state").annotate(n=Count("pk")):
            union = next((u.pk for u in below if path.startswith(u.path)), 0)
            counts[union, state] += number
        groups = [(0, _t("本级主办"), {"mine": "on"})]
        groups += [(union.pk, union.label, {"union": str(union.pk)}) for union in below]
        return boards.board(counts, groups, year=self.year, keep=keep)

    def _by_month(self, rows: Any, keep: dict[str, str]) -> boards.Board:
        found = rows.order_by().values_list("starts_on__month", "state").annotate(n=Count("pk"))
        counts: Counter = Counter({(month, state): number for month, state, number in found})
        groups = [(n, _t("%d月开始") % n, self._month(n)) for n in range(1, 13)]
        union = {"union": self.request.GET["union"]} if self.request.GET.get("union") else {}
        return boards.board(counts, groups, year=self.year, keep=keep | union)

    def _month(self, month: int) -> dict[str, str]:
        last = calendar.monthrange(self.year, month)[1]
        return {"begins_0": f"{self.year}-{month:02d}-01", "begins_1": f"{self.year}-{month:02d}-{last:02d}"}
