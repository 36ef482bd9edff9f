"""Conferring: the decision document, certificate numbers, and later withdrawal."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.stages import ConferralParams
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.conferral.counters import room_in_year
from portal.lifecycle.conferral.models import (
    Conferral,
    ConferralItem,
    ConferralStatus,
    NumberSequence,
    Withdrawal,
    WithdrawalGrounds,
)
from portal.lifecycle.conferral.queries import approved_amount, entries_to_confer, nothing_held
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.domain import publish_decision
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.wording import words_of


def next_serial(*, owner: Organisation, key: str, year: int) -> int:
    """The next number of a series, without gaps and without doubles: taken under a row lock, kept on commit."""
    advisory_lock(f"sequence:{owner.pk}:{key}:{year}")
    sequence, _created = NumberSequence.objects.get_or_create(owner=owner, key=key, year=year)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def conferral_params(cycle: Cycle) -> ConferralParams:
    """Parameters of the conferral stage as the cycle pinned them; Invalid for a programme without honours."""
    stage = cycle.rules.stage(StageKind.CONFERRAL)
    if stage is None:
        raise Invalid(_("本项目的方案没有命名环节。"))
    return stage.params


def draft_conferral(
    *, cycle: Cycle, title: str, document_number: str, decided_on: dt.date, body: str, actor: Actor, now: dt.datetime
) -> Conferral:
    """The decision's words; who is conferred is settled when it is issued. Raises Invalid beside the fields."""
    policy_for("conferral").require(actor, "conferral.draft", cycle)
    conferral_params(cycle)
    values = _validated(title=title, document_number=document_number, decided_on=decided_on, body=body)
    with transaction.atomic():
        conferral = Conferral.objects.create(cycle=cycle, **values)
        record("lifecycle.conferral.drafted", conferral, actor=actor, now=now)
    return conferral


def change_conferral(
    *,
    conferral: Conferral,
    title: str,
    document_number: str,
    decided_on: dt.date,
    body: str,
    actor: Actor,
    now: dt.datetime,
) -> Conferral:
    """Raises Conflict once the decision is issued."""
    values = _validated(title=title, document_number=document_number, decided_on=decided_on, body=body)
    with transaction.atomic():
        conferral = lock_row(Conferral, conferral.pk)
        policy_for("conferral").require(actor, "conferral.draft", conferral)
        if conferral.status == ConferralStatus.ISSUED:
            raise Conflict(_("决定已印发，不能再改。"))
        old = {name: getattr(conferral, name) for name in values}
        for name, value in values.items():
            setattr(conferral, name, value)
        conferral.save()
        record("lifecycle.conferral.changed", conferral, actor=actor, now=now, before=old, after=values)
    return conferral


def issue_conferral(*, conferral: Conferral, actor: Actor, now: dt.datetime) -> Conferral:
    """Confers every confirmed entry of the cycle in one transaction: number, state, register (by signal).

    Raises Conflict when already issued; Refused while an entry of the cycle is still held by its notice or an objection;
    Invalid when nobody can be conferred or the document number is taken.
    """
    with transaction.atomic():
        conferral = lock_row(Conferral, conferral.pk)
        policy_for("conferral").require(actor, "conferral.issue", conferral)
        if conferral.status == ConferralStatus.ISSUED:
            raise Conflict(str(words_of(conferral.cycle.rules).issued_already))
        cycle = conferral.cycle
        advisory_lock(f"conferral:{cycle.pk}")  # a second decision of the cycle waits, then finds nobody left
        free = nothing_held(cycle)
        if not free:
            raise Refused(free)
        entries = list(entries_to_confer(cycle))
        if not entries:
            raise Invalid(str(words_of(cycle.rules).nobody))
        _require_room(conferral, len(entries))
        conferral.status = ConferralStatus.ISSUED
        conferral.issued_by, conferral.issued_at = actor.user, now
        try:
            with transaction.atomic():
                conferral.save()
        except IntegrityError as error:
            message = _("发文字号“%s”已被使用。") % conferral.document_number
            raise Invalid(message, fields={"document_number": [message]}) from error
        for entry in entries:
            confer_entry(entry=entry, conferral=conferral, actor=actor, now=now)
        publish_decision(
            cycle=cycle,
            title=conferral.title,
            document_number=conferral.document_number,
            body=conferral.body,
            entries=entries,
            actor=actor,
            now=now,
        )
        record("lifecycle.conferral.issued", conferral, actor=actor, now=now, count=len(entries))
    return conferral


