"""补登: honours of earlier years and of other authorities, entered by the union that conferred or keeps them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from awards.register.models import HonourRecord, HonourStatus
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.errors import Invalid
from portal.core.identifiers import citizen_id_problem
from portal.core.policies import policy_for
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints.vocabulary import SubjectKind
from portal.lifecycle.conferral.earlier import EarlierHonour, register_earlier

FACTS = ("honour", "recipient", "unit_name", "document_number", "conferred_on", "certificate_number")


def _number(raw: str, today: dt.date) -> str:
    """The keyed number, "" without one. Raises Invalid for an unsound number; never repeats it."""
    number = raw.strip().upper()
    if not number:
        return ""
    anywhere = settings.DEMO or getattr(settings, "ALLOW_UNASSIGNED_ID_AREA", False)
    if problem := citizen_id_problem(number, today=today, allow_unassigned_area=anywhere):
        raise Invalid(str(problem), fields={"id_number": [problem]})
    return blind_index(number)


@transaction.atomic
def enter_earlier(
    *, actor: Actor, issuer: Organisation, unit: Organisation, facts: dict[str, Any], id_number: str, now: dt.datetime
) -> HonourRecord:
    """A record without an entry. Of the number only its fingerprint is kept. Raises Invalid beside the field."""
    policy_for("honour").require(actor, "enter")
    today = local_date(now)
    if facts["conferred_on"] > today:
        message = _("命名日期不能晚于今天。")
        raise Invalid(message, fields={"conferred_on": [message]})
    if not unit.path.startswith(issuer.path):
        message = _("请填写本工会所属单位的工会编号。")
        raise Invalid(message, fields={"unit_code": [message]})
    index = _number(id_number, today)
    try:
        with transaction.atomic():
            row = HonourRecord.objects.create(
                issuer=issuer, recipient_path=unit.path, nominating_name=unit.name, year=facts["conferred_on"].year,
                recipient_kind=SubjectKind.PERSON if index else "", person_index=index, district_code=unit.district_code,
                **{name: facts[name].strip() if isinstance(facts[name], str) else facts[name] for name in FACTS},
            )  # fmt: skip
    except IntegrityError as error:
        message = _("这个证书编号已经登记过。")
        raise Invalid(message, fields={"certificate_number": [message]}) from error
    record("awards.honour.entered_earlier", row, actor=actor, now=now, certificate_number=row.certificate_number)
    return row


def of_person(person_index: str, root_path: str) -> list[EarlierHonour]:
    """Records that stand and that no entry led to: entries answer for themselves."""
    with system_scope("honours of one person are public facts"):
        rows = HonourRecord.objects.filter(
            person_index=person_index, entry=None, status=HonourStatus.VALID, recipient_path__startswith=root_path
        )
        return [EarlierHonour(row.conferred_on, row.honour, row.recipient, row.unit_name) for row in rows[:100]]


register_earlier(of_person)
