"""People come onto a roster, change, are accepted, and leave – and leaving takes what is known of them along."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from competitions.rosters.domain.consent import write_answer
from competitions.rosters.domain.leaving import forget
from competitions.rosters.domain.rosters import lock_roster, require_open
from competitions.rosters.enums import (
    Answer,
    ConsentState,
    Duty,
    IdKind,
    Means,
    NewGroup,
    ParticipationState,
    Sex,
    Source,
)
from competitions.rosters.links import link_index
from competitions.rosters.models import Participation, Roster, RosterTeam, Worker
from competitions.rosters.persons import Person, name_problem, number_problem, read_person
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row, require_transaction
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope

TOKEN_BYTES = 24
FACTS = ("trade", "duty", "is_frontline", "is_migrant", "group", "street")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a roster says about a person beside who it is."""

    trade: str = ""
    duty: str = Duty.MEMBER.value
    is_frontline: bool = False
    is_migrant: bool = False
    group: str = ""
    street: str = ""

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FACTS}


def new_link() -> dict[str, str]:
    """A fresh personal address: the token (stored encrypted) and its fingerprint."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return {"token": token, "token_index": link_index(token)}


def root_of(path: str) -> str:
    """Path of the federation at whose register somebody is counted once."""
    return path_prefixes(path)[0]


def allows_unassigned_area() -> bool:
    return settings.DEMO or getattr(settings, "ALLOW_UNASSIGNED_ID_AREA", False)


def checked_person(*, name: str, id_kind: str, id_number: str, sex: str = "", now: dt.datetime) -> Person:
    """The person, or Invalid with every problem beside its field (the number is never repeated)."""
    today = local_date(now)
    number = number_problem(id_kind, id_number, today=today, allow_unassigned_area=allows_unassigned_area())
    found = {"name": name_problem(name), "id_number": number}
    if id_kind not in IdKind.values:
        found["id_kind"] = _("请选择证件类型。")
    if id_kind == IdKind.PASSPORT and sex not in Sex.values:
        found["sex"] = _("请选择性别。")
    fields = {key: [problem] for key, problem in found.items() if problem}
    if fields:
        raise Invalid("".join(m for messages in fields.values() for m in messages), fields=fields)
    return read_person(id_kind, name, id_number, today=today, sex=sex)


def _worker(root: str, person: Person, now: dt.datetime) -> Worker:
    """The one row of the federation's register for this person. The caller holds the lock on the fingerprint."""
    index = blind_index(person.key)
    with system_scope("somebody is in the register once, whichever unit entered them first"):
        worker = Worker.objects.filter(root_path=root, id_index=index).first()
    if worker is None:
        worker = Worker.objects.create(
            root_path=root, name=person.name, id_kind=person.id_kind, id_number=person.id_number, id_index=index,
            sex=person.sex, created_at=now,
        )  # fmt: skip
    elif worker.name != person.name:
        message = _("这个证件号码已用另一个姓名登记过，请核对姓名和号码。")
        raise Invalid(message, fields={"name": [message]})
    return worker


def where_entered(filing_id: int, worker: Worker) -> Participation | None:
    """The participation of somebody in a competition, on whichever roster."""
    with system_scope("nobody takes part twice in one competition, whoever entered them"):
        rows = Participation.objects.select_related("roster__organisation", "roster__employer")
        return rows.filter(filing=filing_id, worker=worker).first()


def double_message(found: Participation, roster_id: int) -> str:
    if found.roster_id == roster_id:
        return _("该职工已在本名单中。")
    return _("该职工已由“%s”登记参加本竞赛，一项竞赛一人只登记一次，请与对方核对。") % found.roster.who


def _enter(
    *, roster: Roster, person: Person, facts: Facts, team: RosterTeam | None, now: dt.datetime, **more: Any
) -> Participation:
    require_transaction()
    if team is not None and team.roster_id != roster.pk:
        message = _("请选择本名单的班组。")
        raise Invalid(message, fields={"team": [message]})
    if facts.group and facts.group not in NewGroup.values:
        message = _("请选择群体。")
        raise Invalid(message, fields={"group": [message]})
    root = root_of(roster.organisation.path)
    advisory_lock(f"competitions:worker:{root}:{blind_index(person.key)}")
    worker = _worker(root, person, now)
    if found := where_entered(roster.filing_id, worker):
        message = double_message(found, roster.pk)
        raise Invalid(message, fields={"id_number": [message]}, code="double")
    return Participation.objects.create(
        roster=roster, filing_id=roster.filing_id, worker=worker, team=team, is_woman=person.sex == Sex.FEMALE,
        registered_at=now, **facts.values(), **new_link(), **more,
    )  # fmt: skip


