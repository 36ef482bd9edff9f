"""Coverage with its definitions, the units behind it, and reminders."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic import board, figures, forms, queries
from competitions.nonpublic.domain import coverage
from competitions.nonpublic.enums import Figure
from competitions.nonpublic.tables import (
    GroupTable,
    LayerTable,
    LineTable,
    ReminderFilters,
    ReminderTable,
    UnitFilters,
    UnitTable,
)
from competitions.nonpublic.views.base import FOLLOWING, OfYear, home_crumb
from competitions.rosters.counting import group_lines
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import BulkActionView, DetailView, FormView, ListView, PageView, Tabbed

UNITS = "competitions:coverage.units"
GAP_QUERY = f"figure={Figure.ABOVE_SCALE}&without=on"


class CoverageHome(Tabbed, OfYear, PageView):
    """Figures as they stand now, or as a snapshot (``?snapshot=``) kept them."""

    room_tabs = FOLLOWING
    policy_action = "coverage.view"
    template_name = "competitions/coverage.html"
    title = _("非公竞赛推进")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def page_actions(self) -> list[Action]:
        actions = []
        if may(self.actor, "coverage.remind"):
            url = reverse("competitions:coverage.remind_all")
            actions.append(Action(_("提醒未开展的规上企业"), url, icon="bell", kind="primary"))
        if may(self.actor, "coverage.snapshot"):
            url = reverse("competitions:coverage.snapshot")
            actions.append(Action(_("形成时点数据"), url, icon="camera"))
        return actions

    def context(self) -> dict[str, Any]:
        asked = self.request.GET.get("snapshot", "")
        snapshot = queries.snapshots().filter(pk=asked).first() if asked.isdigit() else None
        year = snapshot.year if snapshot else self.year
        rows = queries.snapshot_rows(snapshot) if snapshot else queries.units(year=year)
        page = board.page_of(rows, actor=self.actor, year=year, is_live=snapshot is None)
        page |= {name: LineTable(page[name]) for name in ("kinds", "emerging", "unions")} | {
            "layers": LayerTable(page["layers"])
        }
        if snapshot is None and may(self.actor, "roster.count"):
            page["groups"] = GroupTable(group_lines(self.actor.path, year))
        return page | {
            "year": year,
            "emerging_definition": figures.EMERGING_DEFINITION,
            "snapshot": snapshot,
            "may_write": bool(may(self.actor, "case.add")),
            "weak": queries.weak_totals(year=year),
            "snapshots": list(queries.snapshots()[:10]),
            "years": [local_date(self.now).year - n for n in range(3)],
        }


class UnitList(Tabbed, OfYear, ListView):
    room_tabs = FOLLOWING
    policy_action = "coverage.view"
    table_class = UnitTable
    filters_class = UnitFilters
    title = _("单位清单")
    subtitle = _("每个已建会单位本年度备案了几项竞赛；没有开展的可以勾选后提醒其工会。")
    export_name = _("竞赛覆盖面单位清单")
    saved_views = (
        SavedView(_("未开展的规上企业"), GAP_QUERY),
        SavedView(_("未开展的非公企业"), f"figure={Figure.NON_PUBLIC}&without=on"),
        SavedView(_("已开展"), "held=on"),
    )

    def get_queryset(self) -> Any:
        return queries.units(year=self.year)


class RemindChosen(BulkActionView):
    """Shows the chosen units, asks for words and days, then reminds all of them at once."""

    policy_action = "coverage.remind"
    label = _("提醒开展竞赛")
    form_class = forms.RemindForm

    def get_queryset(self) -> Any:
        return queries.units(year=local_date(self.now).year)

    def back_url(self) -> str:
        return f"{reverse(UNITS)}?{GAP_QUERY}"

    def row_title(self, obj: Any) -> str:
        return f"{obj.name}（{obj.organisation.label}）"

    def perform(self, objects: list[Any], data: dict[str, Any]) -> HttpResponse:
        made, passed = coverage.remind(
            actor=self.actor, employers=objects, year=local_date(self.now).year, now=self.now, **data
        )
        return self.done(said(len(made), passed), self.back_url())


def said(made: int, passed: int) -> str:
    words = _t("已提醒%d个单位的工会，会出现在他们的工作台。") % made
    return words + (_t("%d个单位已开展竞赛或已有待反馈的提醒，没有重复提醒。") % passed if passed else "")


class RemindAll(FormView):
    policy_action = "coverage.remind"
    form_class = forms.RemindForm
    title = _("提醒未开展的规上企业")
    submit_label = _("发送提醒")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb()]

    @property
    def waiting(self) -> Any:
        return queries.gap(queries.units(year=local_date(self.now).year))

    @property
    def intro(self) -> Any:
        return (
            _("将提醒%d个已建会、本年度没有备案竞赛的规模以上企业的工会；已有待反馈提醒的不重复。")
            % self.waiting.count()
        )

    def perform(self, form: Any) -> HttpResponse:
        made, passed = coverage.remind(
            actor=self.actor, employers=list(self.waiting), year=local_date(self.now).year, now=self.now,
            **form.cleaned_data,
        )  # fmt: skip
        return self.done(said(len(made), passed), reverse("competitions:reminder.list"))


class SnapshotTake(FormView):
    policy_action = "coverage.snapshot"
    form_class = forms.SnapshotForm
    title = _("形成时点数据")
    submit_label = _("形成")
    confirm = _("将按现在的单位和备案情况保存一份，形成后不能修改；更正须另存一版并说明原因。")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"this_year": local_date(self.now).year}

    def perform(self, form: Any) -> HttpResponse:
        run = coverage.request_snapshot(actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done("", reverse("jobs:run.detail", kwargs={"pk": run.pk}))


class ReminderList(Tabbed, ListView):
    room_tabs = FOLLOWING
    policy_action = "reminder.view"
    table_class = ReminderTable
    filters_class = ReminderFilters
    title = _("竞赛提醒")
    export_name = _("竞赛提醒")
    saved_views = (SavedView(_("待反馈"), "open=on"), SavedView(_("逾期未反馈"), "overdue=on"))

    def get_queryset(self) -> Any:
        return queries.reminders()


class OneReminder:
    def get_queryset(self) -> Any:
        return queries.reminders()

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("竞赛提醒"), reverse("competitions:reminder.list"))]


class ReminderDetail(OneReminder, DetailView):
    policy_action = "reminder.view"
    template_name = "competitions/reminder_detail.html"
    context_name = "reminder"

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "reminder.answer", row):
            url = reverse("competitions:reminder.answer", kwargs={"pk": row.pk})
            actions.append(Action(_("反馈"), url, icon="message-reply", kind="primary"))
        return PageContext(
            title=row.employer.name, subtitle=_("%d年度竞赛提醒") % row.year, badge=row.badge, crumbs=self.page_crumbs(),
            actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        facts = [
            Fact(_("所属工会"), row.organisation.name),
            Fact(_("提醒工会"), row.sent_from.name if row.sent_from else ""),
            Fact(_("提醒内容"), row.words, wide=True),
        ]
        if not row.is_open:
            facts += [
                Fact(_("反馈"), row.get_answer_display()),
                Fact(_("计划开展日期"), row.planned_on or "—"),
                Fact(_("说明"), row.answer_words or "—", wide=True),
            ]
        return {"facts": facts}


class ReminderAnswer(OneReminder, FormView):
    policy_action = "reminder.answer"
    view_action = "reminder.view"
    form_class = forms.AnswerForm
    title = _("反馈竞赛提醒")
    submit_label = _("提交反馈")
    confirm = _("反馈提交后不能修改。")

    @property
    def intro(self) -> str:
        return self.object.words

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def perform(self, form: Any) -> HttpResponse:
        row = coverage.answer_reminder(actor=self.actor, reminder=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已反馈。开展竞赛后请办理立项备案。"), row.get_absolute_url())
