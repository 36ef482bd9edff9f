"""The only writers of the register of honours."""

from __future__ import annotations

import datetime as dt

from awards.certificates.domain import current_issue
from awards.register.models import HonourRecord, HonourStatus
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.lifecycle.blueprints.fields.display import cell_text
from portal.lifecycle.blueprints.vocabulary import SubjectKind, Viewer
from portal.lifecycle.entries.content import answers_of
from portal.lifecycle.models import ConferralItem, Entry, EntryKey, Withdrawal


def enter_honour(*, entry: Entry, item: ConferralItem, actor: Actor, now: dt.datetime) -> HonourRecord:
    """Writes the record of a conferral; asked again for the same entry it returns what stands there."""
    existing = HonourRecord.objects.filter(entry=entry).first()
    if existing is not None:
        return existing
    cycle, rules, conferral = entry.cycle, entry.cycle.rules, item.conferral
    unit = entry.employer.name if entry.employer else entry.organisation.name
    honour = HonourRecord.objects.create(
        entry=entry,
        issuer=cycle.owner,
        recipient_path=entry.organisation.path,
        honour=rules.honour_title(entry.track.code if entry.track else None) or cycle.programme.title,
        honour_class=str(rules.honour.honour_class),
        pillar=cycle.programme.pillar,
        recipient=entry.title,
        recipient_kind=str(rules.programme.subject),
        person_index=_person(entry),
        unit_name=unit,
        nominating_name=entry.nominating.name if entry.nominating else "",
        district_code=(entry.employer.district_code if entry.employer else "") or entry.organisation.district_code,
        year=cycle.year,
        cycle_label=cycle.label,
        trigger=_trigger(entry),
        certificate_number=item.certificate_number,
        document_number=conferral.document_number,
        conferred_on=conferral.decided_on,
    )
    issue = current_issue(honour, actor=actor, now=now)
    record(
        "awards.honour.entered", honour, actor=actor, now=now, certificate_number=honour.certificate_number,
        key=issue.key,
    )  # fmt: skip
    return honour


def _person(entry: Entry) -> str:
    """The keyed number of the one person honoured; of a team or an enterprise nobody in particular."""
    if entry.cycle.rules.programme.subject != SubjectKind.PERSON:
        return ""
    keys = EntryKey.objects.filter(entry=entry, kind=EntryKey.PERSON).values_list("value", flat=True)[:2]
    return keys[0] if len(keys) == 1 else ""


def _trigger(entry: Entry) -> str:
    """What led to an instant honour, in the words of the form; the programme itself where it is the contest."""
    honour, answers = entry.cycle.rules.honour, answers_of(entry)
    for code in honour.trigger_fields:
        if text := cell_text(entry.cycle.rules.field(code), answers.get(code), Viewer.STAFF):
            return text[:120]
    return entry.cycle.programme.title if honour.counter and not honour.trigger_fields else ""


def mark_revoked(*, entry: Entry, reason: str, actor: Actor, now: dt.datetime) -> HonourRecord | None:
    """Marks the record; the number stays, so that verification can say “revoked”. Twice changes nothing."""
    honour = HonourRecord.objects.filter(entry=entry).first()
    if honour is None or honour.status == HonourStatus.REVOKED:
        return honour
    withdrawal = Withdrawal.objects.filter(item__entry=entry).first()
    honour.status, honour.revoked_reason = HonourStatus.REVOKED, reason[:300]
    honour.revoked_on = withdrawal.decided_on if withdrawal else local_date(now)
    if withdrawal is not None:
        honour.revoked_number = withdrawal.document_number
        honour.revoked_grounds = withdrawal.get_grounds_display()
    honour.save()
    record("awards.honour.revoked", honour, actor=actor, now=now, reason=reason, number=honour.revoked_number)
    return honour
