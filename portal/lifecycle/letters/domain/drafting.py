"""Letters before they go out: drafted for everybody concerned, read, changed, left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.letters import HEADING_LENGTH, LetterEvent, fill, text_problems, words_for
from portal.lifecycle.letters.channels import offered
from portal.lifecycle.letters.events import ONCE, Reader, readers
from portal.lifecycle.letters.models import BatchState, Channel, Letter, LetterBatch, LetterState
from portal.lifecycle.letters.queries import told_already
from portal.lifecycle.programmes.models import Cycle
from portal.web.formats import cn_date

CHANGEABLE = (BatchState.DRAFT, BatchState.PARTLY)


def draft_letters(*, cycle: Cycle, event: str, actor: Actor, now: dt.datetime) -> LetterBatch:
    """One letter for every reader whom the event concerns now, in the programme's words; nothing goes out.

    Raises Refused by policy, Invalid when nobody is concerned, Conflict when a draft of this event exists.
    """
    policy_for("letter").require(actor, "draft", cycle)
    found = readers(cycle, event, now=now)
    if event in ONCE:
        told = told_already(cycle, event)
        found = [reader for reader in found if reader.key not in told]
    if not found:
        raise Invalid(_("现在没有需要告知的对象。"))
    words = words_for(cycle.rules.letters, event)
    try:
        with transaction.atomic():
            batch = LetterBatch.objects.create(
                cycle=cycle,
                event=event,
                heading=words.heading,
                body=words.body,
                channels=[str(Channel.SITE)],
                created_by=actor.user,
            )
            Letter.objects.bulk_create([_letter(batch, reader, now) for reader in found], batch_size=1000)
            record("lifecycle.letters.drafted", batch, actor=actor, event=event, letters=len(found), now=now)
    except IntegrityError as error:
        raise Conflict(_("“%s”已有一批拟稿，请先发送或作废。") % LetterEvent(event).label) from error
    return batch


def _letter(batch: LetterBatch, reader: Reader, now: dt.datetime) -> Letter:
    values = merged(batch.cycle, reader, now)
    return Letter(
        batch=batch,
        organisation_id=reader.organisation_id,
        user_id=reader.user_id,
        entry_id=reader.entry_id,
        reader=reader.name[:200],
        values=values,
        heading=fill(batch.event, batch.heading, values)[:300],
        body=fill(batch.event, batch.body, values),
        state=LetterState.HELD if reader.held else LetterState.DRAFT,
        note=reader.held,
    )


def merged(cycle: Cycle, reader: Reader, now: dt.datetime) -> dict[str, str]:
    """Everything that words in braces of this reader's letter may stand for."""
    common = {
        "recipient": reader.name,
        "programme": cycle.programme.title,
        "cycle": str(cycle),
        "sender": cycle.owner.name,
        "contact": cycle.rules.texts.contact or cycle.owner.name,
        "date": cn_date(now),
    }
    return common | dict(reader.values)


def edit_batch(
    *, batch: LetterBatch, heading: str, body: str, channels: Sequence[str], actor: Actor, now: dt.datetime
) -> LetterBatch:
    """New words for the batch; letters that were changed one by one keep theirs.

    Raises Invalid beside the field for unknown words in braces, Conflict when the batch has gone out.
    """
    policy_for("letter").require(actor, "draft", batch)
    _check(batch.event, heading, body, channels)
    with transaction.atomic():
        locked = _open_batch(batch)
        before = {"heading": locked.heading, "body": locked.body, "channels": locked.channels}
        locked.heading, locked.body = heading, body
        locked.channels = [code for code in Channel.values if code in channels]
        locked.save(update_fields=["heading", "body", "channels", "updated_at"])
        open_letters = list(locked.letters.filter(is_own=False).exclude(state=LetterState.SENT))
        for letter in open_letters:
            letter.heading = fill(locked.event, heading, letter.values)[:300]
            letter.body = fill(locked.event, body, letter.values)
        Letter.objects.bulk_update(open_letters, ["heading", "body"], batch_size=1000)
        after = {"heading": heading, "body": body, "channels": locked.channels}
        record("lifecycle.letters.edited", locked, actor=actor, before=before, after=after, now=now)
    return locked


