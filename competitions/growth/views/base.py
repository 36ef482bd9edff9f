"""Tabs, crumbs and small things the pages of the room share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.growth import queries
from competitions.growth.domain.people import checked_person, person_of
from competitions.rosters.persons import Person
from portal.accounts.models import Organisation
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.errors import Invalid
from portal.core.policies import may
from portal.web.ui import Action, Crumb

TABS = (
    ("competitions:mentorship.list", _("师徒合同"), "mentorship.view"),
    ("competitions:mentorship.figures", _("帮教统计"), "mentorship.view"),
    ("competitions:drill.list", _("练兵比武"), "drill.view"),
    ("competitions:drill.figures", _("练兵比武统计"), "drill.view"),
)
FILE_TABS = (
    ("competitions:growth.list", _("职工档案"), "growth.view"),
    ("competitions:growth.purges", _("删除记录"), "growth.view"),
)


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"competitions:{name}", kwargs=kwargs)


def mentorship_crumb() -> Crumb:
    return Crumb(_("师徒帮教"), url("mentorship.list"))


def drill_crumb() -> Crumb:
    return Crumb(_("练兵比武"), url("drill.list"))


def file_crumb() -> Crumb:
    return Crumb(_("职工成长档案"), url("growth.list"))


def own_union(actor: Actor) -> Organisation:
    """The union of the desk."""
    return Organisation.objects.get(pk=actor.at_desk.organisation_id)


def allowed(actor: Actor, obj: Any, *buttons: tuple[str, Action]) -> list[Action]:
    """The buttons whose policy lets this desk."""
    return [action for policy, action in buttons if may(actor, policy, obj)]


def asked_year(request: Any, now: Any) -> int:
    this_year, asked = local_date(now).year, request.GET.get("year", "")
    return int(asked) if asked.isdigit() and this_year - 9 <= int(asked) <= this_year else this_year


def person_choices(actor: Actor) -> list[tuple[str, str]]:
    """Workers the unit has a file of, then people on its rosters; the key says which it is."""
    files = list(queries.plain_files().filter(organisation__path=actor.path).order_by("name", "pk")[:500])
    known = {row.id_index for row in files}
    people = [row for row in queries.people_on_rosters(actor.path) if row.worker.id_index not in known]
    return [(f"f{row.pk}", f"{row.name}（{row.masked_id}）") for row in files] + [
        (f"w{row.pk}", f"{row.name}（{row.masked_id}，参赛名单）") for row in people
    ]


def read_person(actor: Actor, data: dict[str, Any], who: str, now: Any) -> Person:
    """Who was chosen or typed. Raises Invalid beside the form's own field."""
    key = data[f"{who}_known"]
    if key.startswith("f"):
        row = queries.plain_files().get(organisation__path=actor.path, pk=int(key[1:]))
        return Person(row.name, row.id_kind, row.id_number, row.sex)
    if key.startswith("w"):
        return person_of(next(row for row in queries.people_on_rosters(actor.path) if row.pk == int(key[1:])).worker)
    kind = data[f"{who}_id_kind"]
    try:
        return checked_person(name=data[f"{who}_name"], id_kind=kind, id_number=data[f"{who}_id_number"], now=now)
    except Invalid as error:
        fields = {f"{who}_{name}": messages for name, messages in error.fields.items()}
        raise Invalid(error.message, fields=fields) from error
