"""年历: all programmes of all levels that the desk may see – year, month, list, paper, and as a calendar feed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import day_bounds, local_date, local_datetime
from portal.core.policies import may
from portal.lifecycle.programmes import queries
from portal.lifecycle.programmes.calendar_grid import draw_month, month_bounds, month_lines
from portal.lifecycle.programmes.drawing import draw_year
from portal.lifecycle.programmes.feeds import desk_items
from portal.lifecycle.programmes.ical import calendar_response, calendar_text
from portal.lifecycle.programmes.tables import CalendarFilters
from portal.lifecycle.programmes.views import section_tabs
from portal.lifecycle.programmes.working_days import working_calendar
from portal.web.ratelimit import limit
from portal.web.ui import Action, Tab
from portal.web.views import PageView

YEARS = range(2021, 2100)
FEED_SECONDS = 300


class CycleCalendar(PageView):
    """The year at a glance, or one of its months: a grid on wide screens, a list on phones and paper."""

    policy_action = "cycle.view"
    template_name = "lifecycle/cycle_calendar.html"
    title = _("届次与日历")

    @cached_property
    def year(self) -> int:
        text = self.request.GET.get("year", "")
        return int(text) if text.isdigit() and int(text) in YEARS else local_date(self.now).year

    @cached_property
    def month(self) -> int | None:
        """None = the whole year."""
        text = self.request.GET.get("month", "")
        return int(text) if text.isdigit() and 1 <= int(text) <= 12 else None

    @cached_property
    def filters(self) -> CalendarFilters:
        return CalendarFilters(self.request.GET, actor=self.actor, now=self.now)

    def page_tabs(self) -> list[Tab]:
        return section_tabs("cycle.calendar")

    def page_actions(self) -> list[Action]:
        return [Action(_("订阅到日历"), reverse("accounts:feed.list"), icon="calendar-share")]

    def get(self, request: HttpRequest) -> HttpResponse:
        shown = self.month_context() if self.month else self.year_context()
        return self.render(
            year=self.year,
            month_number=self.month,
            today=local_date(self.now),
            months=range(1, 13),
            filters=self.filters,
            starts=queries.next_starts(now=self.now, actor=self.actor),
            **shown,
        )

    def year_context(self) -> dict[str, Any]:
        stages = self.filters.apply(queries.calendar(year=self.year, actor=self.actor))
        return {"drawing": draw_year(stages, year=self.year, now=self.now)}

    def month_context(self) -> dict[str, Any]:
        first, after = month_bounds(self.year, self.month or 1)
        rows = queries.stages_between(local_datetime(first), local_datetime(after), actor=self.actor)
        stages = list(self.filters.apply(rows))
        calendar = working_calendar(self.year)
        grid = draw_month(stages, year=self.year, month=self.month or 1, calendar=calendar, now=self.now)
        return {
            "grid": grid,
            "lines": month_lines(stages, self.now),
            "unknown_years": calendar.unknown_years(first, after - dt.timedelta(days=1)),
        }


class CalendarFeed(PageView):
    """The desk's calendar for a calendar program: the secret in the address names person and desk (the middleware has
    read it and entered the desk's scope), so no session is needed and none counts here.
    """

    public = True

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        limit("calendar", times=60, seconds=600)
        feed = getattr(request, "calendar_feed", None)
        if feed is None or not may(self.actor, "cycle.view"):
            raise Http404
        text = cache.get_or_set(f"ics:{feed.pk}:{feed.token_hash[:16]}", self.text, FEED_SECONDS)
        return calendar_response(request, text, private=True)

    def text(self) -> bytes:
        since = day_bounds(local_date(self.now) - dt.timedelta(days=365))[0]
        stages = queries.stages_between(since, None, actor=self.actor)
        name = _t("%(organisation)s · 届次日历") % {"organisation": self.actor.desk.organisation_name}
        return calendar_text(name, desk_items(stages, site=self.request.build_absolute_uri("/")))
