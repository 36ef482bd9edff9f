"""Who learns: read from what was typed on a phone, compared with what the federation knows."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from competitions.learning.models import Completion, PointsProof
from competitions.rosters.domain.people import checked_person
from competitions.rosters.enums import IdKind
from competitions.rosters.models import Worker
from competitions.rosters.persons import Person
from portal.core.errors import Invalid


def learner(name: str, id_number: str, now: dt.datetime) -> Person:
    """A citizen with a sound number, or Invalid beside the field."""
    return checked_person(name=name, id_kind=IdKind.CITIZEN, id_number=id_number, now=now)


def known_name(root: str, index: str, person: Person) -> None:
    """Raises Invalid when the number is known in the federation under another name. The caller has the system's scope."""
    for model in (Worker, Completion, PointsProof):
        found = model.objects.filter(root_path=root, id_index=index).values_list("name", flat=True).first()
        if found is not None and found != person.name:
            message = _("姓名与这个证件号码登记过的不一致，请核对姓名和号码；仍有疑问请联系单位工会。")
            raise Invalid(message, fields={"name": [message]})
