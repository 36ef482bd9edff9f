"""The unit's own address for its workers' phones; and proofs of points, handed in there or at the desk, checked by the unit."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.learning.domain.people import known_name, learner
from competitions.learning.enums import NATIONAL, ProofState
from competitions.learning.models import LearningDoor, PointsProof
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import path_prefixes, system_scope
from portal.web.uploads import checked_upload

PICTURES = ("jpg", "jpeg", "png")
MAX_MB = 10
MOST_POINTS = 1_000_000  # years of every day's full marks; more is a slip of the finger
EARLIEST = dt.date(2019, 1, 1)  # the platforms did not exist before


@transaction.atomic
def open_door(*, actor: Actor, organisation: Organisation, renew: bool, now: dt.datetime) -> LearningDoor:
    """The union's address: made the first time, opened again later; ``renew`` makes a new one and ends the old."""
    policy_for("learning").require(actor, "door")
    lock_row(Organisation, organisation.pk)
    row = LearningDoor.objects.filter(organisation=organisation).first() or LearningDoor(organisation=organisation)
    if renew or not row.token:
        row.token = secrets.token_urlsafe(12)
    row.is_open, row.opened_by, row.opened_at = True, actor.user, now
    row.save()
    record("competitions.learning.door_opened", row, actor=actor, now=now, renewed=renew)
    return row


@transaction.atomic
def close_door(*, actor: Actor, door: LearningDoor, now: dt.datetime) -> LearningDoor:
    row = lock_row(LearningDoor, door.pk)
    policy_for("learning").require(actor, "door", row)
    row.is_open = False
    row.save()
    record("competitions.learning.door_closed", row, actor=actor, now=now)
    return row


def _wrong(facts: dict[str, Any], today: dt.date) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if facts["platform"] not in NATIONAL:
        wrong["platform"] = [_("请选择学习平台。")]
    if not EARLIEST <= facts["as_of"] <= today:
        wrong["as_of"] = [_("截图日期应在今天或以前。")]
    if not 0 < facts["points"] <= MOST_POINTS:
        wrong["points"] = [_("请填写截图上的总积分。")]
    return wrong


@transaction.atomic
def hand_in_proof(
    *, actor: Actor, organisation: Organisation, door: LearningDoor | None, facts: dict[str, Any], upload: Any,
    now: dt.datetime,
) -> PointsProof:  # fmt: skip
    """A picture of somebody's points, by the unit's desk or (with ``door``) by the worker. Waits for the unit's checker.

    Raises Invalid beside the field; Conflict when the same day's picture of this person is there already.
    """
    if door is not None:
        policy_for("learning").require(actor, "learn", door)
    else:
        policy_for("proof").require(actor, "add")
    if wrong := _wrong(facts, local_date(now)):
        raise Invalid("".join(m for ms in wrong.values() for m in ms), fields=wrong)
    with system_scope("a worker hands in at the unit's own address; a number belongs to one name in the federation"):
        person = learner(facts["name"], facts["id_number"], now)
        index, root = blind_index(person.key), path_prefixes(organisation.path)[0]
        known_name(root, index, person)
        file, checked = checked_upload(upload, accept=PICTURES, max_mb=MAX_MB, field="file")
        row = PointsProof(
            root_path=root, organisation=organisation, name=person.name, id_number=person.id_number, id_index=index,
            platform=facts["platform"], as_of=facts["as_of"], points=facts["points"], by_worker=door is not None,
            file_name=checked.name, file_size=checked.size, content_type=checked.content_type, sha256=checked.sha256,
            uploaded_by=actor.user if door is None else None, uploaded_at=now,
        )  # fmt: skip
        same = PointsProof.objects.filter(
            root_path=root, id_index=index, platform=row.platform, as_of=row.as_of
        ).exclude(state=ProofState.RETURNED)
        if same.exists():
            raise Conflict(_("这一天的积分截图已经提交过，不用重复提交。"))
        row.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:  # competitions_proof_once
            raise Conflict(_("这一天的积分截图已经提交过，不用重复提交。")) from error
        record("competitions.proof.handed_in", row, actor=actor, now=now, sha256=row.sha256, by_worker=row.by_worker)
    return row


@transaction.atomic
def check_proof(*, actor: Actor, proof: PointsProof, accept: bool, reason: str, now: dt.datetime) -> PointsProof:
    """The unit's checker compares picture and number; no needs a reason. Nobody checks what they handed in themselves."""
    row = lock_row(PointsProof, proof.pk)
    policy_for("proof").require(actor, "check", row)
    if not accept and not reason.strip():
        message = _("请填写未认定的原因。")
        raise Invalid(message, fields={"reason": [message]})
    row.state = ProofState.ACCEPTED if accept else ProofState.RETURNED
    row.reason = "" if accept else reason.strip()
    row.checked_by, row.checked_at = actor.user, now
    row.save()
    record("competitions.proof.checked", row, actor=actor, now=now, state=row.state, reason=row.reason)
    return row
