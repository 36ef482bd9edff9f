"""Tabs and crumbs that the pages of the room share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovations.studios import queries
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Action, Crumb

ROOM = (
    ("innovations:studio.home", _("概览"), "studio.view"),
    ("innovations:studio.list", _("工作室"), "studio.view"),
    ("innovations:topic.list", _("课题"), "studio.view"),
    ("innovations:studioresult.list", _("成果"), "studio.view"),
    ("innovations:check.list", _("年度考核"), "studiocheck.view"),
    ("innovations:alliance.list", _("联盟"), "alliance.view"),
)


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"innovations:{name}", kwargs=kwargs)


def home_crumb() -> Crumb:
    return Crumb(_("创新工作室"), url("studio.home"))


def own_union(actor: Actor) -> Organisation:
    """The union of the desk."""
    return Organisation.objects.get(pk=actor.at_desk.organisation_id)


def allowed(actor: Actor, obj: Any, *buttons: tuple[str, Action]) -> list[Action]:
    """The buttons whose policy lets this desk."""
    return [action for policy, action in buttons if may(actor, policy, obj)]


class OfYear:
    """``?year=``; this year without it."""

    @property
    def year(self) -> int:
        text, this = self.request.GET.get("year", ""), local_date(self.now).year
        return int(text) if text.isdecimal() and this - 10 <= int(text) <= this + 1 else this


class OneStudio:
    """``pk`` of the address names the studio."""

    view_action = "studio.view"
    context_name = "studio"

    def get_queryset(self) -> Any:
        return queries.studios(local_date(self.now).year)

    def page_crumbs(self) -> list[Crumb]:
        studio = self.object
        return [home_crumb(), Crumb(_("工作室"), url("studio.list")), Crumb(studio.name, studio.get_absolute_url())]


class OneRecord:
    """``pk`` names a record; the policy is asked about its studio."""

    view_action = "studio.view"
    kind = ""

    def get_queryset(self) -> Any:
        return queries.records(self.kind)

    def policy_object(self) -> Any:
        return self.object.studio

    def page_crumbs(self) -> list[Crumb]:
        studio = self.object.studio
        return [home_crumb(), Crumb(studio.name, studio.get_absolute_url())]
