"""The list of completions as a workbook: template, upload, dry run, what will change, application, rows with errors."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.learning import forms, queries
from competitions.learning.domain import completions
from competitions.learning.tables import ImportFilters, ImportTable
from competitions.learning.views.base import TABS, completions_crumb
from competitions.learning.views.completions import import_action
from competitions.learning.workbook import SHEET
from portal.accounts.display import import_status
from portal.accounts.enums import ImportState
from portal.accounts.imports.results import error_workbook
from portal.accounts.imports.template import template
from portal.accounts.models import Organisation
from portal.web.exports import XLSX
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed

PROBLEMS_A_PAGE = 50
LIST = "competitions:completion_import.list"


class ImportList(Tabbed, ListView):
    """The desk's own uploads."""

    room_tabs = TABS
    policy_action = "completion.import"
    table_class = ImportTable
    filters_class = ImportFilters
    title = _("导入记录")

    def get_queryset(self) -> Any:
        return queries.imports().filter(organisation__path=self.actor.path)

    def page_actions(self) -> list[Action]:
        return [import_action()]


class CompletionTemplate(FileDownloadView):
    policy_action = "completion.import"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(SHEET)), "职工培训结业名单模板.xlsx", XLSX


class ImportCreate(FormView):
    policy_action = "completion.import"
    form_class = forms.CompletionUploadForm
    template_name = "competitions/completion_import_form.html"
    title = _("导入结业名单")
    submit_label = _("上传并试导")

    def page_crumbs(self) -> list[Crumb]:
        return [completions_crumb()]

    def get_cancel_url(self) -> str:
        return reverse("competitions:completion.list")

    def perform(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        organisation = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        batch = completions.upload_completions(
            actor=self.actor, organisation=organisation, file_name=file.name, content=file.read(), now=self.now
        )
        return self.done("", batch.get_absolute_url())


class OneImport:
    view_action = "completion.view"
    context_name = "batch"

    def get_queryset(self) -> Any:
        return queries.imports()

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("导入记录"), reverse(LIST))]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class ImportDetail(OneImport, DetailView):
    """Unions above see completions, but not the files they came from: the policy is the keeper's."""

    policy_action = "completion.import"
    template_name = "competitions/completion_import_detail.html"

    def page(self) -> PageContext:
        batch = self.object
        return PageContext(
            title=batch.file_name, badge=import_status(batch), subtitle=batch.organisation.name,
            crumbs=self.page_crumbs(), actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        batch, here, actions = self.object, {"pk": self.object.pk}, []
        if batch.state in {ImportState.CHECKED, ImportState.FAULTY}:
            words = _("放弃后删除上传的文件。确定放弃？")
            url = reverse("competitions:completion_import.cancel", kwargs=here)
            actions.append(Action(_("放弃"), url, kind="ghost", post=True, confirm=words))
        if batch.state == ImportState.CHECKED and (batch.creates or batch.updates):
            counts = {"c": batch.creates, "u": batch.updates}
            words = _t("将新增%(c)s条、更新%(u)s条，全部成功才写入。确定导入？") % counts
            url = reverse("competitions:completion_import.apply", kwargs=here)
            actions.append(Action(_("正式导入"), url, icon="database-import", kind="primary", post=True, confirm=words))
        if batch.state == ImportState.FAULTY:
            url = reverse("competitions:completion_import.create")
            actions.append(Action(_("修改后重新上传"), url, icon="upload", kind="primary"))
        if batch.state == ImportState.APPLIED:
            actions.append(Action(_("看结业记录"), reverse("competitions:completion.list"), kind="primary"))
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


class ImportApply(OneImport, ActionView):
    policy_action = "completion.import"

    def perform(self) -> HttpResponse:
        batch = completions.start_apply(actor=self.actor, batch=self.object, now=self.now)
        return self.done("", batch.get_absolute_url())


class ImportCancel(OneImport, ActionView):
    policy_action = "completion.import"

    def perform(self) -> HttpResponse:
        completions.give_up(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("已放弃，上传的文件已删除。"), reverse(LIST))


class ImportErrors(OneImport, FileDownloadView):
    """The uploaded rows with what is wrong beside them: for the one who uploaded them, for they hold whole numbers."""

    policy_action = "completion.import"

    def get_file(self) -> tuple[Any, str, str]:
        batch = self.object
        rows = any(problem["row"] > 1 for problem in batch.problems)
        if not rows or not batch.file or batch.uploaded_by_id != self.actor.user_id:
            raise Http404
        content = completions.read_errors(actor=self.actor, batch=batch, now=self.now)
        return BytesIO(error_workbook(content, batch.problems)), f"错误说明-{batch.file_name}", XLSX
