"""Open days and the bookings of visits."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.exchange import forms, queries
from competitions.exchange.domain import events
from competitions.exchange.enums import BookingState
from competitions.exchange.tables import OpenDayFilters, OpenDayTable
from competitions.exchange.views.base import TABS, action, crumb
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FormView, ListView, Tabbed

LIVING = (BookingState.ASKED, BookingState.ACCEPTED, BookingState.DONE)


class OpenDayList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "openday.view"
    table_class = OpenDayTable
    filters_class = OpenDayFilters
    title = _("参观预约")
    subtitle = _("先进典型开放日：选一个日期预约，对方接受后前往学习。")
    export_name = _("开放日")
    saved_views = (SavedView(_("可预约"), "open=on"), SavedView(_("本单位开放"), "mine=on"))

    def get_queryset(self) -> Any:
        return queries.days()

    def table_context(self) -> dict[str, Any]:
        return {"now": self.now}

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "openday.offer"):
            return []
        return [action(_("开放参观"), "openday.offer", icon="plus", kind="primary")]


class OpenDayOffer(FormView):
    policy_action = "openday.offer"
    form_class = forms.OpenDayForm
    title = _("开放参观")
    submit_label = _("开放预约")
    confirm = _("提交后全市各级工会都能看到并预约。")

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("openday.list")]

    def get_cancel_url(self) -> str:
        return reverse("competitions:openday.list")

    def perform(self, form: Any) -> HttpResponse:
        row = events.offer_day(actor=self.actor, facts=form.cleaned_data, now=self.now)
        return self.done(_("已开放预约，有单位预约会出现在工作台。"), row.get_absolute_url())


class OneDay:
    view_action = "openday.view"

    def get_queryset(self) -> Any:
        return queries.days()

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("openday.list"), Crumb(self.object.topic, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    get_failure_url = get_cancel_url


class OpenDayDetail(OneDay, DetailView):
    policy_action = "openday.view"
    template_name = "competitions/openday_detail.html"
    context_name = "day"

    def page(self) -> PageContext:
        row, pk, found = self.object, self.object.pk, []
        here = self.actor.at_desk.organisation_id
        booked = queries.bookings().filter(day=row, organisation=here, state__in=LIVING).exists()
        ahead = row.on > local_date(self.now)
        if ahead and not booked and may(self.actor, "openday.book", row):
            found.append(action(_("预约"), "openday.book", pk, icon="calendar-plus", kind="primary"))
        if ahead and may(self.actor, "openday.close", row):
            words = _("关闭后不再接受新的预约，已接受的不变。确定关闭？")
            found.append(action(_("关闭预约"), "openday.close", pk, kind="ghost", post=True, confirm=words))
        return PageContext(
            title=row.topic, subtitle=f"{cn_date(row.on)} · {row.owner.name}", crumbs=[crumb("openday.list")],
            actions=found,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        rows = list(queries.bookings().filter(day=row))
        for found in rows:
            found.may_answer = bool(may(self.actor, "openday.answer", found))
            found.may_record = bool(may(self.actor, "openday.record", found)) and row.on <= local_date(self.now)
            found.may_cancel = bool(may(self.actor, "openday.cancel", found))
        return {
            "rows": rows,
            "facts": [
                Fact(_("日期"), cn_date(row.on)),
                Fact(_("时间"), row.hours),
                Fact(_("地点"), row.place),
                Fact(_("可接待人数"), row.capacity, unit=_("人")),
                Fact(_("参观要求"), row.notes or "—", wide=True),
            ],
        }


class OpenDayClose(OneDay, ActionView):
    policy_action = "openday.close"

    def perform(self) -> HttpResponse:
        row = events.close_day(actor=self.actor, day=self.object, now=self.now)
        return self.done(_("已关闭预约。"), row.get_absolute_url())


class OpenDayBook(OneDay, FormView):
    policy_action = "openday.book"
    form_class = forms.BookForm
    title = _("预约参观")
    submit_label = _("提交预约")

    def get_initial(self) -> dict[str, Any]:
        return {"contact": self.actor.user.name}

    def perform(self, form: Any) -> HttpResponse:
        events.book(actor=self.actor, day=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已提交，等待对方答复。"), self.object.get_absolute_url())


class OneBooking:
    view_action = "openday.view"

    def get_queryset(self) -> Any:
        return queries.bookings()

    def page_crumbs(self) -> list[Crumb]:
        return [crumb("openday.list"), Crumb(self.object.day.topic, self.object.day.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.day.get_absolute_url()

    get_failure_url = get_cancel_url


class BookingAnswer(OneBooking, FormView):
    policy_action = "openday.answer"
    form_class = forms.AnswerForm
    title = _("答复参观预约")
    submit_label = _("答复")

    @property
    def intro(self) -> Any:
        row = self.object
        words = _("%(who)s，%(n)d人，联系人%(c)s。想学：%(why)s")
        return words % {"who": row.organisation.name, "n": row.people, "c": row.contact, "why": row.purpose}

    def perform(self, form: Any) -> HttpResponse:
        events.answer_booking(actor=self.actor, booking=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已答复。"), self.object.day.get_absolute_url())


class BookingRecord(OneBooking, FormView):
    policy_action = "openday.record"
    form_class = forms.RecordForm
    title = _("登记接待情况")
    submit_label = _("登记")

    def get_initial(self) -> dict[str, Any]:
        return {"came": self.object.people}

    def perform(self, form: Any) -> HttpResponse:
        events.record_visit(actor=self.actor, booking=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已登记。"), self.object.day.get_absolute_url())


class BookingCancel(OneBooking, ActionView):
    policy_action = "openday.cancel"

    def perform(self) -> HttpResponse:
        events.cancel_booking(actor=self.actor, booking=self.object, now=self.now)
        return self.done(_("已取消预约。"), self.object.day.get_absolute_url())
