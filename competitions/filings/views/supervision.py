"""过程监督: draws, checks, complaints at the desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings import following_forms as forms
from competitions.filings import lots, queries
from competitions.filings.domain import complaints, supervision
from competitions.filings.following_tables import (
    CheckFilters,
    CheckTable,
    ComplaintFilters,
    ComplaintTable,
    DrawTable,
)
from competitions.filings.models import CheckPhoto, ComplaintFile
from competitions.filings.views.base import WATCH_TABS, OfOnePart, tabs, url_of
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView, Tab
from portal.web.views import DetailView, FileDownloadView, FormView, ListView


def draws_crumb() -> Crumb:
    return Crumb(_("随机抽查"), reverse("competitions:checkdraw.list"))


class DrawList(ListView):
    policy_action = "filingcheck.draw"
    table_class = DrawTable
    title = _("过程监督")
    subtitle = _("从进行中的竞赛里抽签检查；抽签的种子和范围留存，任何人都能复核。")
    export_name = _("竞赛随机抽查")

    def get_queryset(self) -> Any:
        return queries.draws()

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, "checkdraw.list", WATCH_TABS)

    def page_actions(self) -> list[Action]:
        return [Action(_("随机抽取"), reverse("competitions:checkdraw.create"), icon="dice", kind="primary")]


class DrawCreate(FormView):
    policy_action = "filingcheck.draw"
    form_class = forms.DrawForm
    title = _("随机抽取")
    submit_label = _("抽取")
    confirm = _("抽取结果不能更换，种子和范围会留存。")

    @property
    def intro(self) -> Any:
        organisation = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        year = local_date(self.now).year
        number = len(supervision.population(organisation, year))
        return _("%(year)d年度下级已备案和进行中的竞赛共%(n)d项。") % {"year": year, "n": number}

    def page_crumbs(self) -> list[Crumb]:
        return [draws_crumb()]

    def get_initial(self) -> dict[str, Any]:
        today = local_date(self.now)
        return {"year": today.year, "size": 3, "due_on": today + dt.timedelta(days=30)}

    def perform(self, form: Any) -> HttpResponse:
        organisation = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = supervision.draw_checks(
            actor=self.actor, organisation=organisation, now=self.now, **form.cleaned_data
        )  # fmt: skip
        return self.done(_("已抽取%d项，请在期限内检查。") % row.size, row.get_absolute_url())


class DrawDetail(DetailView):
    policy_action = "filingcheck.view"
    template_name = "competitions/checkdraw_detail.html"
    context_name = "draw"

    def get_queryset(self) -> Any:
        return queries.draws()

    def page_crumbs(self) -> list[Crumb]:
        return [draws_crumb()]

    def context(self) -> dict[str, Any]:
        draw = self.object
        chosen = lots.drawn(draw.seed, draw.population, draw.size)
        checks = list(queries.checks().filter(draw=draw).order_by("order"))
        return {
            "checks": checks,
            "facts": [
                Fact(_("抽查工会"), draw.organisation.name),
                Fact(_("抽取时间"), draw.drawn_at),
                Fact(_("抽取人"), draw.drawn_by or ""),
                Fact(_("检查期限"), draw.due_on),
                Fact(_("抽取"), _("%(all)d项中抽%(n)d项") % {"all": len(draw.population), "n": draw.size}),
                Fact(_("随机种子"), draw.seed),
                Fact(_("抽取方法"), lots.METHOD_WORDS, wide=True),
            ],
            "is_repeated": [check.filing.number for check in checks] == chosen,
        }


class CheckList(ListView):
    policy_action = "filingcheck.view"
    table_class = CheckTable
    filters_class = CheckFilters
    title = _("过程监督")
    export_name = _("竞赛抽查结果")
    saved_views = (SavedView(_("待检查"), "result=waiting"), SavedView(_("发现问题"), "result=problem"))

    def get_queryset(self) -> Any:
        return queries.checks()

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, "filingcheck.list", WATCH_TABS)


class _OneCheck(OfOnePart):
    view_action = "filingcheck.view"
    asks_filing = False

    def get_queryset(self) -> Any:
        return queries.checks()

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("抽查结果"), reverse("competitions:filingcheck.list"))]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    get_failure_url = get_cancel_url


class CheckDetail(_OneCheck, DetailView):
    policy_action = "filingcheck.view"
    template_name = "competitions/check_detail.html"
    context_name = "check"

    def page(self) -> PageContext:
        check = self.object
        possible = (("record", _("登记检查结果"), "edit"), ("rectify", _("填报整改情况"), "tool"))
        actions = [
            Action(label, url_of(f"filingcheck.{name}", check), icon=icon, kind="primary")
            for name, label, icon in possible
            if may(self.actor, f"filingcheck.{name}", check)
        ]
        return PageContext(
            title=check.filing.title, subtitle=check.draw.title, badge=check.badge, crumbs=self.page_crumbs(),
            actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        check = self.object
        return {
            "facts": [
                Fact(_("主办工会"), check.filing.owner.name),
                Fact(_("抽查工会"), check.organisation.name),
                Fact(_("检查期限"), check.draw.due_on),
                Fact(_("检查日期"), check.checked_on or _("还没有检查")),
                Fact(_("检查人员"), check.checkers),
                Fact(_("检查情况"), check.findings, wide=True),
                Fact(_("整改情况"), check.rectified, wide=True),
            ],
            "photos": list(CheckPhoto.objects.filter(spot_check=check)),
        }


class CheckRecord(_OneCheck, FormView):
    policy_action = "filingcheck.record"
    form_class = forms.CheckForm
    title = _("登记检查结果")
    submit_label = _("登记")
    confirm = _("登记后不能修改。")

    def get_initial(self) -> dict[str, Any]:
        return {"checked_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        row = supervision.record_check(actor=self.actor, check=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("检查结果已登记，主办工会可以看到。"), row.get_absolute_url())


class CheckRectify(_OneCheck, FormView):
    policy_action = "filingcheck.rectify"
    form_class = forms.RectifyForm
    title = _("填报整改情况")
    submit_label = _("填报")

    def perform(self, form: Any) -> HttpResponse:
        row = supervision.rectify(actor=self.actor, check=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("整改情况已填报。"), row.get_absolute_url())


class PhotoDownload(OfOnePart, FileDownloadView):
    policy_action = "filingcheck.view"
    view_action = "filingcheck.view"

    def get_queryset(self) -> Any:
        return CheckPhoto.objects.select_related("filing__owner")

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type


class ComplaintList(ListView):
    policy_action = "complaint.view"
    table_class = ComplaintTable
    filters_class = ComplaintFilters
    title = _("过程监督")
    export_name = _("竞赛投诉台账")
    saved_views = (SavedView(_("待答复"), "waiting=on"), SavedView(_("逾期未答复"), "overdue=on"))

    def get_queryset(self) -> Any:
        return queries.complaints()

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, "complaint.list", WATCH_TABS)


class _OneComplaint:
    view_action = "complaint.view"

    def get_queryset(self) -> Any:
        return queries.complaints()

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("投诉"), reverse("competitions:complaint.list"))]


class ComplaintDetail(_OneComplaint, DetailView):
    policy_action = "complaint.view"
    template_name = "competitions/complaint_detail.html"
    context_name = "complaint"

    def page(self) -> PageContext:
        row = self.object
        actions = []
        if may(self.actor, "complaint.answer", row):
            actions.append(Action(_("答复"), url_of("complaint.answer", row), icon="send", kind="primary"))
        if may(self.actor, "complaint.reveal", row):
            actions.append(Action(_("查看投诉人"), url_of("complaint.reveal", row), icon="eye"))
        return PageContext(title=row.code, badge=row.badge, crumbs=self.page_crumbs(), actions=actions)

    def context(self) -> dict[str, Any]:
        row = self.object
        return {
            "facts": [
                Fact(_("竞赛"), row.filing.title),
                Fact(_("主办工会"), row.filing.owner.name),
                Fact(_("类别"), row.get_kind_display()),
                Fact(_("署名"), _("实名") if row.is_named else _("匿名")),
                Fact(_("收到时间"), row.received_at),
                Fact(_("受理工会"), row.handler.name),
                Fact(_("反映的情况"), row.grounds, wide=True),
                Fact(_("答复"), row.answer, wide=True),
            ],
            "files": list(ComplaintFile.objects.filter(complaint=row)),
        }


class ComplaintAnswer(_OneComplaint, FormView):
    policy_action = "complaint.answer"
    form_class = forms.AnswerForm
    title = _("答复投诉")
    submit_label = _("答复")
    confirm = _("答复后投诉人凭查询码可以看到，不能再改。")

    def perform(self, form: Any) -> HttpResponse:
        row = complaints.answer_complaint(
            actor=self.actor, complaint=self.object, now=self.now, **form.cleaned_data
        )  # fmt: skip
        return self.done(_("已答复。"), row.get_absolute_url())


class ComplaintReveal(_OneComplaint, FormView):
    policy_action = "complaint.reveal"
    form_class = forms.RevealForm
    template_name = "competitions/complaint_reveal.html"
    title = _("查看投诉人")
    submit_label = _("查看")

    def perform(self, form: Any) -> HttpResponse:
        found = complaints.reveal_reporter(
            actor=self.actor, complaint=self.object, now=self.now, **form.cleaned_data
        )  # fmt: skip
        return self.render(form=form, found=found)


class ComplaintDownload(FileDownloadView):
    policy_action = "complaint.view"
    inline = False

    def get_queryset(self) -> Any:
        return ComplaintFile.objects.select_related("complaint__handler")

    def policy_object(self) -> Any:
        return self.object.complaint

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type
