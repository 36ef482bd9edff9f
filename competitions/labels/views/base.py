"""Tabs and crumbs that the pages of the room share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.policies import may
from portal.web.ui import Action, Crumb

ROOM = (
    ("competitions:label.home", _("概览"), "workteam.view"),
    ("competitions:workteam.list", _("班组"), "workteam.view"),
    ("competitions:teamlabel.list", _("称号"), "teamlabel.view"),
    ("competitions:campaign.list", _("年度复查"), "recheck.view"),
    ("competitions:recheck.list", _("复查明细"), "recheck.view"),
    ("competitions:teamcontest.list", _("班组竞赛"), "teamcontest.view"),
    ("competitions:ratingpoint.list", _("服务评价"), "rating.view"),
)


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"competitions:{name}", kwargs=kwargs)


def home_crumb() -> Crumb:
    return Crumb(_("班组称号和服务评价"), url("label.home"))


def own_union(actor: Actor) -> Organisation:
    """The union of the desk."""
    return Organisation.objects.get(pk=actor.at_desk.organisation_id)


def allowed(actor: Actor, obj: Any, *buttons: tuple[str, Action]) -> list[Action]:
    """The buttons whose policy lets this desk."""
    return [action for policy, action in buttons if may(actor, policy, obj)]
