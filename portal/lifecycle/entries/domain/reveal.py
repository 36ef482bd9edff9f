"""Showing a personal number in full: with a reason, logged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.schema import FieldSpec
from portal.lifecycle.entries.content import answers_of
from portal.lifecycle.entries.models import Entry

MIN_REASON, MAX_REASON = 4, 200


@dataclass(frozen=True)
class PersonalValue:
    """``whose`` names the row of a table (the person), empty for a single question."""

    label: str
    value: str
    whose: str = ""


def reveal_personal(*, actor: Actor, entry: Entry, reason: str, now: dt.datetime) -> list[PersonalValue]:
    """All ID numbers and telephones of the entry in clear. Every call is an audit event with the reason.

    Raises Refused by policy, Invalid when the reason is missing or too long.
    """
    reason = " ".join(reason.split())
    policy_for("entry").require(actor, "reveal", entry)
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        message = _("请用 %(low)d 至 %(high)d 个字写明查看原因。") % {"low": MIN_REASON, "high": MAX_REASON}
        raise Invalid(message, fields={"reason": [message]})
    with transaction.atomic():
        values = _personal_values(entry)
        record(
            "accounts.personal_data.revealed",
            entry,
            actor=actor,
            now=now,
            reason=reason,
            labels=sorted({value.label for value in values}),
        )
        return values


def _personal_values(entry: Entry) -> list[PersonalValue]:
    answers = answers_of(entry)
    found: list[PersonalValue] = []
    for spec in entry.cycle.rules.fields:
        if spec.is_personal and answers.get(spec.code):
            found.append(PersonalValue(spec.label, str(answers[spec.code])))
        for number, row in enumerate(answers.get(spec.code) or [] if spec.is_table else [], 1):
            whose = _row_name(spec, row) or _("第 %d 行") % number
            found += [
                PersonalValue(column.label, str(row[column.code]), whose)
                for column in spec.columns
                if column.is_personal and row.get(column.code)
            ]
    return found


def _row_name(spec: FieldSpec, row: dict) -> str:
    return next((str(row.get(column.code) or "") for column in spec.columns if column.type == "text"), "")
