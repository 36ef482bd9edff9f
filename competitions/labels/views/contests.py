"""班组竞赛: the library, contests with their rankings, scoring – also on the phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.labels import queries
from competitions.labels.contest_forms import CloseForm, PeopleForm, ScoreForm, StartForm
from competitions.labels.contest_tables import TeamContestFilters, TeamContestTable
from competitions.labels.domain import contests
from competitions.labels.enums import Among, Rhythm
from competitions.labels.points import period_of, templates
from competitions.labels.views.base import ROOM, allowed, home_crumb, own_union, url
from portal.core.dates import local_date
from portal.core.text import safe_file_name
from portal.web.exports import workbook_response
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FormView, ListView, PageView, Tabbed

SPANS = (("all", _("全程")), ("month", _("近30天")), ("week", _("本周")), ("day", _("今天")))


class ContestList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "teamcontest.view"
    table_class = TeamContestTable
    filters_class = TeamContestFilters
    title = _("班组竞赛")
    subtitle = _("小指标竞赛、安全积分、岗位练兵：每日或每周计分，随时看名次。")
    export_name = _("班组竞赛")
    saved_views = (SavedView(_("进行中"), "running=on"), SavedView(_("本级举办"), "mine=on"))

    def get_queryset(self) -> Any:
        return queries.team_contests()

    def page_actions(self) -> list[Action]:
        library = Action(_("从模板开展竞赛"), url("teamcontest.templates"), icon="plus", kind="primary")
        return allowed(self.actor, None, ("teamcontest.keep", library))


class TemplateList(PageView):
    """The library and the templates that unions above – and the own – have kept."""

    policy_action = "teamcontest.view"
    template_name = "competitions/teamcontest_templates.html"
    title = _("班组竞赛模板")
    subtitle = _("选一个模板，改成本班组的指标后开展。开展过的竞赛也可以存为模板，供下级工会使用。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("班组竞赛"), url("teamcontest.list"))]

    def context(self) -> dict[str, Any]:
        own = [(f"own-{t.pk}", t, t.owner.label) for t in queries.contest_templates()]
        library = [(t.code, t, "") for t in templates().values()]
        return {
            "lines": [
                {"row": t, "from": owner, "rhythm": Rhythm(t.rhythm).label, "among": Among(t.among).label,
                 "url": f"{url('teamcontest.start')}?template={code}"}
                for code, t, owner in [*own, *library]
            ],
            "may_start": bool(allowed(self.actor, None, ("teamcontest.keep", Action("")))),
        }  # fmt: skip


class ContestStart(FormView):
    policy_action = "teamcontest.keep"
    form_class = StartForm
    title = _("开展班组竞赛")
    submit_label = _("开展")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("班组竞赛"), url("teamcontest.list"))]

    def get_initial(self) -> dict[str, Any]:
        today, code = local_date(self.now), self.request.GET.get("template", "")
        template: Any = templates().get(code)
        if code.startswith("own-") and code[4:].isdecimal():
            template = queries.contest_templates().filter(pk=int(code[4:])).first()
        first = {"starts_on": today, "ends_on": today + dt.timedelta(days=29)}
        if template is None:
            return first
        known = {name: getattr(template, name) for name in ("title", "rhythm", "among", "words")}
        return first | known | {"items": contests.items_text(template.items)}

    def perform(self, form: Any) -> HttpResponse:
        row = contests.start(
            actor=self.actor, organisation=own_union(self.actor), facts=form.facts, items=form.cleaned_data["items"],
            now=self.now,
        )  # fmt: skip
        return self.done(_("已开展。下一步：列入参赛的班组或职工。"), url("teamcontest.people", pk=row.pk))


class OneContest:
    view_action = "teamcontest.view"
    context_name = "contest"

    def get_queryset(self) -> Any:
        return queries.team_contests()

    def page_crumbs(self) -> list[Crumb]:
        row = self.object
        return [home_crumb(), Crumb(_("班组竞赛"), url("teamcontest.list")), Crumb(row.title, row.get_absolute_url())]


class ContestDetail(OneContest, DetailView):
    policy_action = "teamcontest.view"
    template_name = "competitions/teamcontest_detail.html"

    def page(self) -> PageContext:
        row, pk = self.object, self.object.pk
        kept = _t("把规则和计分项目存为本级模板，下级工会都能使用。")
        actions = [
            Action(_("导出 Excel"), "?export=xlsx", icon="file-spreadsheet", download=True),
            *allowed(
                self.actor, row,
                ("teamcontest.template", Action(_("存为模板"), url("teamcontest.template", pk=pk), post=True, confirm=kept)),
                ("teamcontest.score", Action(_("结束竞赛"), url("teamcontest.close", pk=pk), icon="flag")),
                ("teamcontest.score", Action(_("列入参赛"), url("teamcontest.people", pk=pk), icon="users")),
                ("teamcontest.score", Action(_("登记积分"), url("teamcontest.score", pk=pk), icon="edit", kind="primary")),
            ),
        ]  # fmt: skip
        return PageContext(
            title=row.title, subtitle=row.organisation.name, badge=row.badge, crumbs=self.page_crumbs()[:2],
            actions=actions,
        )  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return self._workbook()
        return super().get(request, *args, **kwargs)

    @property
    def span(self) -> str:
        found = self.request.GET.get("span", "all")
        return found if found in dict(SPANS) else "all"

    def _bounds(self) -> tuple[dt.date | None, dt.date | None]:
        today = local_date(self.now)
        first = {
            "all": None, "month": today - dt.timedelta(days=29), "week": period_of(today, "week"),
            "day": period_of(today, self.object.rhythm),
        }[self.span]  # fmt: skip
        return first, None if first is None else today

    def _workbook(self) -> HttpResponse:
        """Every contestant with the points of each item and their sum, in the order of the ranking."""
        items, places = queries.items_of(self.object), queries.places_of(self.object, *self._bounds())
        sums = self._sums()
        rows = [
            [p.rank, p.contestant.name, *(sums.get((p.contestant.pk, i.pk), 0) for i in items), p.total, p.periods]
            for p in places
        ]
        heads = ("名次", "参赛对象", *(i.title for i in items), "积分", "计分期数")
        return workbook_response(safe_file_name(f"{self.object.title}名次"), heads, rows)

    def _sums(self) -> dict[tuple[int, int], Any]:
        sums: dict[tuple[int, int], Any] = {}
        for score in queries.scores_in(self.object, *self._bounds()):
            key = (score.contestant_id, score.item_id)
            sums[key] = sums.get(key, 0) + score.points
        return sums

    def context(self) -> dict[str, Any]:
        row = self.object
        items, sums = queries.items_of(row), self._sums()
        return {
            "items": items,
            "spans": [(key, label, key == self.span) for key, label in SPANS],
            "lines": [
                {"place": p, "cells": [sums.get((p.contestant.pk, i.pk)) for i in items]}
                for p in queries.places_of(row, *self._bounds())
            ],
            "facts": [
                Fact(_("参赛对象"), row.get_among_display()),
                Fact(_("计分周期"), row.get_rhythm_display()),
                Fact(_("时间"), f"{cn_date(row.starts_on)} 至 {cn_date(row.ends_on)}"),
                Fact(_("已计分"), row.periods_now, unit=_("期")),
            ],
            "people_url": url("teamcontest.people", pk=row.pk),
        }


class ContestPeople(OneContest, FormView):
    policy_action = "teamcontest.score"
    form_class = PeopleForm
    title = _("列入参赛的班组和职工")
    submit_label = _("列入")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"path": self.object.organisation.path}

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        found = contests.add_contestants(
            actor=self.actor, contest=self.object, names=data["names"], teams=list(data["teams"]), now=self.now
        )
        return self.done(_t("已列入%d个。") % len(found), self.object.get_absolute_url())


class ContestScore(OneContest, FormView):
    """``?day=`` chooses the period; what was entered for it is filled in and can be corrected until the contest ends."""

    policy_action = "teamcontest.score"
    form_class = ScoreForm
    title = _("登记积分")
    intro = _("填数值，得分自动计算；空着不计。同一期再填一次就是更正。")

    def _day(self) -> dt.date:
        try:
            return dt.date.fromisoformat(self.request.GET.get("day", ""))
        except ValueError:
            return min(local_date(self.now), self.object.ends_on)

    def get_form_kwargs(self) -> dict[str, Any]:
        row, day = self.object, self._day()
        period = period_of(day, row.rhythm)
        values = {(s.contestant_id, s.item_id): s.value for s in queries.scores_in(row, period, period)}
        return {
            "contestants": queries.contestants_of(row), "items": queries.items_of(row), "day": day, "values": values,
        }  # fmt: skip

    def perform(self, form: Any) -> HttpResponse:
        day, values, rhythm = form.cleaned_data["day"], form.values, self.object.rhythm
        if period_of(day, rhythm) != period_of(self._day(), rhythm):  # another day was typed: what is empty stays
            values = {key: value for key, value in values.items() if value is not None}
        period = contests.enter_scores(actor=self.actor, contest=self.object, day=day, values=values, now=self.now)
        return self.done(_t("已登记%s的积分。") % cn_date(period), self.object.get_absolute_url())


class ContestClose(OneContest, FormView):
    policy_action = "teamcontest.score"
    form_class = CloseForm
    title = _("结束竞赛")
    submit_label = _("结束并固定名次")
    confirm = _("结束后不能再登记积分。")

    def perform(self, form: Any) -> HttpResponse:
        row = contests.close(actor=self.actor, contest=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("竞赛已结束，名次已固定。"), row.get_absolute_url())


class SaveTemplate(OneContest, ActionView):
    policy_action = "teamcontest.template"

    def perform(self) -> HttpResponse:
        contests.save_template(actor=self.actor, contest=self.object, owner=own_union(self.actor), now=self.now)
        return self.done(_("已存为模板。"), reverse("competitions:teamcontest.templates"))
