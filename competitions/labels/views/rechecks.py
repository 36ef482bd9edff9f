"""年度复查: campaigns, self-checks, reviews."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.labels import forms, queries
from competitions.labels.domain import rechecks
from competitions.labels.enums import LabelStatus, Met, RecheckStatus, Step
from competitions.labels.tables import CampaignFilters, CampaignTable, HolderTable, RecheckFilters, RecheckTable
from competitions.labels.views.base import ROOM, allowed, home_crumb, own_union, url
from portal.core.dates import closing_time, local_date
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Badge, Crumb, Fact, PageContext, SavedView, TimelineItem
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed

TONE_OF_MET = {Met.YES: "ok", Met.PARTLY: "waiting", Met.NO: "stopped"}
TONE_OF_STEP = {Step.CONFIRMED: "ok", Step.MENDING: "waiting", Step.PROPOSED: "waiting", Step.REMOVED: "stopped"}


class CampaignList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "recheck.view"
    table_class = CampaignTable
    filters_class = CampaignFilters
    title = _("年度复查")
    subtitle = _("由授予称号的工会每年发起；当年授予、已到期和已摘牌的不列入。")
    export_name = _("称号年度复查")
    saved_views = (SavedView(_("本级发起"), "mine=on"), SavedView(_("有逾期的"), "late=on"))

    def get_queryset(self) -> Any:
        return queries.campaigns(local_date(self.now))

    def page_actions(self) -> list[Action]:
        button = Action(_("发起复查"), url("campaign.open"), icon="plus", kind="primary")
        return allowed(self.actor, None, ("recheck.open", button))


class CampaignOpen(FormView):
    policy_action = "recheck.open"
    form_class = forms.CampaignForm
    title = _("发起年度复查")
    submit_label = _("发起")
    intro = _("本级授予、现有效、今年以前授予的这项称号全部列入，持有单位会在工作台收到自查任务。")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("年度复查"), url("campaign.list"))]

    def perform(self, form: Any) -> HttpResponse:
        campaign = rechecks.open_campaign(
            actor=self.actor, owner=own_union(self.actor), now=self.now, **form.cleaned_data
        )
        return self.done(_("已发起，持有单位已收到自查任务。"), campaign.get_absolute_url())


class OneCampaign:
    view_action = "recheck.view"
    context_name = "campaign"

    def get_queryset(self) -> Any:
        return queries.campaigns(local_date(self.now))

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("年度复查"), url("campaign.list"))]


class CampaignDetail(OneCampaign, DetailView):
    policy_action = "recheck.view"
    template_name = "competitions/campaign_detail.html"

    def page(self) -> PageContext:
        row, actions = self.object, []
        if row.overdue and may(self.actor, "recheck.open", row):
            remind = url("campaign.remind", pk=row.pk)
            words = _t("将催办%d个逾期的持有单位，一天内不重复。") % row.overdue
            actions.append(Action(_("催办逾期"), remind, icon="bell", kind="primary", post=True, confirm=words))
        return PageContext(title=str(row), subtitle=row.owner.name, crumbs=self.page_crumbs(), actions=actions)

    def context(self) -> dict[str, Any]:
        row = self.object
        rows = queries.rechecks().filter(campaign=row).order_by("status", "due_on", "pk")[:500]
        return {"table": HolderTable(list(rows), actor=self.actor), "due_at": closing_time(row.due_on)}


class CampaignRemind(OneCampaign, ActionView):
    policy_action = "recheck.open"

    def perform(self) -> HttpResponse:
        count = rechecks.remind(actor=self.actor, campaign=self.object, now=self.now)
        return self.done(_t("已催办%d个单位。") % count, self.object.get_absolute_url())


class RecheckList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "recheck.view"
    table_class = RecheckTable
    filters_class = RecheckFilters
    title = _("复查明细")
    export_name = _("称号复查明细")
    saved_views = (
        SavedView(_("本单位待报"), "to_file=on"),
        SavedView(_("待审核"), "status=filed"),
        SavedView(_("逾期未报"), "overdue=on"),
    )

    def get_queryset(self) -> Any:
        return queries.rechecks()


class OneRecheck:
    view_action = "recheck.view"
    context_name = "recheck"

    def get_queryset(self) -> Any:
        return queries.rechecks()

    def page_crumbs(self) -> list[Crumb]:
        row = self.object
        crumbs = [home_crumb(), Crumb(_("复查明细"), url("recheck.list"))]
        return [*crumbs, Crumb(row.label.team.name, row.get_absolute_url())]


class RecheckDetail(OneRecheck, DetailView):
    policy_action = "recheck.view"
    template_name = "competitions/recheck_detail.html"

    def page(self) -> PageContext:
        row, pk = self.object, self.object.pk
        actions = allowed(
            self.actor, row,
            ("recheck.file", Action(_("填写并报送自查"), url("recheck.file", pk=pk), icon="send", kind="primary")),
            ("recheck.review", Action(_("要求整改"), url("recheck.mend", pk=pk), icon="tool")),
            ("recheck.review", Action(_("确认合格"), url("recheck.confirm", pk=pk), icon="check", kind="primary")),
        )  # fmt: skip
        if not row.has_ended and row.label.status == LabelStatus.VALID:
            propose = Action(_("提出摘牌"), url("teamlabel.propose", pk=row.label_id), kind="ghost")
            actions = [*allowed(self.actor, row.label, ("teamlabel.propose", propose)), *actions]
        return PageContext(
            title=_t("%(team)s　%(kind)s复查") % {"team": row.label.team.name, "kind": row.label.title},
            subtitle=str(row.campaign), badge=row.badge, crumbs=self.page_crumbs()[:2], actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "facts": [
                Fact(_("所在单位"), row.label.team.unit_name),
                Fact(_("组织单位"), row.campaign.owner.name),
                Fact(_("授予文号"), row.label.basis_number),
                Fact(_("截止"), cn_date(row.due_on)),
                Fact(_("要求"), row.campaign.words or "—", wide=True),
            ],
            "is_open": row.status in {RecheckStatus.WAITING, RecheckStatus.MENDING},
            "due_at": closing_time(row.due_on),
            "criteria": [self._line(c) for c in row.campaign.criteria],
            "files": queries.files(row),
            "steps": [
                TimelineItem(s.at, s.get_step_display(), actor=s.by or "", text=s.words,
                             tone=TONE_OF_STEP.get(Step(s.step), "neutral"))
                for s in queries.steps(row)
            ],
        }  # fmt: skip

    def _line(self, criterion: dict[str, Any]) -> dict[str, Any]:
        answer = self.object.answers.get(criterion["code"], {})
        met = answer.get("met")
        badge = Badge(Met(met).label, TONE_OF_MET[Met(met)]) if met else None
        return {"text": criterion["text"], "veto": criterion["veto"], "badge": badge, "words": answer.get("words", "")}


class RecheckFileView(OneRecheck, FormView):
    """The unit's self-check."""

    policy_action = "recheck.file"
    form_class = forms.SelfCheckForm
    title = _("填写自查")
    submit_label = _("报送")
    confirm = _("报送后不能修改，等待上级审核。")

    @property
    def intro(self) -> Any:
        return self.object.campaign.words

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"criteria": self.object.campaign.criteria, "answers": self.object.answers}

    def get_form(self) -> Any:
        form = super().get_form()
        if not form.is_bound:
            form.fields["words"].initial = self.object.words
        return form

    def perform(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        row = rechecks.file_self_check(
            actor=self.actor, recheck=self.object, answers=form.answers, words=data["words"], files=data["files"],
            now=self.now,
        )  # fmt: skip
        return self.done(_("已报送，等待上级审核。"), row.get_absolute_url())


class RecheckConfirm(OneRecheck, FormView):
    policy_action = "recheck.review"
    form_class = forms.ConfirmForm
    title = _("确认复查合格")
    submit_label = _("确认合格")

    def perform(self, form: Any) -> HttpResponse:
        row = rechecks.confirm(actor=self.actor, recheck=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已确认合格，称号继续有效。"), row.get_absolute_url())


class RecheckMend(OneRecheck, FormView):
    policy_action = "recheck.review"
    form_class = forms.MendForm
    title = _("要求整改")
    submit_label = _("退回整改")

    def perform(self, form: Any) -> HttpResponse:
        row = rechecks.ask_mending(actor=self.actor, recheck=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回整改，单位会在工作台看到要求和期限。"), row.get_absolute_url())


class RecheckEvidence(FileDownloadView):
    policy_action = "recheck.view"
    inline = True

    def get_queryset(self) -> Any:
        return queries.all_files()

    def policy_object(self) -> Any:
        return self.object.recheck

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type
