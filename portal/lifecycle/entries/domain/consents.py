"""同意与撤回同意 (个人信息保护法第十五、二十五条): the words agreed to, by whom and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.schema import Blueprint, FieldSpec
from portal.lifecycle.blueprints.vocabulary import FieldType
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.signals import consent_withdrawn
from portal.lifecycle.engine.states import EDITABLE_STATES, EntryState
from portal.lifecycle.engine.transitions import TRANSITIONS
from portal.lifecycle.entries.models import ConsentRecord, Entry

PUBLISH = "publish"


def purpose_of(spec: FieldSpec) -> str:
    """``publish`` for the consent to the programme's own text (处理和公开个人信息); other pledges go by their code."""
    return spec.code if spec.text else PUBLISH


def consent_fields(rules: Blueprint) -> dict[str, FieldSpec]:
    """Consents the form asks for, by purpose."""
    return {purpose_of(spec): spec for spec in rules.fields if spec.type == FieldType.CONSENT}


def give_consent(*, actor: Actor, entry: Entry, now: dt.datetime, purpose: str = PUBLISH) -> ConsentRecord:
    """Records the consent with the words shown; giving it twice is one consent. Raises Refused when locked."""
    with transaction.atomic():
        locked = lock_row(Entry, entry.pk)
        policy_for("entry").require(actor, "edit", locked)
        spec = _spec(locked, purpose)
        given = _give(locked, spec, actor=actor, now=now)
        if locked.answers.get(spec.code) is not True:
            locked.answers = locked.answers | {spec.code: True}
            locked.version += 1
            locked.save(update_fields=["answers", "version", "updated_at"])
        return given


def withdraw_consent(*, actor: Actor, entry: Entry, now: dt.datetime, purpose: str = PUBLISH) -> Entry:
    """Withdraws a consent at any time. An entry on its way cannot go on without the consent to publish: it is withdrawn.

    What was published before stays lawful (第十五条); the showcase no longer shows the entry. Raises Conflict when there
    is no consent in force.
    """
    with transaction.atomic():
        locked = lock_row(Entry, entry.pk)
        policy_for("entry").require(actor, "withdraw", locked)
        spec = _spec(locked, purpose)
        if not _withdraw(locked, spec, actor=actor, now=now):
            raise Conflict(_("这项同意已经撤回，或者还没有作出。"), code="state")
        if locked.state in EDITABLE_STATES:
            locked.answers = locked.answers | {spec.code: False}
            locked.version += 1
            locked.save(update_fields=["answers", "version", "updated_at"])
        elif purpose == PUBLISH and EntryState(locked.state) in TRANSITIONS["withdraw"].sources:
            return perform(locked, "withdraw", actor=actor, now=now, reason=_("撤回公开个人信息的同意"))
        return locked


def sync_consents(
    entry: Entry,
    rules: Blueprint,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """A tick set or taken away in the form is a consent given or withdrawn."""
    for spec in consent_fields(rules).values():
        if bool(before.get(spec.code)) == bool(after.get(spec.code)):
            continue
        if after.get(spec.code):
            _give(entry, spec, actor=actor, now=now)
        else:
            _withdraw(entry, spec, actor=actor, now=now)


def _spec(entry: Entry, purpose: str) -> FieldSpec:
    try:
        return consent_fields(entry.cycle.rules)[purpose]
    except KeyError:
        raise Invalid(_("这个项目没有这项同意。")) from None


def _give(entry: Entry, spec: FieldSpec, *, actor: Actor, now: dt.datetime) -> ConsentRecord:
    purpose = purpose_of(spec)
    standing = ConsentRecord.objects.filter(entry=entry, purpose=purpose, withdrawn_at=None).first()
    if standing is not None:
        return standing
    text = spec.text or entry.cycle.rules.texts.consent
    given = ConsentRecord.objects.create(entry=entry, purpose=purpose, text=text, given_by=actor.user, given_at=now)
    record("lifecycle.consent.given", entry, actor=actor, now=now, purpose=purpose, label=spec.label)
    return given


def _withdraw(entry: Entry, spec: FieldSpec, *, actor: Actor, now: dt.datetime) -> bool:
    purpose = purpose_of(spec)
    taken = ConsentRecord.objects.filter(entry=entry, purpose=purpose, withdrawn_at=None).update(withdrawn_at=now)
    if taken:
        record("lifecycle.consent.withdrawn", entry, actor=actor, now=now, purpose=purpose, label=spec.label)
        consent_withdrawn.send(sender=Entry, entry=entry, actor=actor, now=now, purpose=purpose)
    return bool(taken)
