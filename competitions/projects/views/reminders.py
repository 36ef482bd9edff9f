"""催报、催办: chosen in the list, read on the next page, then sent."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.projects import forms, queries
from competitions.projects.domain.reminders import remind_reports, remind_tickets
from competitions.projects.views.base import list_crumb
from portal.core.errors import DomainError
from portal.web.ui import Crumb
from portal.web.views import BulkActionView


class _Remind(BulkActionView):
    abstract = True
    list_name = ""

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def back_url(self) -> str:
        return reverse(self.list_name)

    def send(self, objects: list[Any], words: str) -> tuple[int, int]:
        raise NotImplementedError

    def perform(self, objects: list[Any], data: dict[str, Any]) -> HttpResponse:
        try:
            named, passed = self.send(objects, data["words"])
        except DomainError as error:
            return self.fail(error.message, self.back_url())
        words = _t("已发出，共%s项。") % named
        return self.done(
            words + (_t("%s项没有逾期或今天已经催过，没有再催。") % passed if passed else ""), self.back_url()
        )


class RemindReports(_Remind):
    policy_action = "period.remind"
    label = _("催报工程进展")
    form_class = forms.RemindReportsForm
    list_name = "competitions:period.list"

    def get_queryset(self) -> Any:
        return queries.periods()

    def row_title(self, obj: Any) -> str:
        return f"{obj}（{obj.project.reporter.label if obj.project.reporter else obj.project.owner.label}）"

    def send(self, objects: list[Any], words: str) -> tuple[int, int]:
        return remind_reports(actor=self.actor, periods=objects, words=words, now=self.now)


class RemindTickets(_Remind):
    policy_action = "ticket.remind"
    label = _("催办问题单")
    form_class = forms.RemindTicketsForm
    list_name = "competitions:ticket.list"

    def get_queryset(self) -> Any:
        return queries.tickets()

    def row_title(self, obj: Any) -> str:
        return f"{obj}（{obj.responsible.label}）"

    def send(self, objects: list[Any], words: str) -> tuple[int, int]:
        return remind_tickets(actor=self.actor, tickets=objects, words=words, now=self.now)
