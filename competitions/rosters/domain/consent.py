"""What people are told, in numbered versions, and what they answer: by their own link, at the door, or on paper."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import tomllib
import uuid
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from competitions.rosters.domain.leaving import forget
from competitions.rosters.enums import Answer, ConsentState, Means, ParticipationState
from competitions.rosters.models import Consent, ConsentBatch, ConsentText, Participation, Roster, RosterTeam
from portal.audit.domain import record, record_many
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row, require_transaction
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import system_scope
from portal.web.uploads import checked_upload

SOURCE = Path(__file__).resolve().parents[1] / "definitions" / "consent.toml"
PAPERS = ("pdf", "jpg", "jpeg", "png")
MAX_MB = 20


def read_text() -> dict[str, Any]:
    """The text as it stands in the file."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


@transaction.atomic
def current_text(*, actor: Actor, now: dt.datetime) -> ConsentText:
    """The version people are asked to agree to; a changed file becomes the next one, and is there from then on."""
    content = read_text()
    fingerprint = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    if found := ConsentText.objects.filter(fingerprint=fingerprint).first():
        return found
    advisory_lock("competitions:consent-text")
    if found := ConsentText.objects.filter(fingerprint=fingerprint).first():
        return found
    last = ConsentText.objects.order_by("-version").first()
    row = ConsentText.objects.create(
        version=last.version + 1 if last else 1, title=content["title"], content=content, fingerprint=fingerprint,
        loaded_at=now,
    )  # fmt: skip
    record("competitions.consent.text_loaded", row, actor=actor, now=now, version=row.version, paths=("", ""))
    return row


def write_answer(
    row: Participation, *, answer: str, means: str, actor: Actor, now: dt.datetime, batch: ConsentBatch | None = None
) -> Consent:
    """Adds one answer under the present text; the caller has locked the participation and sets its state."""
    require_transaction()
    return Consent.objects.create(
        participation=row, text=current_text(actor=actor, now=now), answer=answer, means=means, batch=batch,
        recorded_by=actor.user, at=now,
    )  # fmt: skip


def _own(participation: Participation, last_four: str) -> Participation:
    """The row behind a personal link, locked, once the last four characters of the document fit."""
    row = lock_row(Participation, participation.pk)
    if not row.worker_id:
        raise Conflict(_("您已不在名单中，个人信息已删除。"))
    typed = last_four.strip().upper().encode()
    if not hmac.compare_digest(typed, row.worker.id_number[-4:].encode()):
        message = _("与登记的证件号码后四位不符，请核对。")
        raise Invalid(message, fields={"last_four": [message]}, code="last_four")
    return row


@transaction.atomic
def agree(*, actor: Actor, participation: Participation, last_four: str, now: dt.datetime) -> Participation:
    """Somebody agrees by the personal link. Once: raises Conflict when the answer is there already."""
    with system_scope("the personal link names the person"):
        row = _own(participation, last_four)
        if row.consent == ConsentState.GIVEN:
            raise Conflict(_("您已经同意过，不需要再次办理。"))
        write_answer(row, answer=Answer.GIVEN, means=Means.LINK, actor=actor, now=now)
        row.consent = ConsentState.GIVEN
        row.save(update_fields=["consent"])
        record("competitions.consent.given", row, actor=actor, now=now, means=Means.LINK)
    return row


@transaction.atomic
def leave(*, actor: Actor, participation: Participation, last_four: str, now: dt.datetime) -> Participation:
    """Somebody does not agree, or withdraws later: the data go at once, a line without a name stays."""
    with system_scope("the personal link names the person"):
        row = _own(participation, last_four)
        answer = Answer.WITHDRAWN if row.consent == ConsentState.GIVEN else Answer.REFUSED
        write_answer(row, answer=answer, means=Means.LINK, actor=actor, now=now)
        forget(row, state=ParticipationState.LEFT, now=now)
        record("competitions.participation.left", row, actor=actor, now=now, own_wish=True)
    return row


def record_batch(
    *,
    actor: Actor,
    roster: Roster,
    chosen: list[int],
    signed_on: dt.date,
    note: str,
    upload: Any,
    now: dt.datetime,
    team: RosterTeam | None = None,
) -> ConsentBatch:
    """Consent on paper of the ``chosen`` participations, with the scan of the signed sheet as evidence.

    All of them or none: raises Invalid when one of them is not (or no longer) waiting on this roster.
    """
    file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="file")
    with transaction.atomic():
        roster = lock_row(Roster, roster.pk)
        policy_for("roster").require(actor, "consent", roster)
        if signed_on > local_date(now):
            message = _("签字日期不能晚于今天。")
            raise Invalid(message, fields={"signed_on": [message]})
        rows = _waiting(roster, chosen)
        batch = ConsentBatch(
            roster=roster, team=team, signed_on=signed_on, note=note.strip(), people=len(rows), name=checked.name,
            size=checked.size, content_type=checked.content_type, sha256=checked.sha256, recorded_by=actor.user,
            recorded_at=now,
        )  # fmt: skip
        batch.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        batch.save()
        text = current_text(actor=actor, now=now)
        Consent.objects.bulk_create(
            [
                Consent(
                    participation=row, text=text, answer=Answer.GIVEN, means=Means.BATCH, batch=batch,
                    recorded_by=actor.user, at=now,
                )
                for row in rows
            ],
            batch_size=1000,
        )  # fmt: skip
        Participation.objects.filter(pk__in=[row.pk for row in rows]).update(consent=ConsentState.GIVEN)
        changes = [(row, {}, {"batch": batch.pk}) for row in rows]
        record_many("competitions.consent.given", changes, actor=actor, now=now, means=Means.BATCH)
        record(
            "competitions.consent.batch_recorded", batch, actor=actor, now=now, people=len(rows), sha256=batch.sha256
        )
    return batch


def _waiting(roster: Roster, chosen: list[int]) -> list[Participation]:
    wanted = set(chosen)
    rows = Participation.objects.filter(
        roster=roster, pk__in=wanted, state=ParticipationState.ACTIVE, consent=ConsentState.PENDING
    )
    found = list(rows.select_for_update().order_by("pk"))
    if not wanted or len(found) != len(wanted):
        message = _("请选择待同意的人员；有人刚刚同意或退出时，请刷新后重新选择。")
        raise Invalid(message, fields={"chosen": [message]})
    return found


def words_for(roster: Roster) -> list[dict[str, str]]:
    """The sections of the present text, with the competition, the unit and the contact filled in."""
    contact = " ".join(part for part in (roster.contact, roster.contact_phone) if part)
    names = {
        "competition": roster.filing.title,
        "organiser": roster.filing.owner.name,
        "unit": roster.who,
        "contact": contact or roster.organisation.name,
    }
    return [
        {"heading": section["heading"], "text": section["text"].format_map(names)} for section in read_text()["section"]
    ]
