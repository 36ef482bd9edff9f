"""Marks by form and workbook, ranks, appeals, promotions, honours."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.contests import forms, queries, workbooks
from competitions.contests.domain import marks, promotions, results
from competitions.contests.tables import (
    AppealFilters,
    AppealTable,
    PromotionFilters,
    PromotionTable,
    ResultTable,
)
from competitions.contests.views.base import ROOM, OfContestPart, OfOneContest, contest_or_404, url
from competitions.contests.views.people import OfDelegation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.exports import XLSX
from portal.web.ui import Action, Fact, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed


class ContestResults(OfOneContest, ListView):
    policy_action = "contest.people"
    table_class = ResultTable
    export_name = _("竞赛成绩")

    @cached_property
    def object(self) -> Any:
        return contest_or_404(self.kwargs["pk"])

    def policy_object(self) -> Any:
        return self.object

    def page(self) -> PageContext:
        row = self.object
        return PageContext(title=row.name, subtitle=_("成绩和名次"), badge=row.badge, crumbs=self.page_crumbs(),
                           tabs=self.contest_tabs())  # fmt: skip

    def get_queryset(self) -> Any:
        return queries.results().filter(contest=self.object)


class OfPart(OfContestPart):
    policy_action = "contest.manage"

    def get_queryset(self) -> Any:
        return queries.parts()


class PartMarks(OfPart, FormView):
    form_class = forms.MarksForm
    submit_label = _("登记成绩")

    def page_title(self) -> Any:
        return _t("登记%s成绩") % self.object.title

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"people": list(queries.drawn(self.contest)), "there": queries.marks(self.object)}

    def perform(self, form: Any) -> HttpResponse:
        marks.enter_marks(actor=self.actor, part=self.object, marks=form.marks, now=self.now)
        return self.done(_("成绩已登记，请另一人复核。"), self.contest.get_absolute_url())


class PartConfirm(OfPart, ActionView):
    def perform(self) -> HttpResponse:
        marks.confirm_part(actor=self.actor, part=self.object, now=self.now)
        return self.done(_("成绩已复核。"), self.contest.get_absolute_url())


class PartReopen(OfPart, FormView):
    form_class = forms.ReasonForm
    title = _("退回成绩")
    submit_label = _("退回")

    def perform(self, form: Any) -> HttpResponse:
        marks.reopen_part(actor=self.actor, part=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已退回，可以重新登记。"), self.contest.get_absolute_url())


class AppealAdd(OfDelegation, FormView):
    policy_action = "delegation.appeal"
    form_class = forms.AppealForm
    title = _("提出申诉")
    submit_label = _("提出申诉")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"contest": self.object.contest}

    def perform(self, form: Any) -> HttpResponse:
        row = results.file_appeal(actor=self.actor, delegation=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("申诉已提出，等待裁决。"), row.get_absolute_url())


class AppealList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "contest_appeal.view"
    table_class = AppealTable
    filters_class = AppealFilters
    title = _("竞赛申诉")
    export_name = _("竞赛申诉登记表")
    saved_views = (SavedView(_("待裁决"), "open=on"),)

    def get_queryset(self) -> Any:
        return queries.appeals()


class OfAppeal(OfContestPart):
    view_action = "contest_appeal.view"
    context_name = "appeal"

    def get_queryset(self) -> Any:
        return queries.appeals()

    def policy_object(self) -> Any:
        return self.object

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class AppealDetail(OfAppeal, DetailView):
    policy_action = "contest_appeal.view"
    template_name = "competitions/contest_appeal.html"

    def page(self) -> PageContext:
        row, actions = self.object, []
        if may(self.actor, "contest_appeal.rule", row):
            actions.append(Action(_("裁决"), url("contest_appeal.rule", row.pk), icon="gavel", kind="primary"))
        mends = row.ruling in {"upheld", "partly"} and row.contest.state in {"locked", "published"}
        if mends and may(self.actor, "contest.manage", row.contest):
            actions.append(Action(_("更正成绩"), url("contest_appeal.correct", row.pk), icon="edit"))
        return PageContext(title=row.get_kind_display() + _t("申诉"), subtitle=row.contest.name, crumbs=self.page_crumbs(),
                           actions=actions)  # fmt: skip

    def context(self) -> dict[str, Any]:
        row = self.object
        return {"facts": [
            Fact(_("代表队"), row.delegation.organisation.name), Fact(_("场次"), row.session or _("不涉及")),
            Fact(_("提出时间"), row.filed_at), Fact(_("裁决"), row.get_ruling_display() or _("待裁决")),
            Fact(_("裁决时间"), row.ruled_at or ""),
        ]}  # fmt: skip


class AppealFile(OfAppeal, FileDownloadView):
    policy_action = "contest_appeal.view"

    def get_queryset(self) -> Any:
        return queries.appeals().filter(paper__isnull=False)

    def get_file(self) -> tuple[Any, str, str]:
        paper = self.object.paper
        return paper.file, paper.name, paper.content_type


class AppealRule(OfAppeal, FormView):
    policy_action = "contest_appeal.rule"
    form_class = forms.RuleForm
    title = _("裁决申诉")
    submit_label = _("作出裁决")

    def perform(self, form: Any) -> HttpResponse:
        row = results.rule_appeal(actor=self.actor, appeal=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已裁决。"), row.get_absolute_url())


class AppealCorrect(OfContestPart, FormView):
    policy_action = "contest.manage"
    form_class = forms.CorrectForm
    title = _("更正成绩")
    submit_label = _("更正并重新计算名次")

    def get_queryset(self) -> Any:
        return queries.appeals()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"appeal": self.object}

    def perform(self, form: Any) -> HttpResponse:
        results.correct_mark(actor=self.actor, appeal=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("成绩已更正，名次已重新计算。"), url("contest.results", self.contest.pk))


class PromotionList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "promotion.view"
    table_class = PromotionTable
    filters_class = PromotionFilters
    title = _("技能等级晋升")
    subtitle = _("成绩确认后按当年规定列出；每人每年只能通过竞赛晋升一次。")
    export_name = _("技能等级晋升名单")
    saved_views = (SavedView(_("待报送"), "state=proposed"), SavedView(_("已报送"), "state=sent"))

    def get_queryset(self) -> Any:
        return queries.promotions()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "promotion.manage"):
            return []
        states = set(
            queries.promotions_to_report(self.actor.path).values_list("state", flat=True).order_by().distinct()
        )
        if not states:  # nothing of this desk's contests to report
            return []
        sure = _("本级主办赛项的待报送名单将标为已报送。确定已把花名册报送人社部门？")
        book = Action(_("下载报送花名册"), reverse("competitions:promotion.workbook"), icon="file-spreadsheet", kind="primary",
                      download=True)  # fmt: skip
        send = Action(_("标为已报送"), reverse("competitions:promotion.send"), icon="send", post=True, confirm=sure)
        return [book, send] if "proposed" in states else [book]


class PromotionWorkbook(FileDownloadView):
    """Full ID numbers: for the host's own contests, and every download is an audit event."""

    policy_action = "promotion.manage"

    def get_file(self) -> tuple[Any, str, str]:
        year = local_date(self.now).year
        rows = list(
            queries.promotions_to_report(self.actor.path)
            .filter(year=year)
            .order_by("competitor__contest__number", "competitor__result__rank", "pk")
        )
        host = self.actor.at_desk.organisation_name
        content = workbooks.promotion_workbook(rows, year=year, host=host, now=self.now)
        promotions.export(actor=self.actor, promotions=rows, now=self.now)
        return BytesIO(content), _t("%d年技能等级晋升花名册.xlsx") % year, XLSX


