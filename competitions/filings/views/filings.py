"""The register, the page of a filing, and what its host does with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings import forms, overview, queries
from competitions.filings.domain import files as stored
from competitions.filings.domain import filing as domain
from competitions.filings.domain import review
from competitions.filings.domain.content import content_of
from competitions.filings.tables import CoHostedTable, FilingFilters, FilingTable
from competitions.filings.views.base import OfOneFiling, OfOnePart, list_crumb, tabs, url_of
from portal.accounts.models import Organisation
from portal.core.decisions import refuse
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext, SavedView, Tab
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView


def new_action() -> Action:
    url = reverse("competitions:filing.create")
    return Action(_("新建备案"), url, icon="plus", kind="primary", policy_action="filing.create")


class FilingList(ListView):
    policy_action = "filing.view"
    table_class = FilingTable
    filters_class = FilingFilters
    title = _("竞赛备案")
    export_name = _("竞赛备案台账")
    saved_views = (
        SavedView(_("待本级审核"), "review=on"),
        SavedView(_("本级主办"), "mine=on"),
        SavedView(_("进行中"), "state=running"),
        SavedView(_("市级计划"), "planned=on"),
        SavedView(_("有逾期报告"), "late=on"),
    )

    def get_queryset(self) -> Any:
        return queries.listed(queries.own(self.actor), now=self.now)

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, "filing.list")

    def page_actions(self) -> list[Action]:
        return [new_action()]


class CoHostedList(ListView):
    policy_action = "filing.view"
    table_class = CoHostedTable
    title = _("联合主办")
    subtitle = _("其他工会主办、请本会联合主办的竞赛；这里看得到的是对方约定给看的内容。")

    def get_queryset(self) -> Any:
        return queries.cohosted(self.actor)

    def page_tabs(self) -> list[Tab]:
        return tabs(self.actor, "filing.cohosted")


PREFILL = "filing_prefill"  # in the session: what the page that leads here (``?prefill=1``) has written already


class FilingWriting(FormView):
    """The long form."""

    abstract = True
    form_class = forms.FilingForm
    template_name = "competitions/filing_form.html"
    narrow = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class FilingCreate(FilingWriting):
    policy_action = "filing.create"
    title = _("新建竞赛备案")
    submit_label = _("保存草稿")
    intro = _("先填年度、名称和竞赛形式就可以保存，其余可以分几次填；填完后在竞赛页面报上级备案。")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_initial(self) -> dict[str, Any]:
        given = self.request.session.get(PREFILL, {}) if "prefill" in self.request.GET else {}
        return forms.FilingForm.blank(self.actor, self.now) | given

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = domain.create_filing(
            actor=self.actor, owner=owner, content=form.content, files=form.uploads, now=self.now
        )  # fmt: skip
        self.request.session.pop(PREFILL, None)
        return self.done(_("草稿已保存。下面列出了报备前还缺的内容。"), row.get_absolute_url())


class FilingEdit(OfOneFiling, FilingWriting):
    policy_action = "filing.change"
    title = _("填报竞赛备案")
    submit_label = _("保存草稿")

    def get_initial(self) -> dict[str, Any]:
        return forms.FilingForm.initial_of(content_of(self.object), self.object.revision)

    def perform(self, form: Any) -> HttpResponse:
        row = domain.save_filing(
            actor=self.actor, filing=self.object, content=form.content, files=form.uploads, now=self.now,
            revision=form.cleaned_data["revision"] or 0,
        )  # fmt: skip
        return self.done(_("已保存。内容齐全后请报上级备案。"), row.get_absolute_url())


class FilingAmend(OfOneFiling, FilingWriting):
    policy_action = "filing.amend"
    form_class = forms.AmendForm
    title = _("备案变更")
    submit_label = _("提交变更")
    confirm = _("变更内容和原因会留存，并通知审核工会。")

    def get_initial(self) -> dict[str, Any]:
        return forms.FilingForm.initial_of(content_of(self.object), self.object.revision)

    def perform(self, form: Any) -> HttpResponse:
        domain.amend_filing(
            actor=self.actor, filing=self.object, content=form.content, reason=form.cleaned_data["reason"],
            files=form.uploads, revision=form.cleaned_data["revision"] or 0, now=self.now,
        )  # fmt: skip
        return self.done(_("变更已生效并记录，审核工会的工作台会提示。"), self.object.get_absolute_url())


class FilingDetail(OfOneFiling, DetailView):
    policy_action = "filing.view"
    template_name = "competitions/filing_detail.html"
    context_name = "filing"

    def page(self) -> PageContext:
        filing = self.object
        subtitle = " · ".join(filter(None, (filing.number, filing.owner.name)))
        return PageContext(
            title=filing.title, subtitle=subtitle, badge=filing.badge, crumbs=[list_crumb()],
            actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        filing, is_root = self.object, self.object.reviewer_id is None
        is_planned = filing.in_city_plan_at is not None
        send = _("本级立项") if is_root else _("报上级备案")
        sent = _("立项后即纳入市级计划，不需要上级审核。") if is_root else _("报备后在审核期间不能修改。")
        possible = (
            ("filing.file", send, "file", "send", "primary", sent),
            ("filing.edit", _("继续填报"), "change", "edit", "secondary", ""),
            ("filing.accept", _("同意备案"), "decide", "check", "primary", ""),
            ("filing.return", _("退回补正"), "decide", "arrow-back-up", "secondary", ""),
            ("filing.start", _("启动竞赛"), "start", "player-play", "primary", _("启动后竞赛为“进行中”。")),
            ("filing.unplan" if is_planned else "filing.plan", _("移出市级计划") if is_planned else _("纳入市级计划"),
             "plan", "calendar-plus", "secondary", _("市级计划以此为准，可以再调整。")),
            ("filing.amend", _("办理变更"), "amend", "file-diff", "secondary", ""),
            ("commendation.edit", _("表彰建议"), "commend", "award", "secondary", ""),
            ("filing.archive", _("归档"), "archive", "archive", "primary", _("归档后只能查看和复制。")),
            ("filing.copy", _("复制为下一年度"), "copy", "copy", "secondary",
             _("复制方案、组织机构、指标、经费和时间安排，日期顺延一年，生成草稿。")),
            ("filing.withdraw", _("撤回"), "withdraw", "x", "secondary", ""),
        )  # fmt: skip
        lacks = overview.lacking(filing) if may(self.actor, "filing.file", filing) else []
        blocked = {"filing.file": refuse("incomplete", "".join(lacks))} if lacks else {}
        found = [
            Action(
                label, url_of(name, filing), icon=icon, kind=kind, post=bool(ask), confirm=ask,
                decision=blocked.get(name),
            )
            for name, label, action, icon, kind, ask in possible
            if may(self.actor, f"{'filingreport' if action == 'commend' else 'filing'}.{action}", filing)
        ]  # fmt: skip
        return [*found, Action(_("打印备案表"), url_of("filing.print", filing), icon="printer", new_tab=True)]

    def context(self) -> dict[str, Any]:
        return overview.page_of(self.object, actor=self.actor, now=self.now)


class FilingPrint(OfOneFiling, DetailView):
    policy_action = "filing.view"
    layout = "print"
    template_name = "competitions/filing_print.html"
    context_name = "filing"
    title = _("劳动和技能竞赛备案表")

    def context(self) -> dict[str, Any]:
        return overview.paper_of(self.object)


class FilingFile(OfOneFiling, ActionView):
    policy_action = "filing.file"

    def perform(self) -> HttpResponse:
        row = domain.file_filing(actor=self.actor, filing=self.object, now=self.now)
        message = _("已报%(union)s备案，备案号%(number)s。") % {"union": row.reviewer, "number": row.number}
        if row.reviewer_id is None:
            message = _("已立项，备案号%s，报告任务已生成。") % row.number
        return self.done(message, row.get_absolute_url())


class FilingStart(OfOneFiling, ActionView):
    policy_action = "filing.start"

    def perform(self) -> HttpResponse:
        row = review.start_filing(actor=self.actor, filing=self.object, now=self.now)
        return self.done(_("竞赛已启动，请按阶段报送报告。"), row.get_absolute_url())


class FilingArchive(OfOneFiling, ActionView):
    policy_action = "filing.archive"

    def perform(self) -> HttpResponse:
        row = review.archive_filing(actor=self.actor, filing=self.object, now=self.now)
        return self.done(_("已归档，今后只能查看和复制。"), row.get_absolute_url())


class FilingCopy(OfOneFiling, ActionView):
    policy_action = "filing.copy"

    def perform(self) -> HttpResponse:
        row = domain.copy_filing(actor=self.actor, filing=self.object, now=self.now)
        return self.done(_("已复制为%d年度草稿，请核对日期、依据文件和指标。") % row.year, row.get_absolute_url())


class FilingWithdraw(OfOneFiling, FormView):
    policy_action = "filing.withdraw"
    form_class = forms.WithdrawForm
    title = _("撤回备案")
    submit_label = _("撤回")
    submit_kind = "danger"

    def perform(self, form: Any) -> HttpResponse:
        row = domain.withdraw_filing(actor=self.actor, filing=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已撤回。需要时可以新建同名备案。"), row.get_absolute_url())


class FileDownload(OfOnePart, FileDownloadView):
    policy_action = "filing.view"
    inline = False

    def get_queryset(self) -> Any:
        return queries.files()

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.name, self.object.content_type


class FileRemove(OfOnePart, ActionView):
    policy_action = "filing.change"

    def get_queryset(self) -> Any:
        return queries.files()

    def perform(self) -> HttpResponse:
        filing = stored.remove_file(actor=self.actor, file=self.object, now=self.now)
        return self.done(_("文件已删除。"), filing.get_absolute_url())
