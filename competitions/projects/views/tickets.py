"""Problem tickets: list, page, and the steps from the problem to its closing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects import forms, queries
from competitions.projects.domain import tickets
from competitions.projects.enums import TicketState
from competitions.projects.models import TicketEvent
from competitions.projects.tables import TicketFilters, TicketTable
from competitions.projects.views.base import ROOM_TABS, OfOnePart, OfOneProject, list_crumb
from competitions.projects.views.choosing import begin
from portal.core.policies import may
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView, TimelineItem
from portal.web.views import ActionView, DetailView, FormView, ListView, Tabbed


class TicketList(Tabbed, ListView):
    room_tabs = ROOM_TABS
    policy_action = "ticket.view"
    table_class = TicketTable
    filters_class = TicketFilters
    title = _("问题单")
    export_name = _("重点工程问题单")
    saved_views = (
        SavedView(_("未办结"), "unsettled=on"),
        SavedView(_("已逾期"), "overdue=on"),
        SavedView(_("本单位办理或督办"), "mine=on"),
        SavedView(_("已办结"), "state=closed"),
    )

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_queryset(self) -> Any:
        return queries.tickets()

    def page_actions(self) -> list[Action]:
        return [begin("ticket")]


class TicketRaise(OfOneProject, FormView):
    policy_action = "project.raise"
    form_class = forms.TicketForm
    title = _("提出问题")
    submit_label = _("提出问题")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"choices": tickets.responsible_choices(self.object)}

    def get_initial(self) -> dict[str, Any]:
        return {"responsible": str(self.object.reporter_id or self.object.owner_id)}

    def perform(self, form: Any) -> HttpResponse:
        number = self.request.GET.get("visit", "")
        visit = queries.visits().filter(project=self.object, pk=number).first() if number.isdecimal() else None
        ticket = tickets.raise_ticket(
            actor=self.actor, project=self.object, visit=visit, now=self.now, **form.cleaned_data
        )
        message = _("问题单已转%s办理，到期未反馈会自动升级督办。") % ticket.responsible
        return self.done(message, ticket.get_absolute_url())


class OneTicket(OfOnePart):
    view_action = "ticket.view"
    asks_project = False

    def get_queryset(self) -> Any:
        return queries.tickets()

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class TicketDetail(OneTicket, DetailView):
    policy_action = "ticket.view"
    template_name = "competitions/ticket_detail.html"
    context_name = "ticket"

    def page(self) -> PageContext:
        ticket = self.object
        is_closed = ticket.state == TicketState.CLOSED
        possible = (
            ("solve", _("反馈办理结果"), "solve", "send", "primary", ""),
            ("close", _("确认办结"), "confirm", "check", "primary", _("确认问题已经解决，问题单办结。")),
            ("reopen", _("重新办理") if is_closed else _("退回重办"), "confirm", "arrow-back-up", "secondary", ""),
            ("escalate", _("升级督办"), "escalate", "arrow-up", "secondary", ""),
        )
        actions = [
            Action(
                label, reverse(f"competitions:ticket.{name}", kwargs={"pk": ticket.pk}), icon=icon, kind=kind,
                post=bool(confirm), confirm=confirm,
            )
            for name, label, action, icon, kind, confirm in possible
            if may(self.actor, f"ticket.{action}", ticket) and not (is_closed and name == "close")
        ]  # fmt: skip
        return PageContext(title=ticket.title, badge=ticket.badge, crumbs=self.page_crumbs(), actions=actions)

    def context(self) -> dict[str, Any]:
        ticket = self.object
        history = TicketEvent.objects.filter(ticket=ticket).select_related("actor")
        return {
            "facts": [
                Fact(_("编号"), f"{ticket.project.number}-{ticket.number:02d}"),
                Fact(_("类别"), ticket.get_category_display()),
                Fact(_("责任单位"), ticket.responsible.name),
                Fact(_("协调部门"), ticket.department),
                Fact(_("督办工会"), ticket.holder.name),
                Fact(_("提出"), ticket.raised_at),
                Fact(_("具体情况"), ticket.text, wide=True),
                Fact(_("办理结果"), ticket.solution, wide=True),
            ],
            "files": list(queries.files().filter(ticket=ticket)),
            "history": [
                TimelineItem(row.at, row.title, actor=row.actor or _("系统"), text=row.text) for row in history
            ],
            "is_due": ticket.state == TicketState.OPEN,
        }


class TicketSolve(OneTicket, FormView):
    policy_action = "ticket.solve"
    form_class = forms.SolveForm
    title = _("反馈办理结果")
    submit_label = _("反馈")

    def perform(self, form: Any) -> HttpResponse:
        ticket = tickets.solve_ticket(actor=self.actor, ticket=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已反馈，由%s确认办结。") % ticket.holder, ticket.get_absolute_url())


class TicketClose(OneTicket, ActionView):
    policy_action = "ticket.confirm"

    def perform(self) -> HttpResponse:
        ticket = tickets.close_ticket(actor=self.actor, ticket=self.object, now=self.now)
        return self.done(_("问题单已办结。"), ticket.get_absolute_url())


class TicketReopen(OneTicket, FormView):
    policy_action = "ticket.confirm"
    form_class = forms.ReopenForm
    title = _("退回重办")
    submit_label = _("退回重办")

    def perform(self, form: Any) -> HttpResponse:
        ticket = tickets.reopen_ticket(actor=self.actor, ticket=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回%s重新办理。") % ticket.responsible, ticket.get_absolute_url())


class TicketEscalate(OneTicket, FormView):
    policy_action = "ticket.escalate"
    form_class = forms.EscalateForm
    title = _("升级督办")
    submit_label = _("升级督办")

    def perform(self, form: Any) -> HttpResponse:
        ticket = tickets.escalate_ticket(actor=self.actor, ticket=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已升级，由%s督办。") % ticket.holder, ticket.get_absolute_url())