@transaction.atomic
def register_person(
    *,
    actor: Actor,
    roster: Roster,
    person: Person,
    facts: Facts,
    now: dt.datetime,
    team: RosterTeam | None = None,
    source: str = Source.FORM,
) -> Participation:
    """Enters one worker; the consent is still to come. Raises Invalid for a double, on this roster or another unit's."""
    roster = lock_roster(roster)
    policy_for("roster").require(actor, "change", roster)
    require_open(roster.filing)
    row = _enter(roster=roster, person=person, facts=facts, team=team, now=now, source=source, registered_by=actor.user)
    record("competitions.participation.registered", row, actor=actor, now=now, roster=roster.pk)
    return row


@transaction.atomic
def apply_at_door(*, actor: Actor, roster: Roster, person: Person, facts: Facts, now: dt.datetime) -> Participation:
    """Somebody enters himself on the public page, having read and agreed; the union accepts later.

    The caller found the roster by its open door. Raises Conflict when the door closed, Invalid for a double – in the
    same words for every roster, so that the page tells nobody where somebody works.
    """
    with system_scope("the open door names the roster"):
        roster = lock_roster(roster)
        if not roster.door_index or roster.door_until is None or roster.door_until < local_date(now):
            raise Conflict(_("扫码登记已经截止。"))
        require_open(roster.filing)
        try:
            row = _enter(
                roster=roster, person=person, facts=facts, team=None, now=now, source=Source.SELF,
                state=ParticipationState.APPLIED, consent=ConsentState.GIVEN,
            )  # fmt: skip
        except Invalid as error:
            message = _("没有登记成功：您可能已经登记过，或姓名与证件号码不符。请核对，或联系工会。")
            raise Invalid(message, fields={"id_number": [message]}) from error
        write_answer(row, answer=Answer.GIVEN, means=Means.SELF, actor=actor, now=now)
        record("competitions.participation.applied", row, actor=actor, now=now, roster=roster.pk)
    return row


def lock_participation(row: Participation | int) -> Participation:
    return lock_row(Participation, row if isinstance(row, int) else row.pk)


@transaction.atomic
def change_person(
    *, actor: Actor, participation: Participation, facts: Facts, team: RosterTeam | None, now: dt.datetime
) -> Participation:
    """Corrects team, trade and groups. Who it is cannot be changed: that is another person."""
    row = lock_participation(participation)
    policy_for("participation").require(actor, "change", row)
    if team is not None and team.roster_id != row.roster_id:
        message = _("请选择本名单的班组。")
        raise Invalid(message, fields={"team": [message]})
    changed = [name for name, value in facts.values().items() if getattr(row, name) != value]
    if row.team_id != (team.pk if team else None):
        changed.append("team")
    for name, value in facts.values().items():
        setattr(row, name, value)
    row.team = team
    row.save()
    record("competitions.participation.changed", row, actor=actor, now=now, fields=changed)
    return row


@transaction.atomic
def accept_person(*, actor: Actor, participation: Participation, now: dt.datetime) -> Participation:
    """Takes somebody who entered himself onto the list: counted from now on."""
    row = lock_participation(participation)
    policy_for("participation").require(actor, "accept", row)
    row.state = ParticipationState.ACTIVE
    row.save(update_fields=["state"])
    record("competitions.participation.accepted", row, actor=actor, now=now)
    return row


@transaction.atomic
def reject_person(*, actor: Actor, participation: Participation, reason: str, now: dt.datetime) -> Participation:
    """Does not take somebody; what is known of the person is deleted at once."""
    row = lock_participation(participation)
    policy_for("participation").require(actor, "accept", row)
    if not reason.strip():
        message = _("请填写不接收的原因。")
        raise Invalid(message, fields={"reason": [message]})
    forget(row, state=ParticipationState.REJECTED, now=now)
    record("competitions.participation.rejected", row, actor=actor, now=now, reason=reason.strip())
    return row


@transaction.atomic
def remove_person(*, actor: Actor, participation: Participation, own_wish: bool, now: dt.datetime) -> Participation:
    """The unit takes somebody off the list – because the person wishes so, or because the entry was wrong."""
    row = lock_participation(participation)
    policy_for("participation").require(actor, "remove", row)
    if own_wish:
        write_answer(row, answer=Answer.WITHDRAWN, means=Means.UNIT, actor=actor, now=now)
    forget(row, state=ParticipationState.LEFT, now=now)
    record("competitions.participation.left", row, actor=actor, now=now, own_wish=own_wish)
    return row
