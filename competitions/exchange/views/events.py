"""Events: calendar as a list by date, page, registration with waiting list, attendance, feedback."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.exchange import forms, queries
from competitions.exchange.domain import events
from competitions.exchange.domain.events import FACTS
from competitions.exchange.enums import PlaceState
from competitions.exchange.tables import EventFilters, EventTable, RegistrationTable
from competitions.exchange.views.base import TABS, action, crumb
from portal.core.policies import may
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FormView, ListView, Tabbed


class EventList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "exchange.view"
    table_class = EventTable
    filters_class = EventFilters
    title = _("交流互鉴")
    subtitle = _("互学互比互看：现场观摩、座谈、经验交流会和线上交流，各级工会都可以组织和报名。")
    export_name = _("竞赛交流活动")
    saved_views = (
        SavedView(_("即将举办"), "coming=on"),
        SavedView(_("本单位报名的"), "joined=on"),
        SavedView(_("本单位主办"), "mine=on"),
    )

    def get_queryset(self) -> Any:
        return queries.events(self.actor)

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "exchange.add"):
            return []
        return [action(_("组织活动"), "exchange.add", icon="plus", kind="primary")]


class EventAdd(FormView):
    policy_action = "exchange.add"
    form_class = forms.EventForm
    title = _("组织交流活动")
    submit_label = _("保存")

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("exchange.list")]

    def get_cancel_url(self) -> str:
        return reverse("competitions:exchange.list")

    def perform(self, form: Any) -> HttpResponse:
        row = events.plan_event(actor=self.actor, facts=form.cleaned_data, now=self.now)
        return self.done(_("已保存。核对后请审核人“开放报名”。"), row.get_absolute_url())


class OneEvent:
    view_action = "exchange.view"

    def get_queryset(self) -> Any:
        return queries.events(self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("exchange.list"), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    get_failure_url = get_cancel_url


class EventDetail(OneEvent, DetailView):
    policy_action = "exchange.view"
    template_name = "competitions/exchange_detail.html"
    context_name = "event"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.title, subtitle=f"{row.get_kind_display()} · {row.owner.name}", badge=row.badge,
            crumbs=[crumb("exchange.list")], actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        row, pk, found = self.object, self.object.pk, []
        free = row.mine in {None, PlaceState.LEFT} and row.takes_registrations(self.now)
        if free and may(self.actor, "exchange.register", row):
            found.append(action(_("报名"), "exchange.register", pk, icon="user-plus", kind="primary"))
        if may(self.actor, "exchange.open", row):
            words = _("开放后全市各级工会都能看到并报名，内容不能再改。确定开放？")
            found.append(
                action(_("开放报名"), "exchange.open", pk, icon="send", kind="primary", post=True, confirm=words)
            )
        if may(self.actor, "exchange.change", row):
            found.append(action(_("修改"), "exchange.change", pk, icon="edit"))
        if self.now >= row.starts_at and may(self.actor, "exchange.hold", row):
            found.append(action(_("登记签到和小结"), "exchange.hold", pk, icon="checklist", kind="primary"))
        if may(self.actor, "exchange.cancel", row):
            found.append(action(_("取消活动"), "exchange.cancel", pk, icon="x", kind="ghost"))
        return found

    def context(self) -> dict[str, Any]:
        row = self.object
        rows = list(queries.registrations().filter(event=row))
        mine = next((r for r in rows if r.organisation_id == self.actor.at_desk.organisation_id), None)
        is_host = row.owner_id == self.actor.at_desk.organisation_id
        return {
            "is_host": is_host,
            "table": RegistrationTable(rows) if is_host else None,
            "totals": queries.totals(row),
            "mine": mine,
            "may_leave": mine is not None and bool(may(self.actor, "exchange.leave", mine)),
            "may_feedback": mine is not None and bool(may(self.actor, "exchange.feedback", mine)),
            "facts": [
                Fact(_("开始"), cn_datetime(row.starts_at)),
                Fact(_("结束"), cn_datetime(row.ends_at)),
                Fact(_("报名截止"), cn_datetime(row.register_until)),
                Fact(_("名额"), row.capacity, unit=_("人")),
                Fact(_("地点"), row.place or _("线上")),
                Fact(_("主办工会"), row.owner.name),
            ],
        }


class EventChange(OneEvent, FormView):
    policy_action = "exchange.change"
    form_class = forms.EventForm
    title = _("修改交流活动")
    submit_label = _("保存")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form: Any) -> HttpResponse:
        row = events.change_event(actor=self.actor, event=self.object, facts=form.cleaned_data, now=self.now)
        return self.done(_("已保存。"), row.get_absolute_url())


class EventOpen(OneEvent, ActionView):
    policy_action = "exchange.open"

    def perform(self) -> HttpResponse:
        row = events.open_event(actor=self.actor, event=self.object, now=self.now)
        return self.done(_("已开放报名。"), row.get_absolute_url())


class EventCancel(OneEvent, FormView):
    policy_action = "exchange.cancel"
    form_class = forms.ReasonForm
    title = _("取消活动")
    submit_label = _("取消活动")
    intro = _("已报名的单位会看到取消原因；请另行电话通知联系人。")

    def perform(self, form: Any) -> HttpResponse:
        row = events.cancel_event(actor=self.actor, event=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("活动已取消。"), row.get_absolute_url())


class EventRegister(OneEvent, FormView):
    policy_action = "exchange.register"
    form_class = forms.RegisterForm
    title = _("报名交流活动")
    submit_label = _("报名")
    intro = _("名额不够时自动列入候补，有单位退出就按报名先后递补。")

    def get_initial(self) -> dict[str, Any]:
        return {"contact": self.actor.user.name}

    def perform(self, form: Any) -> HttpResponse:
        row = events.register(actor=self.actor, event=self.object, now=self.now, **form.cleaned_data)
        waiting = row.state == PlaceState.WAITING
        words = _("名额已满，已列入候补。") if waiting else _("已报名。")
        return self.done(words, self.object.get_absolute_url())


class EventHold(OneEvent, FormView):
    policy_action = "exchange.hold"
    form_class = forms.HoldForm
    title = _("登记签到和小结")
    submit_label = _("登记")

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = queries.registrations().filter(event=self.object, state=PlaceState.REGISTERED)
        return {"registrations": list(rows)}

    def perform(self, form: Any) -> HttpResponse:
        row = events.hold(
            actor=self.actor, event=self.object, came=form.came, minutes=form.cleaned_data["minutes"], now=self.now
        )
        return self.done(_("已登记，参加单位可以评价。"), row.get_absolute_url())


class OneRegistration:
    view_action = "exchange.view"

    def get_queryset(self) -> Any:
        return queries.registrations()

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("exchange.list"), Crumb(self.object.event.title, self.object.event.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.event.get_absolute_url()

    get_failure_url = get_cancel_url


class RegistrationLeave(OneRegistration, ActionView):
    policy_action = "exchange.leave"

    def perform(self) -> HttpResponse:
        events.leave(actor=self.actor, registration=self.object, now=self.now)
        return self.done(_("已退出。"), self.object.event.get_absolute_url())


class RegistrationFeedback(OneRegistration, FormView):
    policy_action = "exchange.feedback"
    form_class = forms.FeedbackForm
    title = _("评价交流活动")
    submit_label = _("提交评价")

    def perform(self, form: Any) -> HttpResponse:
        events.give_feedback(actor=self.actor, registration=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("感谢评价。"), self.object.event.get_absolute_url())
