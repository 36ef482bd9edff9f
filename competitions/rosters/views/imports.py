"""The roster as a workbook: template, upload, dry run, what will change, application, rows with their errors."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.rosters import forms, queries
from competitions.rosters.domain import imports
from competitions.rosters.tables import UploadFilters, UploadTable
from competitions.rosters.views.base import OfOneRoster, OfRosterPart, list_crumb, roster_crumb, url
from competitions.rosters.workbook import SHEET
from portal.accounts.display import import_status
from portal.accounts.enums import ImportState
from portal.accounts.imports.results import error_workbook
from portal.accounts.imports.template import template
from portal.web.exports import XLSX
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Fact, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView

PROBLEMS_A_PAGE = 50
WAITING = (ImportState.CHECKED, ImportState.FAULTY)


class UploadList(ListView):
    """All uploads of the desk's rosters."""

    policy_action = "roster.import"
    table_class = UploadTable
    filters_class = UploadFilters
    title = _("导入记录")

    def page_crumbs(self) -> list:
        return [list_crumb()]

    def get_queryset(self) -> Any:
        return queries.imports().filter(roster__organisation__path=self.actor.path)


class RosterTemplate(FileDownloadView):
    policy_action = "roster.import"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(SHEET)), "参赛人员导入模板.xlsx", XLSX


class UploadCreate(OfOneRoster, FormView):
    policy_action = "roster.import"
    form_class = forms.RosterUploadForm
    template_name = "competitions/roster_import_form.html"
    title = _("导入名单")
    submit_label = _("上传并试导")

    def perform(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        batch = imports.upload_roster(
            actor=self.actor, roster=self.object, file_name=file.name, content=file.read(), now=self.now
        )
        return self.done("", batch.get_absolute_url())


class OfUpload(OfRosterPart):
    context_name = "batch"

    def get_queryset(self) -> Any:
        return queries.imports()

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class UploadDetail(OfUpload, DetailView):
    """Units above see a roster, but not the files it came from: the policy is the keeper's."""

    policy_action = "roster.import"
    template_name = "competitions/roster_import_detail.html"

    def page(self) -> PageContext:
        batch = self.object
        crumbs = [list_crumb(), roster_crumb(batch.roster)]
        return PageContext(
            title=batch.file_name, badge=import_status(batch), subtitle=str(batch.roster), crumbs=crumbs,
            actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        batch, actions = self.object, []
        if batch.state in WAITING:
            words = _("放弃后删除上传的文件。确定放弃？")
            actions.append(
                Action(_("放弃"), url("roster_import.cancel", pk=batch.pk), kind="ghost", post=True, confirm=words)
            )
        if batch.state == ImportState.CHECKED and (batch.creates or batch.updates):
            words = _t("将新增%(c)s人、更新%(u)s人，全部成功才写入。确定导入？") % {
                "c": batch.creates,
                "u": batch.updates,
            }
            actions.append(
                Action(
                    _("正式导入"), url("roster_import.apply", pk=batch.pk), icon="database-import", kind="primary",
                    post=True, confirm=words,
                )
            )  # fmt: skip
        if batch.state == ImportState.FAULTY:
            again = url("roster_import.create", pk=batch.roster_id)
            actions.append(Action(_("修改后重新上传"), again, icon="upload", kind="primary"))
        if batch.state == ImportState.APPLIED:
            pending = f"{url('participation.list', pk=batch.roster_id)}?state=active&consent=pending"
            actions.append(Action(_("请职工同意"), pending, icon="signature", kind="primary"))
        return actions

    def context(self) -> dict[str, Any]:
        batch = self.object
        rows = any(problem["row"] > 1 for problem in batch.problems)
        return {
            "running": batch.state in {ImportState.CHECKING, ImportState.APPLYING},
            "job_url": reverse("jobs:run.detail", kwargs={"pk": batch.job_id}) if batch.job_id else "",
            "has_rows": rows and bool(batch.file) and batch.uploaded_by_id == self.actor.user_id,
            "problems": Paginator(batch.problems, PROBLEMS_A_PAGE).get_page(self.request.GET.get("page")),
            "facts": [
                Fact(_("上传人"), f"{batch.uploaded_by.name}，{cn_datetime(batch.uploaded_at)}"),
                Fact(_("文件指纹"), batch.sha256[:16]),
                Fact(_("导入时间"), cn_datetime(batch.applied_at) if batch.applied_at else "—"),
                Fact(_("文件保存"), _("加密保存，导入或放弃后立即删除，最多7天") if batch.file else _("已删除")),
            ],
        }


class UploadApply(OfUpload, ActionView):
    policy_action = "roster.import"

    def perform(self) -> HttpResponse:
        batch = imports.start_apply(actor=self.actor, batch=self.object, now=self.now)
        return self.done("", batch.get_absolute_url())


class UploadCancel(OfUpload, ActionView):
    policy_action = "roster.import"

    def perform(self) -> HttpResponse:
        batch = imports.give_up(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("已放弃，上传的文件已删除。"), batch.roster.get_absolute_url())


class UploadErrors(OfUpload, FileDownloadView):
    """The uploaded rows with what is wrong beside them: for the one who uploaded them, for they hold whole numbers."""

    policy_action = "roster.import"

    def get_file(self) -> tuple[Any, str, str]:
        batch = self.object
        rows = any(problem["row"] > 1 for problem in batch.problems)
        if not rows or not batch.file or batch.uploaded_by_id != self.actor.user_id:
            raise Http404
        content = imports.read_errors(actor=self.actor, batch=batch, now=self.now)
        return BytesIO(error_workbook(content, batch.problems)), f"错误说明-{batch.file_name}", XLSX
