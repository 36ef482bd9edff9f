"""Suggestions and proposals for the instant honour."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.green import forms, overview, queries
from competitions.green.domain import suggestions
from competitions.green.enums import SuggestionState
from competitions.green.models import BenchmarkSubject
from competitions.green.tables import ProposalFilters, ProposalTable, SuggestionFilters, SuggestionTable
from competitions.green.views.base import InRoom, OfSuggestion, url_of
from portal.core.policies import may
from portal.web.ui import Action, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FormView, ListView


class SuggestionList(InRoom, ListView):
    policy_action = "green.view"
    table_class = SuggestionTable
    filters_class = SuggestionFilters
    template_name = "competitions/green_suggestions.html"
    title = _("节能建议")
    export_name = _("节能降碳建议")
    tab = "green.suggestions"
    saved_views = (
        SavedView(_("待核节能量"), "state=claimed"),
        SavedView(_("已核定"), "state=verified"),
        SavedView(_("退回补充"), "state=returned"),
    )

    def get_queryset(self) -> Any:
        return queries.suggestions()

    def context(self) -> dict[str, Any]:
        shown = self.rows(self.get_filters()).order_by()
        figures = {name: Sum(name) for name in ("estimated_tce", "verified_tce", "verified_co2", "verified_yuan")}
        return {"sums": shown.aggregate(**figures)}

    def page_actions(self) -> list[Action]:
        add = Action(_("提出建议"), reverse("competitions:green.suggestion_add"), icon="bulb", kind="primary")
        return [add] if may(self.actor, "green.suggest") else []


class SuggestionAdd(FormView):
    policy_action = "green.suggest"
    form_class = forms.SuggestionForm
    title = _("提出节能建议")
    submit_label = _("提出建议")
    page_crumbs = OfSuggestion.page_crumbs

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"subjects": list(BenchmarkSubject.objects.filter(organisation__path=self.actor.path))}

    def perform(self, form: Any) -> HttpResponse:
        row = suggestions.suggest(actor=self.actor, facts=form.facts, now=self.now, **form.figures)
        return self.done(_("已提出，编号%s。实施后请申报实际节能量。") % row.number, row.get_absolute_url())


class SuggestionDetail(OfSuggestion, DetailView):
    policy_action = "green.view"
    template_name = "competitions/green_suggestion.html"
    context_name = "suggestion"

    def page(self) -> PageContext:
        row = self.object
        sure = _("核定后计入本年度节能量。")
        possible = (
            ("claim", _("申报实际节能量"), "claim", "send", "primary", ""),
            ("decline", _("不采纳"), "claim", "x", "secondary", ""),
            ("verify", _("核定节能量"), "verify", "check", "primary", sure),
            ("claim_return", _("退回补充"), "verify", "arrow-back-up", "secondary", ""),
            ("propose", _("建议即时授予"), "propose", "award", "primary", ""),
        )
        actions = [
            Action(label, url_of(row, name), icon=icon, kind=kind, post=bool(confirm), confirm=confirm)
            for name, label, action, icon, kind, confirm in possible
            if may(self.actor, f"green.{action}", row) and not (name == "propose" and row.proposed)
        ]
        return PageContext(title=row.title, badge=row.badge, crumbs=self.page_crumbs(), actions=actions)

    def context(self) -> dict[str, Any]:
        row = self.object
        what, estimate, verified = overview.suggestion_facts(row)
        return {
            "facts": what,
            "estimate": estimate,
            "verified": verified if row.verified_tce is not None else None,
            "is_verified": row.state == SuggestionState.VERIFIED,
            "files": list(queries.files().filter(suggestion=row)),
            "proposals": [
                (p, bool(may(self.actor, "green.propose", p)), bool(may(self.actor, "green.draft", p)))
                for p in queries.proposals().filter(suggestion=row)
            ],
        }


class SuggestionClaim(OfSuggestion, FormView):
    policy_action = "green.claim"
    form_class = forms.ClaimForm
    title = _("申报实际节能量")
    submit_label = _("申报")

    def get_initial(self) -> dict[str, Any]:
        row = self.object
        kind = "verified" if row.verified_tce is not None else "estimated"
        figures = {name: getattr(row, f"{kind}_{name}") for name in ("kwh", "other", "yuan")}
        return figures | {"verifier": row.verifier, "done_on": row.done_on}

    def perform(self, form: Any) -> HttpResponse:
        row = suggestions.claim(actor=self.actor, suggestion=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已申报，等待上级工会核定。"), row.get_absolute_url())


class SuggestionVerify(OfSuggestion, ActionView):
    policy_action = "green.verify"

    def perform(self) -> HttpResponse:
        row = suggestions.verify(actor=self.actor, suggestion=self.object, now=self.now)
        return self.done(_("节能量已核定；成效突出的可以建议即时授予。"), row.get_absolute_url())


class ClaimReturn(OfSuggestion, FormView):
    policy_action = "green.verify"
    form_class = forms.ReasonForm
    title = _("退回补充")
    submit_label = _("退回补充")

    def perform(self, form: Any) -> HttpResponse:
        row = suggestions.return_claim(actor=self.actor, suggestion=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，单位会看到原因。"), row.get_absolute_url())


class SuggestionDecline(OfSuggestion, FormView):
    policy_action = "green.claim"
    form_class = forms.ReasonForm
    title = _("不采纳建议")
    submit_label = _("不采纳")

    def perform(self, form: Any) -> HttpResponse:
        row = suggestions.decline(actor=self.actor, suggestion=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已登记为未采纳，并写明理由。"), row.get_absolute_url())


class SuggestionPropose(OfSuggestion, FormView):
    policy_action = "green.propose"
    form_class = forms.ProposeForm
    title = _("建议即时授予")
    submit_label = _("提出建议")

    def perform(self, form: Any) -> HttpResponse:
        row = suggestions.propose(actor=self.actor, suggestion=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已提出，由%s起草推荐材料，走即时授予程序。") % row.organisation, row.get_absolute_url())


class ProposalList(InRoom, ListView):
    policy_action = "green.view"
    table_class = ProposalTable
    filters_class = ProposalFilters
    title = _("即时授予建议")
    subtitle = _("成效突出的班组和个人，由单位据此起草“天津市五一劳动奖即时授予”推荐。")
    export_name = _("即时授予建议")
    tab = "green.proposals"
    saved_views = (SavedView(_("待单位起草"), "undrafted=on"),)

    def get_queryset(self) -> Any:
        return queries.proposals()


class OfProposal:
    view_action = "green.view"

    def get_queryset(self) -> Any:
        return queries.proposals()


class ProposalWithdraw(OfProposal, ActionView):
    policy_action = "green.propose"

    def perform(self) -> HttpResponse:
        row = suggestions.withdraw_proposal(actor=self.actor, proposal=self.object, now=self.now)
        return self.done(_("已撤回。"), row.get_absolute_url())


class ProposalDraft(OfProposal, ActionView):
    policy_action = "green.draft"

    def perform(self) -> HttpResponse:
        entry = suggestions.draft_entry(actor=self.actor, proposal=self.object, now=self.now)
        return self.done(_("推荐材料已起草，核定的节能数据已经填入，请补充其余内容后提交。"), entry.get_absolute_url())
