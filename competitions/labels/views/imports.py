"""Workbooks of labels: template, dry run, errors, application."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.labels import forms, queries
from competitions.labels.domain import imports
from competitions.labels.tables import ImportTable
from competitions.labels.views.base import home_crumb, own_union, url
from competitions.labels.workbook import SHEET
from portal.accounts.enums import ImportState
from portal.accounts.imports.results import error_workbook
from portal.accounts.imports.template import template
from portal.web.exports import XLSX
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView

PROBLEMS_A_PAGE = 50


def list_crumb() -> Crumb:
    return Crumb(_("导入记录"), url("labelimport.list"))


class ImportList(ListView):
    policy_action = "teamlabel.import"
    table_class = ImportTable
    title = _("导入记录")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb()]

    def page_actions(self) -> list[Action]:
        return [Action(_("用表格导入"), url("labelimport.create"), icon="file-upload", kind="primary")]

    def get_queryset(self) -> Any:
        return queries.imports(self.actor)


class ImportTemplate(FileDownloadView):
    policy_action = "teamlabel.import"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(SHEET)), "班组称号导入模板.xlsx", XLSX


class ImportCreate(FormView):
    policy_action = "teamlabel.import"
    form_class = forms.UploadForm
    template_name = "competitions/label_import_form.html"
    title = _("用表格导入班组称号")
    submit_label = _("上传并试导")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), list_crumb()]

    def perform(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        batch = imports.upload(
            actor=self.actor, organisation=own_union(self.actor), file_name=file.name, content=file.read(),
            now=self.now,
        )  # fmt: skip
        return self.done("", batch.get_absolute_url())


class OneImport:
    policy_action = "teamlabel.import"
    view_action = "teamlabel.import"
    context_name = "batch"

    def get_queryset(self) -> Any:
        return queries.imports(self.actor)


class ImportDetail(OneImport, DetailView):
    policy_action = "teamlabel.import"
    template_name = "competitions/label_import_detail.html"

    def page(self) -> PageContext:
        batch, actions = self.object, []
        if batch.status == ImportState.FAULTY:
            actions.append(Action(_("修改后重新上传"), url("labelimport.create"), icon="upload", kind="primary"))
        if batch.status in {ImportState.CHECKING, ImportState.CHECKED, ImportState.FAULTY}:
            give_up = url("labelimport.cancel", pk=batch.pk)
            actions.append(Action(_("放弃"), give_up, kind="ghost", post=True, confirm=_("删除上传的文件？")))
        if batch.status == ImportState.CHECKED and (batch.creates or batch.updates):
            words = _t("将授予%(c)d项、更新%(u)d项称号，全部成功才写入。确定导入？") % {
                "c": batch.creates, "u": batch.updates,
            }  # fmt: skip
            apply = url("labelimport.apply", pk=batch.pk)
            actions.append(
                Action(_("正式导入"), apply, icon="database-import", kind="primary", post=True, confirm=words)
            )
        return PageContext(
            title=batch.file_name, badge=batch.badge, crumbs=[home_crumb(), list_crumb()], actions=actions
        )

    def context(self) -> dict[str, Any]:
        batch = self.object
        run = imports.run_of(batch)
        return {
            "running": batch.status in {ImportState.CHECKING, ImportState.APPLYING},
            "job_url": reverse("jobs:run.detail", kwargs={"pk": run.pk}) if run else "",
            "problems": Paginator(batch.problems, PROBLEMS_A_PAGE).get_page(self.request.GET.get("page")),
            "has_rows": batch.status == ImportState.FAULTY,
            "facts": [
                Fact(_("上传人"), f"{batch.uploaded_by.name}，{cn_datetime(batch.uploaded_at)}"),
                Fact(_("文件指纹"), batch.sha256[:16]),
                Fact(_("导入时间"), cn_datetime(batch.applied_at) if batch.applied_at else "—"),
            ],
        }


class ImportApply(OneImport, ActionView):
    policy_action = "teamlabel.import"

    def perform(self) -> HttpResponse:
        imports.start_apply(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("已开始导入，可以离开本页。"), self.object.get_absolute_url())


class ImportCancel(OneImport, ActionView):
    policy_action = "teamlabel.import"

    def perform(self) -> HttpResponse:
        imports.give_up(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("已放弃，上传的文件已删除。"), url("labelimport.list"))


class ImportErrors(OneImport, FileDownloadView):
    policy_action = "teamlabel.import"

    def get_file(self) -> tuple[Any, str, str]:
        batch = self.object
        content = queries.import_content(batch) if batch.status == ImportState.FAULTY else b""
        if not content:
            raise Http404
        return BytesIO(error_workbook(content, batch.problems)), f"错误说明-{batch.file_name}", XLSX
