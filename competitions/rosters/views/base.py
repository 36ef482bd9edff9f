"""What the pages of the rosters share: crumbs, and the roster that a page belongs to."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from competitions.rosters import queries
from competitions.rosters.models import Roster
from portal.core.policies import may
from portal.web.ui import Crumb


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"competitions:{name}", kwargs=kwargs)


def list_crumb() -> Crumb:
    return Crumb(_("参赛名单"), url("roster.list"))


def roster_crumb(roster: Roster) -> Crumb:
    return Crumb(str(roster), roster.get_absolute_url())


class OfOneRoster:
    """Views on the roster itself."""

    view_action = "roster.view"

    def get_queryset(self) -> QuerySet[Roster]:
        return queries.bare_rosters()

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), roster_crumb(self.object)]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class BelowRoster:
    """Lists below one roster: ``roster`` is looked up in the scope, the policy asked about it."""

    view_action = "roster.view"

    @cached_property
    def roster(self) -> Roster:
        found = queries.rosters().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def policy_object(self) -> Any:
        return self.roster

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), roster_crumb(self.roster)]

    def may(self, action: str) -> bool:
        return bool(may(self.actor, f"roster.{action}", self.roster))


class OfRosterPart:
    """Views on what belongs to a roster; the roster's policy decides."""

    view_action = "roster.view"

    def policy_object(self) -> Any:
        return self.object.roster

    def page_crumbs(self) -> list[Crumb]:
        return [list_crumb(), roster_crumb(self.object.roster)]

    def get_failure_url(self) -> str:
        return self.object.roster.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.object.roster.get_absolute_url()