class PromotionSend(ActionView):
    policy_action = "promotion.manage"

    def get_failure_url(self) -> str:
        return reverse("competitions:promotion.list")

    def perform(self) -> HttpResponse:
        waiting = queries.promotions_to_report(self.actor.path).filter(state="proposed")
        count = promotions.send(actor=self.actor, promotions=list(waiting), now=self.now)
        return self.done(_t("%d人已标为已报送。") % count, self.get_failure_url())


class OfPromotion(OfContestPart):
    view_action = "promotion.view"

    @property
    def contest(self) -> Any:
        return self.object.competitor.contest

    def policy_object(self) -> Any:
        return self.object

    def get_queryset(self) -> Any:
        return queries.promotions()

    def get_cancel_url(self) -> str:
        return self.object.competitor.get_absolute_url()


class PromotionGrant(OfPromotion, FormView):
    policy_action = "promotion.manage"
    form_class = forms.GrantForm
    title = _("登记晋升发证")

    def perform(self, form: Any) -> HttpResponse:
        promotions.grant(actor=self.actor, promotion=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("新证书已登记。"), self.get_cancel_url())


class PromotionDrop(OfPromotion, FormView):
    policy_action = "promotion.manage"
    form_class = forms.ReasonForm
    title = _("不予晋升")

    def perform(self, form: Any) -> HttpResponse:
        promotions.drop(actor=self.actor, promotion=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已登记不予晋升。"), self.get_cancel_url())
