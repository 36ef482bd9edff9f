"""后台任务: found again after leaving the page; progress polled by htmx; products downloadable for a limited time."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.domain import record
from portal.jobs.models import JobRun, JobState, StoredFile
from portal.web.columns import BadgeColumn, Column, DateTimeColumn, LinkColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Crumb, Empty, PageContext
from portal.web.views import DetailView, FileDownloadView, ListView


class RunTable(Table):
    title = LinkColumn(_("任务"), url="jobs:run.detail", kwargs={"pk": "pk"}, phone="title")
    state = BadgeColumn(_("状态"), accessor="badge", sort="state", phone="fact")
    by = Column(_("发起人"), accessor="started_by", phone="hide")
    created = DateTimeColumn(_("提交时间"), accessor="created_at", sort="created_at", phone="fact")
    finished = DateTimeColumn(_("结束时间"), accessor="finished_at", phone="hide")

    class Meta:
        default_sort = "-created_at"
        empty = Empty(
            _("还没有后台任务"),
            _("生成报表、导入数据等较长的工作会在这里显示进度，完成后在这里取文件。"),
            icon="loader",
        )


class RunFilters(FilterSet):
    q = SearchFilter(_("任务名称"), fields=("title",))
    state = ChoiceFilter(_("状态"), field="state", choices=JobState.choices)


class RunList(ListView):
    policy_action = "job.view"
    table_class = RunTable
    filters_class = RunFilters
    title = _("后台任务")

    def get_queryset(self):
        return JobRun.objects.filter(organisation_path=self.actor.path).select_related("started_by")


class RunDetail(DetailView):
    """The whole page, or – asked by htmx – only the progress, which asks again until the run is over."""

    policy_action = "job.view"
    template_name = "jobs/run_detail.html"
    fragment_name = "jobs/_run.html"
    context_name = "run"

    def get_queryset(self):
        return JobRun.objects.filter(organisation_path=self.actor.path).select_related("started_by")

    def page(self) -> PageContext:
        crumb = Crumb(_("后台任务"), reverse("jobs:run.list"))
        return PageContext(title=self.object.title, badge=self.object.badge, crumbs=[crumb], narrow=True)

    def context(self) -> dict[str, Any]:
        run = self.object
        files = list(run.files.filter(expires_at__gt=self.now)) if run.is_over else []
        return {
            "files": files,
            "url": reverse("jobs:run.detail", kwargs={"pk": run.pk}),
            "problems": run.result.get("failed"),
        }

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        response = super().render(status, template, **context)
        if self.wants_fragment and self.object.is_over:
            response["HX-Refresh"] = "true"  # the badge and the files are outside the fragment
        return response


class FileDownload(FileDownloadView):
    policy_action = "job.download"

    def get_queryset(self):
        return StoredFile.objects.filter(organisation_path=self.actor.path, expires_at__gt=self.now).select_related(
            "job"
        )

    def policy_object(self) -> Any:
        return self.object.job

    def may_see(self, obj: Any) -> Any:
        return True

    def get_file(self) -> tuple[Any, str, str]:
        stored = self.object
        with transaction.atomic():
            record("jobs.file.downloaded", stored, actor=self.actor, now=self.now)
        return stored.file.open("rb"), stored.name, stored.content_type
