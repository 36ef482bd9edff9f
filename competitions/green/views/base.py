"""What the pages of the room share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.green import queries
from competitions.green.overview import tabs
from portal.web.ui import Crumb, Tab


def home_crumb() -> Crumb:
    return Crumb(_("双碳竞赛"), reverse("competitions:green.overview"))


def url_of(obj: Any, name: str) -> str:
    return reverse(f"competitions:green.{name}", kwargs={"pk": obj.pk})


class InRoom:
    """One of the room's own pages: with its tabs."""

    view_action = "green.view"
    tab = ""

    def page_crumbs(self) -> list[Crumb]:
        return [] if self.tab == "green.overview" else [home_crumb()]

    def page_tabs(self) -> list[Tab]:
        return tabs(self.tab)


class OfSubject:
    """Pages about one subject."""

    view_action = "green.view"

    def get_queryset(self) -> Any:
        return queries.subjects(now=self.now)

    def page_crumbs(self) -> list[Crumb]:
        subjects = Crumb(_("参赛主体"), reverse("competitions:green.subjects"))
        return [home_crumb(), subjects, Crumb(self.object.name, self.object.get_absolute_url())]


class OfReading:
    view_action = "green.view"

    def get_queryset(self) -> Any:
        return queries.readings()

    def page_crumbs(self) -> list[Crumb]:
        readings = Crumb(_("能耗月报"), reverse("competitions:green.readings"))
        subject = self.object.subject
        return [home_crumb(), readings, Crumb(subject.name, subject.get_absolute_url())]


class OfBaseline(OfReading):
    def get_queryset(self) -> Any:
        return queries.baselines()


class OfSuggestion:
    view_action = "green.view"

    def get_queryset(self) -> Any:
        return queries.suggestions()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("节能建议"), reverse("competitions:green.suggestions"))]
