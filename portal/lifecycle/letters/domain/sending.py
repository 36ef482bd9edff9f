"""Sending: checked again letter by letter, written once for each person, then handed to mail and text messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.accounts.models import Membership
from portal.accounts.queries.desks import desk_of
from portal.accounts.scopes import scope_of
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row, lock_rows
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.core.scoping import scope
from portal.jobs.domain import start
from portal.jobs.models import JobRun, JobState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.letters.channels import ChannelError, reaches, send_out
from portal.lifecycle.letters.domain.drafting import CHANGEABLE
from portal.lifecycle.letters.events import Key, Reader, readers
from portal.lifecycle.letters.models import (
    BatchState,
    Channel,
    Delivery,
    DeliveryState,
    Letter,
    LetterBatch,
    LetterState,
)
from portal.lifecycle.letters.queries import people_by_organisation

JOB = "lifecycle.send_letters"
OPEN = (LetterState.DRAFT, LetterState.HELD)
CHUNK = 100
Report = Callable[[int, int, str], None]


def send_batch(*, batch: LetterBatch, actor: Actor, now: dt.datetime) -> JobRun:
    """Starts sending what may go out now; what must wait is held and can be sent later from the same batch.

    Raises Refused by policy, Conflict when it has gone out or is under way, Invalid when nothing may go out yet.
    """
    policy_for("letter").require(actor, "send", batch)
    with transaction.atomic():
        locked = lock_row(LetterBatch, batch.pk)
        if locked.state not in CHANGEABLE and not _is_stuck(locked):
            raise Conflict(_("这批函件已发送、正在发送或已作废。"))
        reasons = _why_not(locked, now)
        if reasons is not None:
            raise Invalid(_("还不能发送：%s。") % "；".join(reasons))
        return _start(locked, actor, now)


def resend_failed(*, batch: LetterBatch, actor: Actor, now: dt.datetime) -> JobRun:
    """Mails and text messages that were refused go out again; those whose fate is unknown do not.

    Raises Refused by policy, Conflict when nothing failed or sending is under way.
    """
    policy_for("letter").require(actor, "send", batch)
    with transaction.atomic():
        locked = lock_row(LetterBatch, batch.pk)
        failed = Delivery.objects.filter(letter__batch=locked, state=DeliveryState.FAILED)
        if locked.state == BatchState.SENDING or not failed.update(state=DeliveryState.WAITING, error=""):
            raise Conflict(_("没有发送失败的邮件或短信，或者正在发送。"))
        return _start(locked, actor, now)


def _start(batch: LetterBatch, actor: Actor, now: dt.datetime) -> JobRun:
    batch.state, batch.runs, batch.sent_by, batch.sent_at = BatchState.SENDING, batch.runs + 1, actor.user, now
    batch.save(update_fields=["state", "runs", "sent_by", "sent_at", "updated_at"])
    record("lifecycle.letters.sending", batch, actor=actor, run=batch.runs, channels=batch.channels, now=now)
    title = _("发送函件：%s") % batch
    return start(JOB, key=run_key(batch), actor=actor, params={"batch_id": batch.pk}, title=title, now=now)


def run_key(batch: LetterBatch) -> str:
    """Each time a batch is sent is a run of its own."""
    return f"{batch.pk}-{batch.runs}"


def _is_stuck(batch: LetterBatch) -> bool:
    """Its worker gave up: people may send again, nothing goes out twice."""
    runs = JobRun.objects.filter(key=f"{JOB}:{run_key(batch)}", state=JobState.FAILED)
    return batch.state == BatchState.SENDING and runs.exists()


def _why_not(batch: LetterBatch, now: dt.datetime) -> list[str] | None:
    """None when at least one letter may go out now, else the reasons."""
    current = current_readers(batch, now)
    reasons: dict[str, None] = {}
    for key in batch.letters.filter(state__in=OPEN).values_list("organisation_id", "user_id", "entry_id"):
        why = why_held(current.get(key))
        if not why:
            return None
        reasons[why] = None
    return list(reasons) or [_("没有待发送的函件")]


def current_readers(batch: LetterBatch, now: dt.datetime) -> Mapping[Key, Reader]:
    """Whom the event concerns at this moment."""
    return {reader.key: reader for reader in readers(batch.cycle, batch.event, now=now)}


def why_held(reader: Reader | None) -> str:
    """Why a letter may not go out; empty when it may."""
    return _("情况已变化，不再需要告知") if reader is None else reader.held


def deliver_batch(*, batch: LetterBatch, actor: Actor, now: dt.datetime, report: Report) -> dict[str, int]:
    """The job's work: every open letter is checked against the present and goes out, or is held with its reason.

    Returns how many letters were ``sent`` and ``held`` and how many mails and text messages ``failed``. Running it
    again sends nothing twice.
    """
    current = current_readers(batch, now)
    pks = list(batch.letters.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True))
    people = _people(batch)
    seen = _visible(batch, people)
    for first in range(0, len(pks), CHUNK):
        with transaction.atomic():
            chunk = lock_rows(Letter.objects.filter(pk__in=pks[first : first + CHUNK], state__in=OPEN))
            for letter in chunk:
                key = (letter.organisation_id, letter.user_id, letter.entry_id)
                _settle(letter, why_held(current.get(key)), people.get((key[0], key[1]), []), seen)
            Letter.objects.bulk_update(chunk, ["state", "note"])
            sent = [letter for letter in chunk if letter.state == LetterState.SENT]
            rows = [row for letter in sent for row in _deliveries(letter, batch, people, seen, now)]
            Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        report(min(first + CHUNK, len(pks)), len(pks), str(_("核对并写入收件箱")))
    failed = send_waiting(Delivery.objects.filter(letter__batch=batch), report)
    return _finish(batch, actor, now, failed)


def _people(batch: LetterBatch) -> dict[tuple[int, int | None], list[Membership]]:
    """Who reads, by (union, expert)."""
    rows = list(batch.letters.filter(state__in=OPEN).values_list("organisation_id", "user_id"))
    unions = people_by_organisation(organisation for organisation, user in rows if user is None)
    found: dict[tuple[int, int | None], list[Membership]] = {(pk, None): desks for pk, desks in unions.items()}
    experts = Membership.objects.filter(
        user_id__in={user for _organisation, user in rows if user}, role=Role.EXPERT, is_active=True, user__is_active=True
    )  # fmt: skip
    for membership in experts.select_related("user", "organisation"):
        found.setdefault((membership.organisation_id, membership.user_id), []).append(membership)
    return found


def _visible(batch: LetterBatch, people: Mapping[tuple[int, int | None], list[Membership]]) -> set[tuple[int, int]]:
    """(membership, entry) of everybody who may see the entry that the letter is about: asked in each desk's own scope."""
    entries: dict[int, set[int]] = {}
    for organisation, entry in batch.letters.filter(entry__isnull=False).values_list("organisation_id", "entry_id"):
        entries.setdefault(organisation, set()).add(entry)
    found: set[tuple[int, int]] = set()
    for (organisation, _user), desks in people.items():
        for membership in desks if organisation in entries else ():
            with scope(scope_of(Actor(user=membership.user, desk=desk_of(membership)))):
                rows = Entry.objects.filter(pk__in=entries[organisation]).values_list("pk", flat=True)
                found.update((membership.pk, pk) for pk in rows)
    return found


