"""People on a roster: the list, one person, and what is done about them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from competitions.rosters import forms, qr, queries
from competitions.rosters.domain import people
from competitions.rosters.enums import Answer, ConsentState, ParticipationState
from competitions.rosters.tables import PeopleFilters, PeopleTable
from competitions.rosters.views.base import BelowRoster, OfOneRoster, list_crumb, roster_crumb, url
from portal.core.policies import may
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView, TimelineItem
from portal.web.views import ActionView, DetailView, FormView, ListView

TONES = {Answer.GIVEN: "ok", Answer.REFUSED: "stopped", Answer.WITHDRAWN: "neutral"}


class PeopleList(BelowRoster, ListView):
    """The roster's people; the workbook exported from here has masked numbers too."""

    policy_action = "roster.view"
    table_class = PeopleTable
    filters_class = PeopleFilters
    title = _("参赛人员")
    export_name = _("参赛人员")
    saved_views = (
        SavedView(_("待同意"), "state=active&consent=pending"),
        SavedView(_("已同意"), "state=active&consent=given"),
        SavedView(_("待接收"), "state=applied"),
    )

    def get_queryset(self) -> Any:
        return queries.people().filter(roster=self.roster)

    def filter_context(self) -> dict[str, Any]:
        return {"teams": list(self.roster.teams.values_list("name", flat=True))}

    def page_actions(self) -> list[Action]:
        if not self.may("change"):
            return []
        sheet = Action(_("打印二维码"), url("roster_consent.sheet", pk=self.roster.pk), icon="qrcode")
        add = Action(_("登记职工"), url("participation.add", pk=self.roster.pk), icon="user-plus", kind="primary")
        return [sheet, add] if self.roster.filing.is_open else [sheet]


class PersonAdd(OfOneRoster, FormView):
    policy_action = "roster.change"
    form_class = forms.PersonForm
    title = _("登记职工")
    submit_label = _("登记")
    intro = _("坚持职工自愿：登记后请职工本人扫码同意，或上传有本人签字的书面同意；没有同意的不计入统计。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"roster": self.object, "now": self.now}

    def perform(self, form: Any) -> HttpResponse:
        row = people.register_person(
            actor=self.actor, roster=self.object, person=form.person, facts=form.facts, team=form.chosen_team,
            now=self.now,
        )  # fmt: skip
        return self.done(_("已登记，等待本人同意。请把下面的二维码给职工本人。"), row.get_absolute_url())


class OfOnePerson:
    """Views on one participation."""

    view_action = "participation.view"
    context_name = "person"

    def get_queryset(self) -> Any:
        return queries.everybody()

    def page_crumbs(self) -> list[Crumb]:
        row = self.object
        everybody = Crumb(_("参赛人员"), url("participation.list", pk=row.roster_id))
        return [list_crumb(), roster_crumb(row.roster), everybody]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class PersonDetail(OfOnePerson, DetailView):
    policy_action = "participation.view"
    template_name = "competitions/participation_detail.html"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.name, subtitle=row.roster.filing.title, badge=row.badge, crumbs=self.page_crumbs(),
            actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        row = self.object
        possible = (
            ("accept", "accept", _("接收"), "check", "primary", _("接收后计入本名单的参赛人员。")),
            ("reject", "accept", _("不接收"), "x", "secondary", ""),
            ("change", "change", _("修改"), "edit", "secondary", ""),
            ("remove", "remove", _("移出名单"), "user-minus", "secondary", ""),
        )
        return [
            Action(
                label, url(f"participation.{name}", pk=row.pk), icon=icon, kind=kind, post=bool(confirm),
                confirm=confirm,
            )
            for name, action, label, icon, kind, confirm in possible
            if may(self.actor, f"participation.{action}", row)
        ]  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        words = PeopleTable([]).export_flags(row, None)
        facts = [
            Fact(_("证件"), f"{row.worker.get_id_kind_display()} {row.masked_id}" if row.worker_id else "—"),
            Fact(_("班组（队）"), row.team.name if row.team_id else "—"),
            Fact(_("工种或岗位"), row.trade or "—"),
            Fact(_("身份"), row.get_duty_display()),
            Fact(_("分类"), words or "—"),
            Fact(_("登记方式"), f"{row.get_source_display()}，{cn_datetime(row.registered_at)}"),
        ]
        if row.street:
            facts.append(Fact(_("所在街道、乡镇"), row.street))
        keeps = row.is_living and bool(may(self.actor, "participation.change", row))
        waits = keeps and row.state == ParticipationState.ACTIVE and row.consent == ConsentState.PENDING
        address = self.request.build_absolute_uri(url("public.taking_part", token=row.token)) if keeps else ""
        return {
            "facts": facts,
            "address": address,
            "picture": qr.picture(address) if address else "",
            "waits": waits,
            "answers": [_answer(found) for found in row.consents.select_related("text", "recorded_by", "batch")],
        }


def _answer(found: Any) -> TimelineItem:
    return TimelineItem(
        found.at, found.get_answer_display(), actor=str(found.recorded_by or _("本人")), tone=TONES[found.answer],
        text=f"{found.get_means_display()} · {found.text}",
    )  # fmt: skip


class PersonChange(OfOnePerson, FormView):
    policy_action = "participation.change"
    form_class = forms.FactsForm
    title = _("修改参赛人员")
    intro = _("姓名和证件号码不能修改；登记错人请移出名单后重新登记。")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"roster": self.object.roster}

    def get_initial(self) -> dict[str, Any]:
        return forms.FactsForm.initial_of(self.object)

    def perform(self, form: Any) -> HttpResponse:
        people.change_person(
            actor=self.actor, participation=self.object, facts=form.facts, team=form.chosen_team, now=self.now
        )
        return self.done(_("已修改。"), self.object.get_absolute_url())


class PersonRemove(OfOnePerson, FormView):
    policy_action = "participation.remove"
    form_class = forms.RemoveForm
    title = _("移出名单")
    submit_label = _("移出并删除个人信息")
    submit_kind = "danger"
    confirm = _("姓名、证件号码等个人信息立即删除，不能恢复。")

    def perform(self, form: Any) -> HttpResponse:
        row, wish = self.object, form.cleaned_data["own_wish"] == "1"
        people.remove_person(actor=self.actor, participation=row, own_wish=wish, now=self.now)
        return self.done(_("已移出名单，个人信息已删除。"), url("participation.list", pk=row.roster_id))


class PersonAccept(OfOnePerson, ActionView):
    policy_action = "participation.accept"

    def perform(self) -> HttpResponse:
        row = people.accept_person(actor=self.actor, participation=self.object, now=self.now)
        waiting = f"{url('participation.list', pk=row.roster_id)}?state=applied"
        return self.done(_("已接收，计入参赛人员。"), waiting)


class PersonReject(OfOnePerson, FormView):
    policy_action = "participation.accept"
    form_class = forms.RejectForm
    title = _("不接收")
    submit_label = _("不接收并删除个人信息")
    submit_kind = "danger"

    def perform(self, form: Any) -> HttpResponse:
        row, reason = self.object, form.cleaned_data["reason"]
        people.reject_person(actor=self.actor, participation=row, reason=reason, now=self.now)
        return self.done(_("没有接收，个人信息已删除。"), url("participation.list", pk=row.roster_id))