def _check(event: str, heading: str, body: str, channels: Sequence[str]) -> None:
    faults: dict[str, list[str]] = {}
    for name, text in (("heading", heading), ("body", body)):
        sentences = text_problems(event, text) or ([] if text.strip() else [_("不能为空")])
        if sentences:
            faults[name] = sentences
    if len(heading) > HEADING_LENGTH:
        faults.setdefault("heading", []).append(_("不能超过 %s 字") % HEADING_LENGTH)
    if Channel.SITE not in channels or not set(channels) <= set(offered()):
        faults["channels"] = [_("站内必选，其余方式须是平台开通的。")]
    if faults:
        raise Invalid(_("请修改标出的内容。"), fields=faults)


def edit_letter(*, letter: Letter, heading: str, body: str, actor: Actor, now: dt.datetime) -> Letter:
    """Words of its own for one letter. Raises Invalid when they are empty, Conflict when it has gone out."""
    policy_for("letter").require(actor, "draft", letter)
    empty = {name: [_("不能为空")] for name, text in (("heading", heading), ("body", body)) if not text.strip()}
    if empty:
        raise Invalid(_("请修改标出的内容。"), fields=empty)
    with transaction.atomic():
        _open_batch(letter.batch)
        locked = _unsent(letter)
        before: Mapping[str, str] = {"heading": locked.heading, "body": locked.body}
        locked.heading, locked.body, locked.is_own = heading[:300], body, True
        locked.save(update_fields=["heading", "body", "is_own"])
        after = {"heading": locked.heading, "body": locked.body}
        record("lifecycle.letter.edited", locked, actor=actor, before=before, after=after, now=now)
    return locked


def leave_out(*, letter: Letter, reason: str, actor: Actor, now: dt.datetime) -> Letter:
    """The letter does not go out; an empty reason takes it back in (it is checked again before sending)."""
    policy_for("letter").require(actor, "draft", letter)
    with transaction.atomic():
        _open_batch(letter.batch)
        locked = _unsent(letter)
        before = {"state": locked.state, "note": locked.note}
        locked.state = LetterState.LEFT_OUT if reason else LetterState.DRAFT
        locked.note = reason
        locked.save(update_fields=["state", "note"])
        after = {"state": str(locked.state), "note": reason}
        record("lifecycle.letter.left_out", locked, actor=actor, before=before, after=after, now=now)
    return locked


def discard_batch(*, batch: LetterBatch, reason: str, actor: Actor, now: dt.datetime) -> LetterBatch:
    """What has not gone out never will. Raises Invalid without a reason, Conflict when nothing is open."""
    policy_for("letter").require(actor, "draft", batch)
    if not reason.strip():
        raise Invalid(_("请写明作废原因。"), fields={"reason": [_("请写明作废原因。")]})
    with transaction.atomic():
        locked = _open_batch(batch)
        before = str(locked.state)
        went_out = locked.letters.filter(state=LetterState.SENT).exists()
        locked.state = BatchState.SENT if went_out else BatchState.DISCARDED
        locked.discard_reason = reason.strip()[:300]
        locked.save(update_fields=["state", "discard_reason", "updated_at"])
        open_letters = locked.letters.exclude(state=LetterState.SENT)
        open_letters.update(state=LetterState.LEFT_OUT, note=locked.discard_reason)
        after = {"state": str(locked.state), "reason": reason}
        record("lifecycle.letters.discarded", locked, actor=actor, before={"state": before}, after=after, now=now)
    return locked


def _open_batch(batch: LetterBatch) -> LetterBatch:
    locked = lock_row(LetterBatch, batch.pk)
    if locked.state not in CHANGEABLE:
        raise Conflict(_("这批函件已发送或作废，不能再改。"))
    return locked


def _unsent(letter: Letter) -> Letter:
    locked = lock_row(Letter, letter.pk)
    if locked.state == LetterState.SENT:
        raise Conflict(_("这封函件已经发出，不能再改。"))
    return locked
