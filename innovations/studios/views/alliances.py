"""工作室联盟."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from innovations.studios import forms, queries
from innovations.studios.domain import alliances
from innovations.studios.tables import AllianceFilters, AllianceTable
from innovations.studios.views.base import ROOM, allowed, home_crumb, own_union, url
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import ActionView, DetailView, FormView, ListView, Tabbed

FACTS = ("name", "direction", "founded_on", "charter")


class AllianceList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "alliance.view"
    table_class = AllianceTable
    filters_class = AllianceFilters
    title = _("工作室联盟")
    export_name = _("工作室联盟")

    def get_queryset(self) -> Any:
        return queries.alliances()

    def page_actions(self) -> list[Action]:
        button = Action(_("成立联盟"), url("alliance.add"), icon="plus", kind="primary")
        return allowed(self.actor, None, ("alliance.found", button))


class AllianceAdd(FormView):
    policy_action = "alliance.found"
    form_class = forms.AllianceForm
    title = _("成立联盟")
    submit_label = _("成立")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("联盟"), url("alliance.list"))]

    def get_initial(self) -> dict[str, Any]:
        return {"founded_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        row = alliances.found(actor=self.actor, owner=own_union(self.actor), facts=form.cleaned_data, now=self.now)
        return self.done(_("已成立。下一步：请工作室加入。"), row.get_absolute_url())


class OneAlliance:
    view_action = "alliance.view"
    context_name = "alliance"

    def get_queryset(self) -> Any:
        return queries.alliances()

    def page_crumbs(self) -> list[Crumb]:
        row = self.object
        return [home_crumb(), Crumb(_("联盟"), url("alliance.list")), Crumb(row.name, row.get_absolute_url())]


class AllianceDetail(OneAlliance, DetailView):
    policy_action = "alliance.view"
    template_name = "innovations/alliance_detail.html"

    def page(self) -> PageContext:
        row, pk = self.object, self.object.pk
        actions = allowed(
            self.actor, row,
            ("alliance.keep", Action(_("修改"), url("alliance.change", pk=pk), icon="edit")),
            ("alliance.keep", Action(_("工作室加入"), url("alliance.join", pk=pk), icon="plus", kind="primary")),
        )  # fmt: skip
        return PageContext(title=row.name, subtitle=row.owner.name, crumbs=self.page_crumbs()[:2], actions=actions)

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "facts": [
                Fact(_("共同方向"), row.direction),
                Fact(_("成立日期"), cn_date(row.founded_on)),
                Fact(_("共建约定"), row.charter or "—", wide=True),
            ],
            "members": list(queries.alliance_members(row)),
            "keeps": may(self.actor, "alliance.keep", row),
        }


class AllianceChange(OneAlliance, FormView):
    policy_action = "alliance.keep"
    form_class = forms.AllianceForm
    title = _("修改联盟")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form: Any) -> HttpResponse:
        row = alliances.change(actor=self.actor, alliance=self.object, facts=form.cleaned_data, now=self.now)
        return self.done(_("已修改。"), row.get_absolute_url())


class AllianceJoin(OneAlliance, FormView):
    policy_action = "alliance.keep"
    form_class = forms.JoinForm
    title = _("工作室加入联盟")
    submit_label = _("加入")

    def perform(self, form: Any) -> HttpResponse:
        alliances.join(actor=self.actor, alliance=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已加入。"), self.object.get_absolute_url())


class AllianceLeave(ActionView):
    policy_action = "alliance.keep"
    view_action = "alliance.view"

    def get_queryset(self) -> Any:
        return queries.all_alliance_members()

    def policy_object(self) -> Any:
        return self.object.alliance

    def perform(self) -> HttpResponse:
        alliances.leave(actor=self.actor, member=self.object, now=self.now)
        return self.done(_("已退出，记录保留。"), self.object.get_absolute_url())
