"""Import pages: template, upload, dry run, what will change, application, error workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts import display
from portal.accounts.domain.imports import apply_import, cancel_import, upload_import
from portal.accounts.enums import ImportKind, ImportState
from portal.accounts.forms.imports import UploadForm
from portal.accounts.imports.results import error_workbook
from portal.accounts.imports.sheets import SHEETS
from portal.accounts.imports.template import template
from portal.accounts.models import ImportBatch
from portal.accounts.queries.organisations import managed
from portal.accounts.tables import ImportFilters, ImportTable
from portal.core.policies import may
from portal.web.exports import XLSX
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView

PROBLEMS_A_PAGE = 50


def list_crumb() -> Crumb:
    return Crumb(_t("批量导入"), reverse("accounts:import.list"))


def page_of(batch: ImportBatch) -> str:
    return reverse("accounts:import.detail", kwargs={"pk": batch.pk})


class ImportMixin:
    context_name = "batch"
    view_action = "organisation.view"

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return ImportBatch.objects.select_related("organisation", "uploaded_by")

    def policy_object(self) -> Any:
        return self.object.organisation

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "organisation.view", obj.organisation)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_failure_url(self) -> str:
        return page_of(self.object)


class ImportList(ListView):
    policy_action = "organisation.import"
    table_class = ImportTable
    filters_class = ImportFilters
    title = _("批量导入")

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return ImportBatch.objects.select_related("organisation", "uploaded_by")

    def page_actions(self) -> list[Action]:
        return [Action(_("上传工作簿"), reverse("accounts:import.create"), icon="upload", kind="primary")]


class ImportCreate(FormView):
    policy_action = "organisation.import"
    form_class = UploadForm
    template_name = "accounts/import_form.html"
    title = _("上传工作簿")
    submit_label = _("上传并试导")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        own = managed(self.actor).filter(pk=self.actor.desk.organisation_id).first()
        return {"kind": kind if kind in ImportKind.values else ImportKind.ORGANISATIONS.value, "organisation": own}

    def context(self) -> dict[str, Any]:
        return super().context() | {"kinds": ImportKind.choices}

    def perform(self, form: UploadForm) -> HttpResponse:
        data = form.cleaned_data
        batch = upload_import(
            actor=self.actor,
            kind=data["kind"],
            organisation=data["organisation"],
            file_name=data["file"].name,
            content=data["file"].read(),
            now=self.now,
        )
        return self.done("", page_of(batch))


class ImportTemplate(FileDownloadView):
    policy_action = "organisation.import"

    def get_file(self) -> tuple[Any, str, str]:
        sheet = SHEETS.get(self.kwargs["kind"])
        if sheet is None:
            raise Http404
        return BytesIO(template(sheet)), f"{sheet.kind.label}导入模板.xlsx", XLSX


class ImportDetail(ImportMixin, DetailView):
    policy_action = "organisation.import"
    template_name = "accounts/import_detail.html"

    def page(self) -> PageContext:
        batch = self.object
        return PageContext(
            title=batch.file_name,
            badge=display.import_status(batch),
            subtitle=f"{batch.get_kind_display()} · {batch.organisation.name}",
            crumbs=[list_crumb()],
            actions=self._actions(),
        )

    def _actions(self) -> list[Action]:
        batch, here = self.object, {"pk": self.object.pk}
        actions = []
        if batch.state in {ImportState.CHECKED, ImportState.FAULTY}:
            url = reverse("accounts:import.cancel", kwargs=here)
            actions.append(
                Action(_("放弃"), url, kind="ghost", post=True, confirm=_("放弃后删除上传的文件。确定放弃？"))
            )
        if batch.state == ImportState.CHECKED and (batch.creates or batch.updates):
            confirm = _t("将新增%(c)s条、更新%(u)s条，全部成功才写入。确定导入？") % {
                "c": batch.creates,
                "u": batch.updates,
            }
            url = reverse("accounts:import.apply", kwargs=here)
            actions.append(
                Action(_("正式导入"), url, icon="database-import", kind="primary", post=True, confirm=confirm)
            )
        if batch.state == ImportState.FAULTY:
            again = f"{reverse('accounts:import.create')}?kind={batch.kind}"
            actions.append(Action(_("修改后重新上传"), again, icon="upload", kind="primary"))
        return actions

    def context(self) -> dict[str, Any]:
        batch = self.object
        job = reverse("jobs:run.detail", kwargs={"pk": batch.job_id}) if batch.job_id else ""
        result = reverse("jobs:file.download", kwargs={"pk": batch.result_file_id}) if batch.result_file_id else ""
        return {
            "running": batch.state in {ImportState.CHECKING, ImportState.APPLYING},
            "job_url": job,
            "result_url": result if batch.uploaded_by_id == self.actor.user_id else "",
            "has_rows": any(p["row"] > 1 for p in batch.problems) and bool(batch.file),
            "problems": Paginator(batch.problems, PROBLEMS_A_PAGE).get_page(self.request.GET.get("page")),
            "facts": [
                Fact(_t("上传人"), f"{batch.uploaded_by.name}，{cn_datetime(batch.uploaded_at)}"),
                Fact(_t("文件指纹"), batch.sha256[:16]),
                Fact(_t("导入时间"), cn_datetime(batch.applied_at) if batch.applied_at else "—"),
            ],
        }


class ImportApply(ImportMixin, ActionView):
    policy_action = "organisation.import"

    def perform(self) -> HttpResponse:
        base_url = self.request.build_absolute_uri("/")
        apply_import(actor=self.actor, batch=self.object, base_url=base_url, now=self.now)
        return self.done("", page_of(self.object))


class ImportCancel(ImportMixin, ActionView):
    policy_action = "organisation.import"

    def perform(self) -> HttpResponse:
        cancel_import(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_t("已放弃，上传的文件已删除。"), reverse("accounts:import.list"))


class ImportErrors(ImportMixin, FileDownloadView):
    """The uploaded rows with what is wrong beside them."""

    policy_action = "organisation.import"

    def get_file(self) -> tuple[Any, str, str]:
        batch = self.object
        if not batch.problems or not batch.file or not any(p["row"] > 1 for p in batch.problems):
            raise Http404
        with batch.file.open("rb") as handle:
            content = error_workbook(handle.read(), batch.problems)
        return BytesIO(content), f"错误说明-{batch.file_name}", XLSX
