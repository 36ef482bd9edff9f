"""经费账 of a studio."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from innovations.studios import forms, queries
from innovations.studios.balance import balances
from innovations.studios.domain import money
from innovations.studios.tables import MoneyTable
from innovations.studios.views.base import OneRecord, OneStudio, allowed, url
from portal.core.dates import local_date
from portal.core.policies import may
from portal.core.text import safe_file_name
from portal.web.exports import workbook_response
from portal.web.ui import Action, PageContext
from portal.web.views import DetailView, FormView

SHOWN = 300
HEADS = ("日期", "摘要", "科目", "收入（元）", "支出（元）", "余额（元）", "凭证号", "凭证", "说明")


class MoneyList(OneStudio, DetailView):
    policy_action = "studio.view"
    template_name = "innovations/studio_money.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return workbook_response(safe_file_name(f"{self.object.name}经费账"), HEADS, self._cells())
        return super().get(request, *args, **kwargs)

    def page(self) -> PageContext:
        studio = self.object
        enter = Action(_("登记收支"), url("money.add", pk=studio.pk), icon="plus", kind="primary")
        export = Action(_("导出 Excel"), "?export=xlsx", icon="file-spreadsheet", download=True)
        return PageContext(
            title=_("经费账"), subtitle=studio.name, crumbs=self.page_crumbs(),
            actions=[export, *allowed(self.actor, studio, ("studio.keep", enter))],
        )  # fmt: skip

    def _lines(self) -> list[Any]:
        rows = list(queries.money_of(self.object))
        for row, balance in zip(rows, balances([(row.on, row.change) for row in rows]), strict=True):
            row.running = balance
        return rows

    def _cells(self) -> list[list[Any]]:
        return [
            [row.on, row.words, str(row.get_kind_display()), max(row.change, 0) or None, max(-row.change, 0) or None,
             row.running, row.voucher, row.file_name, row.overdraft]
            for row in self._lines()
        ]  # fmt: skip

    def context(self) -> dict[str, Any]:
        rows = self._lines()[::-1][:SHOWN]
        keeps = bool(may(self.actor, "studio.keep", self.object))
        return {
            "money": queries.balance_of(self.object),
            "table": MoneyTable(rows, actor=self.actor, context={"keeps": keeps}),
        }


class MoneyAdd(OneStudio, FormView):
    policy_action = "studio.keep"
    form_class = forms.MoneyForm
    title = _("登记收支")
    submit_label = _("登记")
    confirm = _("登记后不能修改，有误的用冲销更正。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"studio": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"on": local_date(self.now)}

    def get_cancel_url(self) -> str:
        return url("studio.money", pk=self.object.pk)

    @property
    def intro(self) -> Any:
        return _("现在的余额：%s元。") % f"{queries.balance_of(self.object)['balance']:,.2f}"

    def perform(self, form: Any) -> HttpResponse:
        money.enter(
            actor=self.actor, studio=self.object, facts=form.facts, file=form.cleaned_data["file"], now=self.now
        )
        return self.done(_("已登记。"), self.get_cancel_url())


class MoneyReverse(OneRecord, FormView):
    kind = "money"
    policy_action = "studio.keep"
    form_class = forms.ReasonForm
    title = _("冲销")
    submit_label = _("冲销")
    submit_kind = "danger"

    def get_cancel_url(self) -> str:
        return url("studio.money", pk=self.object.studio_id)

    @property
    def intro(self) -> Any:
        row = self.object
        return f"{row.on}　{row.get_kind_display()}　{row.amount:,.2f}元　{row.words}"

    def perform(self, form: Any) -> HttpResponse:
        money.reverse(actor=self.actor, line=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已冲销。"), self.get_cancel_url())
