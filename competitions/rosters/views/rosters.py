"""The list of rosters, a roster's page, its teams, and the door for people without a unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from competitions.rosters import filed, forms, qr, queries
from competitions.rosters.domain import rosters
from competitions.rosters.enums import RosterKind
from competitions.rosters.tables import RosterFilters, RosterTable
from competitions.rosters.views.base import OfOneRoster, OfRosterPart, list_crumb, url
from portal.accounts.enums import UNIT_LEVELS
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Badge, Crumb, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FormView, ListView


class RosterList(ListView):
    policy_action = "roster.view"
    table_class = RosterTable
    filters_class = RosterFilters
    title = _("参赛名单")
    subtitle = _("参赛单位登记班组和职工，职工本人同意后计入参与率和参与人次。")
    export_name = _("参赛名单")
    saved_views = (
        SavedView(_("本单位"), "mine=on"),
        SavedView(_("有人待同意"), "waiting=on"),
        SavedView(_("有人待接收"), "applied=on"),
    )

    def get_queryset(self) -> Any:
        return queries.rosters()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "roster.open"):
            return []
        return [
            Action(_("导入记录"), url("roster_import.list"), icon="history"),
            Action(_("建立名单"), url("roster.open"), icon="plus", kind="primary"),
        ]


class RosterOpen(FormView):
    policy_action = "roster.open"
    form_class = forms.OpenForm
    title = _("建立参赛名单")
    submit_label = _("建立名单")
    intro = _("一个单位参加一项竞赛建一份名单。建好后可以逐人登记，也可以导入表格。")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    @cached_property
    def organisation(self) -> Organisation:
        return Organisation.objects.get(pk=self.actor.at_desk.organisation_id)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "filings": filed.open_to(self.actor.path),
            "employers": queries.employers_of(self.organisation.pk),
            "group_only": self.organisation.level not in UNIT_LEVELS,
        }

    def get_initial(self) -> dict[str, Any]:
        return {"filing": self.request.GET.get("filing", ""), "contact": self.actor.user.name}

    def perform(self, form: Any) -> HttpResponse:
        data = {"employer": None} | form.cleaned_data
        roster = rosters.open_roster(actor=self.actor, organisation=self.organisation, now=self.now, **data)
        return self.done(_("名单已建立。下一步：登记职工，或导入名单。"), roster.get_absolute_url())


class RosterDetail(OfOneRoster, DetailView):
    policy_action = "roster.view"
    template_name = "competitions/roster_detail.html"
    context_name = "roster"

    def get_queryset(self) -> Any:
        return queries.rosters()

    def page(self) -> PageContext:
        roster = self.object
        return PageContext(
            title=roster.filing.title, subtitle=f"{roster.who} · {roster.filing.year}年", crumbs=[list_crumb()],
            badge=None if roster.filing.is_open else Badge(_("竞赛已结束"), "neutral"), actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        roster = self.object
        if not may(self.actor, "roster.change", roster):
            return []
        more = []
        if roster.filing.is_open:
            more = [
                Action(_("登记职工"), url("participation.add", pk=roster.pk), icon="user-plus", kind="primary"),
                Action(_("导入名单"), url("roster_import.create", pk=roster.pk), icon="file-upload"),
            ]
        return [*more, Action(_("修改联系人"), url("roster.edit", pk=roster.pk), icon="edit", kind="ghost")]

    def context(self) -> dict[str, Any]:
        roster = self.object
        mine = bool(may(self.actor, "roster.change", roster))
        is_open = bool(roster.door_until and roster.door_until >= local_date(self.now))
        return {
            "people_url": url("participation.list", pk=roster.pk),
            "mine": mine,
            "teams": queries.teams(roster),
            "batches": queries.consent_batches().filter(roster=roster)[:20],
            "uploads": queries.imports().filter(roster=roster)[:5] if mine else [],
            "is_group": roster.kind == RosterKind.GROUP,
            "door_is_open": is_open,
            "facts": [
                Fact(_("主办工会"), roster.filing.owner.name),
                Fact(_("登记单位"), roster.organisation.name),
                Fact(_("名单类型"), roster.get_kind_display()),
                Fact(_("竞赛时间"), self._term()),
                Fact(_("联系人"), roster.contact or "—"),
                Fact(_("联系电话"), roster.contact_phone or "—"),
            ],
        }

    def _term(self) -> str:
        first, last = self.object.filing.starts_on, self.object.filing.ends_on
        return f"{cn_date(first)}至{cn_date(last)}" if first and last else "—"


class RosterEdit(OfOneRoster, FormView):
    policy_action = "roster.change"
    form_class = forms.ContactForm
    title = _("修改联系人")

    def get_initial(self) -> dict[str, Any]:
        return {"contact": self.object.contact, "contact_phone": self.object.contact_phone}

    def perform(self, form: Any) -> HttpResponse:
        rosters.change_roster(actor=self.actor, roster=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("联系人已修改，告知书同时更新。"), self.object.get_absolute_url())


class TeamAdd(OfOneRoster, FormView):
    policy_action = "roster.change"
    form_class = forms.TeamForm
    title = _("增加班组（队）")
    submit_label = _("增加")

    def perform(self, form: Any) -> HttpResponse:
        team = rosters.save_team(actor=self.actor, roster=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("“%s”已增加。") % team.name, self.object.get_absolute_url())


class TeamEdit(OfRosterPart, FormView):
    policy_action = "roster.change"
    form_class = forms.TeamForm
    title = _("修改班组（队）")

    def get_queryset(self) -> Any:
        return queries.all_teams()

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name, "kind": self.object.kind}

    def perform(self, form: Any) -> HttpResponse:
        team = self.object
        rosters.save_team(actor=self.actor, roster=team.roster, team=team, now=self.now, **form.cleaned_data)
        return self.done(_("班组已修改。"), team.roster.get_absolute_url())


class TeamRemove(OfRosterPart, ActionView):
    policy_action = "roster.change"

    def get_queryset(self) -> Any:
        return queries.all_teams()

    def perform(self) -> HttpResponse:
        roster = rosters.remove_team(actor=self.actor, team=self.object, now=self.now)
        return self.done(_("班组已删除。"), roster.get_absolute_url())


class DoorOpen(OfOneRoster, FormView):
    """扫码登记: for groups without a fixed unit, and for units whose people enter themselves."""

    policy_action = "roster.door"
    form_class = forms.DoorForm
    title = _("开放扫码登记")
    submit_label = _("开放")
    intro = _(
        "职工扫码填写姓名、证件号码和职业并同意后，出现在“待接收”里，由本工会核对接收。重新开放会换新的二维码，旧码作废。"
    )

    def get_initial(self) -> dict[str, Any]:
        return {"until": local_date(self.now) + dt.timedelta(days=30)}

    def perform(self, form: Any) -> HttpResponse:
        until = form.cleaned_data["until"]
        rosters.open_door(actor=self.actor, roster=self.object, until=until, now=self.now)
        return self.done(_("扫码登记已开放，请打印二维码张贴。"), url("roster.door", pk=self.object.pk))


class DoorClose(OfOneRoster, ActionView):
    policy_action = "roster.door"

    def perform(self) -> HttpResponse:
        rosters.close_door(actor=self.actor, roster=self.object, now=self.now)
        return self.done(_("扫码登记已关闭，原二维码作废。"), self.object.get_absolute_url())


class DoorSheet(OfOneRoster, DetailView):
    """The QR code to hang up."""

    policy_action = "roster.door"
    layout = "print"
    template_name = "competitions/roster_door.html"
    context_name = "roster"
    title = _("扫码登记")

    def context(self) -> dict[str, Any]:
        roster = self.object
        if not roster.door_token:
            return {"picture": "", "address": ""}
        address = self.request.build_absolute_uri(url("public.enlist", token=roster.door_token))
        return {"picture": qr.picture(address, scale=8), "address": address}