def _require_room(conferral: Conferral, count: int) -> None:
    """Decisions of all programmes with the same counter follow one another, so that two of them never share a place."""
    counter = conferral.cycle.rules.honour.counter
    if counter:
        advisory_lock(f"counter:{conferral.cycle.owner_id}:{counter}:{conferral.decided_on.year}")
    room = room_in_year(conferral, count)
    if not room:
        raise Refused(room)


def confer_entry(*, entry: Entry, conferral: Conferral, actor: Actor, now: dt.datetime) -> Entry:
    """Numbers one certificate and performs “confer”; the register follows in the same transaction.

    A grant keeps the approved sum; it is numbered only where the blueprint gives certificates.

    Raises Invalid when another federation has used the number, or the entry has been numbered before.
    """
    cycle = conferral.cycle
    params, year = conferral_params(cycle), conferral.decided_on.year
    # One series for each pattern: two programmes that number alike go on counting where the other stopped.
    key = params.number_pattern[:80] or f"grant:{cycle.programme_id}"
    serial = next_serial(owner=cycle.owner, key=key, year=year)
    number = params.number(year=year, serial=serial) if params.number_pattern else None
    try:
        with transaction.atomic():
            item = ConferralItem.objects.create(
                conferral=conferral,
                entry=entry,
                serial=serial,
                certificate_number=number,
                amount=approved_amount(entry),
            )
    except IntegrityError as error:
        raise Invalid(_("证书编号“%s”已被使用，请在方案中改用本会自己的编号规则。") % number) from error
    return perform(entry, "confer", actor=actor, now=now, certificate_number=item.certificate_number or "")


def revoke_honour(
    *,
    entry: Entry,
    grounds: str,
    document_number: str,
    decided_on: dt.date | None,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Entry:
    """撤销: by a decision of its own; register, verification, certificate and showcase follow at once (domain.md 0.8).

    Raises Invalid beside the fields, Conflict when it was revoked already, Refused by the policy.
    """
    values = _withdrawal(grounds, document_number, decided_on, reason, now)
    with transaction.atomic():
        item = ConferralItem.objects.filter(entry=entry).first()
        if item is not None and not Withdrawal.objects.filter(item=item).exists():
            Withdrawal.objects.create(item=item, withdrawn_by=actor.user, withdrawn_at=now, **values)
        return perform(
            entry, "revoke", actor=actor, now=now, reason=values["reason"], document_number=values["document_number"],
            grounds=values["grounds"],
        )  # fmt: skip


def _withdrawal(grounds: str, number: str, decided_on: dt.date | None, reason: str, now: dt.datetime) -> dict:
    fields: dict[str, list[str]] = {}
    if grounds not in WithdrawalGrounds.values:
        fields["grounds"] = [_("请选择撤销情形。")]
    if not number.strip():
        fields["document_number"] = [_("请填写撤销决定的文号。")]
    if decided_on is None or decided_on > local_date(now):
        fields["decided_on"] = [_("请填写撤销决定的日期，不能晚于今天。")]
    if not reason.strip():
        fields["reason"] = [_("请写明事实和依据。")]
    if fields:
        raise Invalid(_("请更正标出的内容。"), fields=fields)
    return {"grounds": grounds, "document_number": number.strip(), "decided_on": decided_on, "reason": reason.strip()}


def is_conferred(entry: Entry) -> bool:
    return entry.state in {EntryState.CONFERRED, EntryState.REVOKED}


def _validated(*, title: str, document_number: str, decided_on: dt.date | None, body: str) -> dict:
    fields: dict[str, list[str]] = {}
    if not title.strip():
        fields["title"] = [_("请填写标题。")]
    if not document_number.strip():
        fields["document_number"] = [_("请填写发文字号，如“津工发〔2026〕12号”。")]
    if decided_on is None:
        fields["decided_on"] = [_("请填写决定日期。")]
    if not body.strip():
        fields["body"] = [_("请填写正文。")]
    if fields:
        raise Invalid(_("请更正标出的内容。"), fields=fields)
    return {
        "title": title.strip(),
        "document_number": document_number.strip(),
        "decided_on": decided_on,
        "body": body.strip(),
    }
