"""Workers' files: list, page (every reading is recorded), opening, changing, print."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from competitions.growth import forms, papers, queries
from competitions.growth.domain import people, purge
from competitions.growth.sections import sections_of
from competitions.growth.tables import PurgeFilters, PurgeTable, WorkerFileFilters, WorkerFileTable
from competitions.growth.views.base import FILE_TABS, allowed, file_crumb, own_union, person_choices, read_person, url
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import DetailView, FileDownloadView, FormView, ListView, Tabbed

PDF = "application/pdf"


class WorkerFileList(Tabbed, ListView):
    room_tabs = FILE_TABS
    policy_action = "growth.view"
    table_class = WorkerFileTable
    filters_class = WorkerFileFilters
    title = _("职工成长档案")
    subtitle = _("一名职工的竞赛名次、技能等级、荣誉、培训和师徒关系汇集一页；每次查看都留有记录。")
    export_name = _("职工成长档案")

    def get_queryset(self) -> Any:
        return queries.files()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "growth.add"):
            return []
        return [Action(_("建立档案"), url("growth.add"), icon="plus", kind="primary")]


class WorkerFileAdd(FormView):
    policy_action = "growth.add"
    form_class = forms.WorkerFileForm
    title = _("建立职工成长档案")
    submit_label = _("建立档案")

    def page_crumbs(self) -> list[Crumb]:
        return [file_crumb()]

    def get_cancel_url(self) -> str:
        return url("growth.list")

    def get_form_kwargs(self) -> dict[str, Any]:
        on_rosters = [choice for choice in person_choices(self.actor) if choice[0].startswith("w")]
        return super().get_form_kwargs() | {"choices": on_rosters}

    def perform(self, form: Any) -> HttpResponse:
        person = read_person(self.actor, form.cleaned_data, "worker", self.now)
        row = people.open_file(
            actor=self.actor, organisation=own_union(self.actor), person=person, facts=form.facts, now=self.now
        )
        return self.done(_("已建立档案。"), row.get_absolute_url())


class OneFile:
    view_action = "growth.view"

    def get_queryset(self) -> Any:
        return queries.plain_files()

    def page_crumbs(self) -> list[Crumb]:
        return [file_crumb(), Crumb(self.object.name, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()


class WorkerFileDetail(OneFile, DetailView):
    policy_action = "growth.view"
    template_name = "competitions/growth_detail.html"
    context_name = "file"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        people.note_reading(actor=self.actor, file=self.object, printed=False, now=self.now)
        return super().get(request, *args, **kwargs)

    def page(self) -> PageContext:
        row, key = self.object, {"pk": self.object.pk}
        actions = allowed(
            self.actor, row,
            ("growth.view", Action(_("打印档案"), url("growth.print", **key), icon="printer", download=True)),
            ("growth.change", Action(_("修改"), url("growth.change", **key), icon="edit")),
            ("growth.purge", Action(_("申请删除"), url("growth.purge", **key), icon="trash", kind="ghost")),
        )  # fmt: skip
        return PageContext(title=row.name, subtitle=row.organisation.name, crumbs=[file_crumb()], actions=actions)

    def context(self) -> dict[str, Any]:
        row = self.object
        found = sections_of(self.actor, row)
        return {
            "sections": [
                part | {"cells": [list(zip(part["section"].heads, line, strict=True)) for line in part["lines"]]}
                for part in found
                if part["lines"]
            ],
            "empty_sections": [part["section"].title for part in found if not part["lines"]],
            "facts": [
                Fact(_("证件号码"), row.masked_id),
                Fact(_("性别"), row.get_sex_display() or "—"),
                Fact(_("工种"), row.trade or "—"),
                Fact(_("技能等级"), row.get_level_display()),
                Fact(_("等级证书编号"), row.level_certificate or "—"),
                Fact(_("参加工作"), cn_date(row.joined_on) if row.joined_on else "—"),
            ],
        }


class WorkerFileChange(OneFile, FormView):
    policy_action = "growth.change"
    form_class = forms.FileFactsForm
    title = _("修改档案")
    submit_label = _("保存")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in people.FACTS}

    def perform(self, form: Any) -> HttpResponse:
        row = people.change_file(actor=self.actor, file=self.object, facts=form.facts, now=self.now)
        return self.done(_("已修改。"), row.get_absolute_url())


class WorkerFilePrint(OneFile, FileDownloadView):
    policy_action = "growth.view"

    def get_file(self) -> tuple[Any, str, str]:
        row = self.object
        people.note_reading(actor=self.actor, file=row, printed=True, now=self.now)
        paper = papers.worker_pdf(row, sections_of(self.actor, row), printed_on=self.now)
        return BytesIO(paper), f"职工成长档案-{row.pk}.pdf", PDF


class WorkerFilePurge(OneFile, FormView):
    policy_action = "growth.purge"
    form_class = forms.PurgeForm
    title = _("申请删除职工档案")
    submit_label = _("提交申请")
    submit_kind = "danger"
    intro = _("由另一人复核后，档案和本单位登记的该职工培训、答题、积分记录一并删除，不能恢复；操作记录只留数量。")

    def perform(self, form: Any) -> HttpResponse:
        purge.ask_purge(actor=self.actor, file=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已提交，等待另一人复核。"), url("growth.purges"))


class PurgeList(Tabbed, ListView):
    room_tabs = FILE_TABS
    policy_action = "growth.view"
    table_class = PurgeTable
    filters_class = PurgeFilters
    title = _("职工档案删除记录")
    subtitle = _("谁申请、什么依据、谁复核、删了多少条；不留姓名和号码。")
    export_name = _("职工档案删除记录")

    def get_queryset(self) -> Any:
        return queries.purges()


class PurgeDecide(FormView):
    policy_action = "growth.decide"
    view_action = "growth.view"
    form_class = forms.PurgeDecisionForm
    title = _("复核档案删除")
    submit_label = _("提交")
    submit_kind = "danger"

    def get_queryset(self) -> Any:
        return queries.purges()

    def page_crumbs(self) -> list[Crumb]:
        return [file_crumb(), Crumb(_("删除记录"), url("growth.purges"))]

    def get_cancel_url(self) -> str:
        return url("growth.purges")

    @property
    def intro(self) -> Any:
        row = self.object
        words = {
            "who": row.file.name,
            "org": row.organisation.name,
            "basis": row.get_basis_display(),
            "why": row.reason,
        }
        return _("%(org)s申请删除%(who)s的档案。依据：%(basis)s。说明：%(why)s 同意后立即删除，不能恢复。") % words

    def perform(self, form: Any) -> HttpResponse:
        purge.decide_purge(actor=self.actor, purge=self.object, now=self.now, **form.cleaned_data)
        words = _("已删除。") if form.cleaned_data["agree"] else _("没有删除，档案保留。")
        return self.done(words, url("growth.purges"))
