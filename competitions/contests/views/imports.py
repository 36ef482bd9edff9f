"""Workbooks of the year's plan, of competitors and of marks: templates, upload, what came of a large one."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.contests import queries, workbooks
from competitions.contests.domain import imports
from competitions.contests.enums import ImportedSheet
from competitions.contests.views.base import list_crumb, url
from competitions.contests.views.loading import SHOWN, WorkbookLoad
from competitions.contests.views.results import OfPart
from portal.accounts.display import import_status
from portal.accounts.enums import ImportState
from portal.accounts.imports.template import template
from portal.web.exports import XLSX
from portal.web.formats import cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext
from portal.web.views import DetailView, FileDownloadView


def plan_crumb() -> Crumb:
    return Crumb(_("年度工种计划"), reverse("competitions:contest.plan"))


class PlanTemplate(FileDownloadView):
    policy_action = "contest.plan"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(workbooks.PLAN)), _t("年度赛项计划模板.xlsx"), XLSX


class PlanLoad(WorkbookLoad):
    policy_action = "contest.plan"
    title = _("Excel 列入计划")
    kind = ImportedSheet.PLAN

    def page_crumbs(self) -> list[Crumb]:
        return [plan_crumb()]

    def context(self) -> dict[str, Any]:
        return super().context() | {"template_url": reverse("competitions:contest.plan_template")}

    def load(self, content: bytes) -> HttpResponse:
        found = imports.load_plan(actor=self.actor, content=content, now=self.now)
        year = found[0].year if found else ""
        address = f"{reverse('competitions:contest.plan')}?year={year}"
        return self.done(_t("已列入计划%d个赛项。") % len(found), address)


class PartTemplate(OfPart, FileDownloadView):
    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(workbooks.MARKS)), _t("%s成绩模板.xlsx") % self.object.title, XLSX


class PartLoad(OfPart, WorkbookLoad):
    title = _("导入成绩")
    kind = ImportedSheet.MARKS

    @property
    def part(self) -> Any:
        return self.object

    def context(self) -> dict[str, Any]:
        return super().context() | {"template_url": url("part.template", self.object.pk)}

    def load(self, content: bytes) -> HttpResponse:
        count = imports.load_marks(actor=self.actor, part=self.object, content=content, now=self.now)
        return self.done(_t("已导入%d名选手的成绩，请另一人复核。") % count, self.contest.get_absolute_url())


class ImportDetail(DetailView):
    """What became of the own union's workbook."""

    policy_action = "contest.view"
    template_name = "competitions/contest_import.html"
    context_name = "batch"

    def get_queryset(self) -> Any:
        return queries.imports().filter(organisation__path=self.actor.path)

    @property
    def target(self) -> str:
        if self.object.delegation:
            return self.object.delegation.get_absolute_url()
        part = self.object.part
        return part.contest.get_absolute_url() if part else reverse("competitions:contest.plan")

    @property
    def again(self) -> str:
        if self.object.delegation_id:
            return url("delegation.load", self.object.delegation_id)
        return url("part.load", self.object.part_id) if self.object.part else reverse("competitions:contest.plan_load")

    def page(self) -> PageContext:
        batch, actions = self.object, []
        if batch.state == ImportState.APPLIED:
            actions.append(Action(_("查看"), self.target, icon="arrow-right", kind="primary"))
        if batch.state == ImportState.FAULTY:
            actions.append(Action(_("改正后重新上传"), self.again, icon="upload", kind="primary"))
        return PageContext(title=batch.file_name, subtitle=batch.get_kind_display(), badge=import_status(batch),
                           crumbs=[list_crumb()], actions=actions)  # fmt: skip

    def context(self) -> dict[str, Any]:
        batch = self.object
        return {
            "running": batch.state == ImportState.APPLYING,
            "job_url": reverse("jobs:run.detail", kwargs={"pk": batch.job_id}) if batch.job_id else "",
            "problems": batch.problems[:SHOWN],
            "problem_count": len(batch.problems),
            "facts": [
                Fact(_("上传人"), f"{batch.uploaded_by.name}，{cn_datetime(batch.uploaded_at)}"),
                Fact(_("行数"), batch.rows),
                Fact(_("导入时间"), cn_datetime(batch.applied_at) if batch.applied_at else "—"),
            ],
        }
