"""Pages of a file of results: template, upload, dry run, application, error workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.imports.results import error_workbook
from portal.core.policies import may
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.imported import domain, queries
from portal.lifecycle.review.imported.forms import ResultsUploadForm
from portal.lifecycle.review.imported.models import ResultBatchState
from portal.lifecycle.review.imported.tables import BATCH_TONES
from portal.lifecycle.review.imported.views import OfStage, stage_crumbs, url_of_stage
from portal.lifecycle.review.imported.workbook import results_template
from portal.web.exports import XLSX
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Badge, Crumb, Fact, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView

PROBLEMS_A_PAGE = 50


class ResultTemplate(OfStage, FileDownloadView):
    policy_action = "result.record"

    def get_file(self) -> tuple[Any, str, str]:
        if queries.is_coded(self.stage):
            raise Http404  # before decoding there is a workbook of codes only
        content = results_template(params_of(self.stage), queries.entries_by_code(self.stage).values())
        return BytesIO(content), f"{self.stage.cycle}成绩单.xlsx", XLSX


class UploadResults(OfStage, FormView):
    policy_action = "result.record"
    form_class = ResultsUploadForm
    template_name = "lifecycle/result_upload.html"
    title = gettext_lazy("导入成绩单")
    submit_label = gettext_lazy("上传并试导")

    def page_crumbs(self) -> list[Crumb]:
        return stage_crumbs(self.stage)

    def context(self) -> dict[str, Any]:
        return super().context() | {"stage": self.stage, "params": params_of(self.stage)}

    def perform(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        batch = domain.upload_results(
            actor=self.actor, stage=self.stage, file_name=file.name, content=file.read(), now=self.now
        )
        return self.done("", reverse("lifecycle:result.batch", args=[batch.pk]))


class OfBatch:
    """A page about one uploaded file."""

    view_action = "result.view"
    context_name = "batch"

    def get_queryset(self) -> Any:
        return queries.batches(actor=self.actor)

    def page_crumbs(self) -> list[Crumb]:
        return stage_crumbs(self.object.stage)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:result.batch", args=[self.object.pk])


class BatchPage(OfBatch, DetailView):
    """The dry run: every problem on its line, or what will change."""

    policy_action = "result.view"
    template_name = "lifecycle/result_batch.html"

    def page(self) -> PageContext:
        batch = self.object
        return PageContext(
            title=batch.file_name,
            badge=Badge(batch.get_state_display(), BATCH_TONES[batch.state]),
            crumbs=self.page_crumbs(),
            actions=self._actions() if may(self.actor, "result.record", batch) else [],
        )

    def _actions(self) -> list[Action]:
        batch, here, actions = self.object, [self.object.pk], []
        if batch.state in {ResultBatchState.CHECKED, ResultBatchState.FAULTY}:
            text = _("放弃后删除上传的文件。确定放弃？")
            actions.append(
                Action(_("放弃"), reverse("lifecycle:result.cancel", args=here), kind="ghost", post=True, confirm=text)
            )
        if batch.state == ResultBatchState.FAULTY:
            url = reverse("lifecycle:result.upload", args=[batch.stage_id])
            actions.append(Action(_("修改后重新上传"), url, icon="upload", kind="primary"))
        if batch.state == ResultBatchState.CHECKED and batch.changes:
            text = _("将录入%(n)s件成绩，全部成功才写入；录入后由另一人确认。确定导入？") % {"n": len(batch.changes)}
            url = reverse("lifecycle:result.apply", args=here)
            actions.append(Action(_("正式导入"), url, icon="database-import", kind="primary", post=True, confirm=text))
        return actions

    def context(self) -> dict[str, Any]:
        batch = self.object
        return {
            "problems": Paginator(batch.problems, PROBLEMS_A_PAGE).get_page(self.request.GET.get("page")),
            "changes": Paginator(batch.changes, PROBLEMS_A_PAGE).get_page(self.request.GET.get("page")),
            "has_rows": bool(batch.file) and any(p["row"] > 1 for p in batch.problems),
            "list_url": url_of_stage(batch.stage),
            "facts": [
                Fact(_("上传人"), f"{batch.uploaded_by.name}，{cn_datetime(batch.uploaded_at)}"),
                Fact(_("文件指纹"), batch.sha256[:16]),
                Fact(_("导入时间"), cn_datetime(batch.applied_at) if batch.applied_at else "—"),
            ],
        }


class ApplyBatch(OfBatch, ActionView):
    policy_action = "result.record"

    def perform(self) -> HttpResponse:
        domain.apply_results(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("成绩已录入，等待另一人确认。"), url_of_stage(self.object.stage) + "?state=recorded")


class CancelBatch(OfBatch, ActionView):
    policy_action = "result.record"

    def perform(self) -> HttpResponse:
        domain.cancel_results(actor=self.actor, batch=self.object, now=self.now)
        return self.done(_("已放弃，上传的文件已删除。"), url_of_stage(self.object.stage))


class BatchErrors(OfBatch, FileDownloadView):
    """The uploaded lines with what is wrong beside them."""

    policy_action = "result.view"

    def get_file(self) -> tuple[Any, str, str]:
        batch = self.object
        if not batch.file or not any(p["row"] > 1 for p in batch.problems):
            raise Http404
        with batch.file.open("rb") as handle:
            content = error_workbook(handle.read(), batch.problems)
        return BytesIO(content), f"错误说明-{batch.file_name}", XLSX
