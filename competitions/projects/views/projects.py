"""The register, the wall, the page of a project, and what is done to it as a whole."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects import forms, overview, queries
from competitions.projects.display import light_badge
from competitions.projects.domain import progress, register
from competitions.projects.enums import Light
from competitions.projects.tables import ProjectFilters, ProjectTable
from competitions.projects.views.base import ROOM_TABS, OfOnePart, OfOneProject, list_crumb
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.decisions import refuse
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext, SavedView
from portal.web.views import ActionView, DetailView, FormView, ListView, PageView, Tabbed


def url_of(project: Any, name: str) -> str:
    return reverse(f"competitions:{name}", kwargs={"pk": project.pk})


class ProjectList(Tabbed, ListView):
    room_tabs = ROOM_TABS
    policy_action = "project.view"
    table_class = ProjectTable
    filters_class = ProjectFilters
    title = _("重点工程")
    subtitle = _("在建和新建重点工程普遍开展“五比一创”竞赛：方案备案、按期报进展、问题逐项销号。")
    export_name = _("重点工程登记表")
    saved_views = (
        SavedView(_("滞后"), "light=red"),
        SavedView(_("偏慢"), "light=yellow"),
        SavedView(_("未报方案"), "planless=on"),
        SavedView(_("已归档"), "archived=on"),
    )

    def get_queryset(self) -> Any:
        return queries.projects(now=self.now)

    def page_actions(self) -> list[Action]:
        new = Action(_("登记工程"), reverse("competitions:project.register"), icon="plus", kind="primary")
        wall = Action(_("总览墙"), reverse("competitions:project.wall"), icon="layout-dashboard")
        asked = ((new, "project.register"), (wall, "project.wall"))
        return [action for action, policy in asked if may(self.actor, policy)]


class ProjectWall(PageView):
    """All projects that are not archived, the worst first; large enough for a wall, one column on a phone."""

    policy_action = "project.wall"
    template_name = "competitions/wall.html"
    title = _("重点工程总览")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def context(self) -> dict[str, Any]:
        living = queries.projects(now=self.now).filter(archived_at=None)
        rows = list(queries.by_severity(living).order_by("severity", "-gap", "number"))
        filed, total = queries.coverage(living)
        counts = Counter(row.light for row in rows)
        return {
            "cards": [overview.card(row, self.now) for row in rows],
            "total": len(rows),
            "filed": filed,
            "running": total,
            "coverage": filed / total if total else None,
            "covered": _("%(filed)d / %(total)d 项已备案") % {"filed": filed, "total": total},
            "red": counts[Light.RED],
            "yellow": counts[Light.YELLOW],
            "open_tickets": sum(row.open_tickets for row in rows),
            "overdue_tickets": sum(row.overdue_tickets for row in rows),
        }


class ProjectRegister(FormView):
    policy_action = "project.register"
    form_class = forms.ProjectForm
    title = _("登记重点工程")
    submit_label = _("登记")

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb()]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        reporter = form.cleaned_data["reporter"]
        project = register.register_project(
            actor=self.actor, owner=owner, reporter=reporter, facts=form.facts, now=self.now
        )
        return self.done(_("已登记，编号%s。下一步：备案竞赛方案。") % project.number, project.get_absolute_url())


class ProjectDetail(OfOneProject, DetailView):
    policy_action = "project.view"
    template_name = "competitions/project_detail.html"
    context_name = "project"

    def page(self) -> PageContext:
        project = self.object
        return PageContext(
            title=project.name, subtitle=f"{project.number} · {project.get_kind_display()}",
            badge=light_badge(project.light), crumbs=[list_crumb()], actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        project = self.object
        plan = _("调整计划") if project.has_plan else _("备案竞赛方案")
        possible = (
            ("project.plan", plan, "plan", "chart-line", "secondary" if project.has_plan else "primary", ""),
            ("ticket.raise", _("提出问题"), "raise", "alert-triangle", "secondary", ""),
            ("inspection.plan", _("安排调研"), "inspect", "walk", "secondary", ""),
            ("scorecard.add", _("五比一创评分"), "inspect", "stars", "secondary", ""),
            ("care.add", _("登记慰问"), "care", "heart-handshake", "secondary", ""),
            ("project.edit", _("修改登记"), "change", "edit", "secondary", ""),
            ("project.close", _("办理收尾"), "close", "flag", "secondary", ""),
            ("project.archive", _("归档"), "archive", "archive", "primary", _("归档后只能查看，不能再修改。")),
        )
        open_points = register.open_points(project) if may(self.actor, "project.close", project) else []
        blocked = {"project.close": refuse("open_points", "".join(open_points))} if open_points else {}
        return [
            Action(
                label, url_of(project, name), icon=icon, kind=kind, post=bool(confirm), confirm=confirm,
                decision=blocked.get(name),
            )
            for name, label, action, icon, kind, confirm in possible
            if may(self.actor, f"project.{action}", project)
        ]  # fmt: skip

    def context(self) -> dict[str, Any]:
        return overview.page_of(self.object, actor=self.actor, now=self.now)


class ProjectEdit(OfOneProject, FormView):
    policy_action = "project.change"
    form_class = forms.ProjectForm
    title = _("修改登记")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def get_initial(self) -> dict[str, Any]:
        return forms.ProjectForm.initial_of(self.object)

    def perform(self, form: Any) -> HttpResponse:
        reporter = form.cleaned_data["reporter"]
        project = register.change_project(
            actor=self.actor, project=self.object, reporter=reporter, facts=form.facts, now=self.now
        )
        return self.done(_("登记内容已修改。"), project.get_absolute_url())


class ProjectPlan(OfOneProject, FormView):
    policy_action = "project.plan"
    form_class = forms.PlanForm
    title = _("竞赛方案和计划进度")
    submit_label = _("备案")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"slots": progress.plan_slots(self.object)}

    def perform(self, form: Any) -> HttpResponse:
        progress.file_plan(
            actor=self.actor,
            project=self.object,
            percents=form.percents,
            files=form.cleaned_data["files"],
            now=self.now,
        )
        message = _("竞赛方案已备案，各期进展的报送任务已生成，到期会出现在工作台。")
        return self.done(message, self.object.get_absolute_url())


class ProjectClose(OfOneProject, FormView):
    policy_action = "project.close"
    form_class = forms.CloseForm
    title = _("办理收尾")
    submit_label = _("办理收尾")
    confirm = _("收尾后不再报送进展、登记调研和问题，只剩归档。")

    def get_initial(self) -> dict[str, Any]:
        return {"finished_on": local_date(self.now)}

    def perform(self, form: Any) -> HttpResponse:
        register.close_project(actor=self.actor, project=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("已收尾。核对无误后请归档。"), self.object.get_absolute_url())


class ProjectArchive(OfOneProject, ActionView):
    policy_action = "project.archive"

    def perform(self) -> HttpResponse:
        register.archive_project(actor=self.actor, project=self.object, now=self.now)
        return self.done(_("已归档，今后只能查看。"), self.object.get_absolute_url())


class ParticipantAdd(OfOneProject, FormView):
    policy_action = "project.change"
    form_class = forms.ParticipantForm
    title = _("增加参与工会")
    submit_label = _("增加")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def perform(self, form: Any) -> HttpResponse:
        row = register.add_participant(actor=self.actor, project=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("%s已加入，可以查看本工程。") % row.organisation, self.object.get_absolute_url())


class ParticipantRemove(OfOnePart, ActionView):
    policy_action = "project.change"

    def get_queryset(self) -> Any:
        return queries.all_participants()

    def perform(self) -> HttpResponse:
        project = register.remove_participant(actor=self.actor, participant=self.object, now=self.now)
        return self.done(_("已移除，该工会不再能查看本工程。"), project.get_absolute_url())


class MilestoneAdd(OfOneProject, FormView):
    policy_action = "project.plan"
    form_class = forms.MilestoneForm
    title = _("增加关键节点")

    def perform(self, form: Any) -> HttpResponse:
        progress.add_milestone(actor=self.actor, project=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("节点已增加。"), self.object.get_absolute_url())


class MilestoneDone(OfOnePart, FormView):
    policy_action = "project.plan"
    form_class = forms.MilestoneDoneForm
    title = _("登记节点完成")

    def get_queryset(self) -> Any:
        return queries.milestones()

    def get_initial(self) -> dict[str, Any]:
        return {"done_on": local_date(self.now)}

    def get_cancel_url(self) -> str:
        return self.object.project.get_absolute_url()

    def perform(self, form: Any) -> HttpResponse:
        row = progress.finish_milestone(
            actor=self.actor, milestone=self.object, done_on=form.cleaned_data["done_on"], now=self.now
        )
        return self.done(_("“%s”已登记完成。") % row.title, row.project.get_absolute_url())
