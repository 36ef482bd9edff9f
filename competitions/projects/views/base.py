"""What the pages of one project share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects import queries
from competitions.projects.models import KeyProject
from portal.web.ui import Crumb

ROOM_TABS = (
    ("competitions:project.list", _("工程"), "project.view"),
    ("competitions:period.list", _("进展"), "period.view"),
    ("competitions:ticket.list", _("问题单"), "ticket.view"),
    ("competitions:inspection.list", _("调研指导"), "project.wall"),
    ("competitions:care.list", _("职工慰问"), "project.wall"),
)


def list_crumb() -> Crumb:
    return Crumb(_("重点工程"), reverse("competitions:project.list"))


def project_crumb(project: KeyProject) -> Crumb:
    return Crumb(project.name, project.get_absolute_url())


class OfOneProject:
    """Views on the project itself: looked up with its figures."""

    view_action = "project.view"

    def get_queryset(self) -> QuerySet[KeyProject]:
        return queries.projects(now=self.now)

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), project_crumb(self.object)]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class OfOnePart:
    """Views on what belongs to a project; ``parent_policy`` asks the policy about the project."""

    view_action = "project.view"
    asks_project = True

    def policy_object(self) -> Any:
        return self.object.project if self.asks_project else self.object

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), project_crumb(self.object.project)]

    def get_failure_url(self) -> str:
        return self.object.project.get_absolute_url()
