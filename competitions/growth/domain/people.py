"""Opening a worker's file: once for a person in a unit, recognised by the keyed fingerprint of the document."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.growth.models import WorkerFile
from competitions.rosters.domain.people import checked_person
from competitions.rosters.models import Worker
from competitions.rosters.persons import Person
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.db import advisory_lock, lock_row, require_transaction
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope

FACTS = ("trade", "level", "level_certificate", "joined_on")


def person_of(worker: Worker) -> Person:
    """The register's entry as checked when it came in."""
    return Person(worker.name, worker.id_kind, worker.id_number, worker.sex)


def file_of(
    *, actor: Actor, organisation: Organisation, person: Person, trade: str = "", now: dt.datetime
) -> WorkerFile:
    """The unit's file of this person, opened when there is none yet. The caller has the transaction and the right.

    Raises Invalid (field ``name``) when the number is known under another name – here or in the federation's register.
    """
    require_transaction()
    index, root = blind_index(person.key), path_prefixes(organisation.path)[0]
    advisory_lock(f"competitions:growth:{organisation.pk}:{index}")
    found = WorkerFile.objects.filter(organisation=organisation, id_index=index).first()
    with system_scope("a number belongs to one name in the federation's register"):
        registered = Worker.objects.filter(root_path=root, id_index=index).values_list("name", flat=True).first()
    known = found.name if found else registered
    if known is not None and known != person.name:
        message = _("这个证件号码已用另一个姓名登记过，请核对姓名和号码。")
        raise Invalid(message, fields={"name": [message]})
    if found is not None:
        return found
    row = WorkerFile.objects.create(
        organisation=organisation, root_path=root, name=person.name, id_kind=person.id_kind,
        id_number=person.id_number, id_index=index, sex=person.sex, trade=trade, opened_by=actor.user,
    )  # fmt: skip
    record("competitions.growth.opened", row, actor=actor, now=now)
    return row


@transaction.atomic
def open_file(
    *, actor: Actor, organisation: Organisation, person: Person, facts: dict[str, Any], now: dt.datetime
) -> WorkerFile:
    """Opens the file of a worker and keeps trade and skill level. Raises Invalid when the unit has it already."""
    policy_for("growth").require(actor, "add")
    index = blind_index(person.key)
    if WorkerFile.objects.filter(organisation=organisation, id_index=index).exists():
        message = _("本单位已有该职工的成长档案。")
        raise Invalid(message, fields={"id_number": [message]}, code="double")
    row = file_of(actor=actor, organisation=organisation, person=person, now=now)
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save()
    return row


@transaction.atomic
def change_file(*, actor: Actor, file: WorkerFile, facts: dict[str, Any], now: dt.datetime) -> WorkerFile:
    """Changes trade, level and dates; who the person is does not change."""
    row = lock_row(WorkerFile, file.pk)
    policy_for("growth").require(actor, "change", row)
    before = {name: str(getattr(row, name) or "") for name in FACTS}
    for name in FACTS:
        setattr(row, name, facts[name])
    row.save()
    after = {name: str(getattr(row, name) or "") for name in FACTS}
    changed = [name for name in FACTS if before[name] != after[name]]
    record(
        "competitions.growth.changed", row, actor=actor, now=now, before={n: before[n] for n in changed},
        after={n: after[n] for n in changed},
    )  # fmt: skip
    return row


@transaction.atomic
def note_reading(*, actor: Actor, file: WorkerFile, printed: bool, now: dt.datetime) -> None:
    """Leaves in the log who read or printed whose file."""
    policy_for("growth").require(actor, "view", file)
    record("competitions.growth.printed" if printed else "competitions.growth.read", file, actor=actor, now=now)


__all__ = ["change_file", "checked_person", "file_of", "note_reading", "open_file", "person_of"]
