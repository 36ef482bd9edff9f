"""Reference data: the holiday table and the code lists."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.domain.holidays import remove_holiday, set_holiday
from portal.accounts.forms.members import HolidayForm
from portal.accounts.models import CodeList, Holiday
from portal.accounts.queries.codes import code_list
from portal.accounts.tables import HolidayFilters, HolidayTable
from portal.core.dates import LIBRARY_YEARS
from portal.web.ui import Action, Crumb
from portal.web.views import ActionView, FormView, ListView, PageView


class HolidayList(ListView):
    policy_action = "reference.view"
    table_class = HolidayTable
    filters_class = HolidayFilters
    template_name = "accounts/holiday_list.html"
    title = _("节假日与调休")
    export_name = _("节假日与调休")

    def get_queryset(self) -> QuerySet[Holiday]:
        return Holiday.objects.all()

    def context(self) -> dict[str, Any]:
        return {"known": (LIBRARY_YEARS[0], LIBRARY_YEARS[-1])}

    def page_actions(self) -> list[Action]:
        url = reverse("accounts:holiday.create")
        return [Action(_("登记一天"), url, icon="plus", kind="primary", policy_action="reference.holidays")]


class HolidayMixin:
    policy_action = "reference.holidays"
    view_action = "reference.view"

    def get_queryset(self) -> QuerySet[Holiday]:
        return Holiday.objects.all()

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_t("节假日与调休"), reverse("accounts:holiday.list"))]

    def get_cancel_url(self) -> str:
        return reverse("accounts:holiday.list")

    get_failure_url = get_cancel_url


class HolidayCreate(HolidayMixin, FormView):
    form_class = HolidayForm
    title = _("登记节假日或调休")

    def perform(self, form: HolidayForm) -> HttpResponse:
        row = set_holiday(actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_t("已登记%(day)s。") % {"day": row.day}, reverse("accounts:holiday.list"))


class HolidayChange(HolidayMixin, FormView):
    form_class = HolidayForm
    title = _("修改节假日或调休")

    def page_actions(self) -> list[Action]:
        url = reverse("accounts:holiday.delete", kwargs={"pk": self.object.pk})
        return [Action(_("删除"), url, icon="trash", kind="danger", post=True, confirm=_("确定删除这一天？"))]

    def get_initial(self) -> dict[str, Any]:
        return {
            "day": self.object.day,
            "name": self.object.name,
            "is_workday": "yes" if self.object.is_workday else "no",
        }

    def perform(self, form: HolidayForm) -> HttpResponse:
        row = set_holiday(actor=self.actor, holiday=self.object, now=self.now, **form.cleaned_data)
        return self.done(_t("%(day)s已更新。") % {"day": row.day}, reverse("accounts:holiday.list"))


class HolidayDelete(HolidayMixin, ActionView):
    def perform(self) -> HttpResponse:
        day = self.object.day
        remove_holiday(actor=self.actor, holiday=self.object, now=self.now)
        return self.done(_t("已删除%(day)s。") % {"day": day}, reverse("accounts:holiday.list"))


class CodeLists(PageView):
    policy_action = "reference.view"
    template_name = "accounts/code_lists.html"
    title = _("代码表")

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(lists=CodeList.choices)


class CodeRows(PageView):
    policy_action = "reference.view"
    template_name = "accounts/code_rows.html"

    def page_title(self) -> Any:
        return CodeList(self.kwargs["name"]).label

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_t("代码表"), reverse("accounts:code.list"))]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.kwargs["name"] not in CodeList.values:
            raise Http404
        return self.render(rows=code_list(self.kwargs["name"]))