def _readers_of(letter: Letter, desks: Iterable[Membership], seen: set[tuple[int, int]]) -> list[Membership]:
    """One desk for each person who may know of the letter."""
    allowed = [m for m in desks if letter.entry_id is None or (m.pk, letter.entry_id) in seen]
    return list({m.user_id: m for m in reversed(allowed)}.values())


def _settle(letter: Letter, held: str, desks: Iterable[Membership], seen: set[tuple[int, int]]) -> None:
    if not held and not _readers_of(letter, desks, seen):
        held = _("收件单位没有可以登录的人员")
    letter.state = LetterState.HELD if held else LetterState.SENT
    letter.note = held


def _deliveries(
    letter: Letter,
    batch: LetterBatch,
    people: Mapping[tuple[int, int | None], list[Membership]],
    seen: set[tuple[int, int]],
    now: dt.datetime,
) -> list[Delivery]:
    desks = people.get((letter.organisation_id, letter.user_id), [])
    return [
        delivery(
            membership, channel, letter.heading, letter.body, sender=batch.cycle.owner.name, now=now, letter=letter
        )
        for membership in _readers_of(letter, desks, seen)
        for channel in batch.channels
        if reaches(channel, membership.user)
    ]


def delivery(
    membership: Membership, channel: str, heading: str, body: str, *, sender: str, now: dt.datetime,
    letter: Letter | None = None,
) -> Delivery:  # fmt: skip
    """An unsaved delivery; on the site it has arrived with being written."""
    return Delivery(
        letter=letter,
        organisation_id=membership.organisation_id,
        user_id=membership.user_id,
        sender_name=sender[:120],
        channel=channel,
        state=DeliveryState.SENT if channel == Channel.SITE else DeliveryState.WAITING,
        heading=heading[:300],
        body=body,
        created_at=now,
    )


def send_waiting(rows: object, report: Report | None = None) -> int:
    """Hands waiting mails and text messages over, one by one; returns how many were refused.

    Each is claimed before it leaves, so that a second worker, or the same one after a crash, never sends it again.
    """
    waiting = list(rows.filter(state=DeliveryState.WAITING).order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]
    failed = 0
    for number, pk in enumerate(waiting, 1):
        one = Delivery.objects.filter(pk=pk)
        if not one.filter(state=DeliveryState.WAITING).update(state=DeliveryState.SENDING):
            continue
        row = one.select_related("user").get()
        try:
            send_out(row.channel, row.user, heading=row.heading, body=row.body, sender=row.sender_name)
        except ChannelError as error:
            failed += 1
            one.update(state=DeliveryState.FAILED, error=str(error)[:200])
        else:
            one.update(state=DeliveryState.SENT)
        if report and (number % 20 == 0 or number == len(waiting)):
            report(number, len(waiting), str(_("发送邮件和短信")))
    return failed


def _finish(batch: LetterBatch, actor: Actor, now: dt.datetime, failed: int) -> dict[str, int]:
    with transaction.atomic():
        locked = lock_row(LetterBatch, batch.pk)
        counts = {
            "sent": locked.letters.filter(state=LetterState.SENT).count(),
            "held": locked.letters.filter(state=LetterState.HELD).count(),
            "failed": failed,
        }
        locked.state = BatchState.PARTLY if counts["held"] else BatchState.SENT
        locked.save(update_fields=["state", "updated_at"])
        record("lifecycle.letters.sent", locked, actor=actor, now=now, **counts)
    return counts
