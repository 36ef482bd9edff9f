"""经费账: lines are added, never changed; the balance never falls below nought in silence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from innovations.studios import queries
from innovations.studios.balance import lowest_from
from innovations.studios.domain.common import attach, invalid, locked, too_late
from innovations.studios.models import MoneyLine, Studio
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid

MIN_REASON = 4


@transaction.atomic
def enter(*, actor: Actor, studio: Studio, facts: dict[str, Any], file: Any = None, now: dt.datetime) -> MoneyLine:
    """``facts``: on, kind, amount (yuan, above nought), words, voucher, overdraft. Proof is required.

    Raises Invalid beside ``overdraft`` when the balance of that day or of a later one would fall below nought and
    nobody says who advances the money.
    """
    studio = locked(actor, "keep", studio)
    line = MoneyLine(studio=studio, entered_by=actor.user, entered_at=now, **facts)
    wrong: dict[str, list[str]] = {}
    if messages := too_late(line.on, local_date(now)):
        wrong["on"] = messages
    if file is None:
        wrong["file"] = [_("请上传凭证（发票、拨款单、明细）。")]
    if line.amount <= 0:
        wrong["amount"] = [_("金额应大于零。")]
    elif fault := _overdrawn(studio, line):
        wrong["overdraft"] = [fault]
    if wrong:
        raise invalid(wrong)
    attach(line, file)
    line.save()
    record(
        "innovations.money.entered", line, actor=actor, now=now, kind=line.kind, amount=str(line.signed),
        voucher=line.voucher, overdraft=line.overdraft,
    )  # fmt: skip
    return line


def _overdrawn(studio: Studio, line: MoneyLine) -> str:
    """What to say when ``line`` makes the account negative without a reason; empty when all is well."""
    lowest = lowest_from([*queries.lines_of(studio), (line.on, line.signed)], line.on)
    if line.signed >= 0 or lowest >= 0 or len(line.overdraft.strip()) >= MIN_REASON:
        return ""
    return _("登记后余额为%s元。确由单位垫支的，请写明垫支来源；否则请先登记收入。") % _money(lowest)


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


@transaction.atomic
def reverse(*, actor: Actor, line: MoneyLine, reason: str, now: dt.datetime) -> MoneyLine:
    """A line of today that undoes ``line``. Raises Invalid for a reversal, a line reversed already, or a reversal of
    income that has been spent.
    """
    studio = locked(actor, "keep", line.studio)
    row = lock_row(MoneyLine, line.pk)
    if row.reverses_id or MoneyLine.objects.filter(reverses=row).exists():
        raise Invalid(_("这一笔已经冲销，不能再冲。"))
    if len(reason.strip()) < MIN_REASON:
        raise invalid({"reason": [_("请写明冲销的原因。")]})
    undone = MoneyLine(
        studio=studio, on=local_date(now), kind=row.kind, amount=row.amount, words=reason.strip()[:120],
        voucher=row.voucher, reverses=row, entered_by=actor.user, entered_at=now,
    )  # fmt: skip
    if lowest_from([*queries.lines_of(studio), (undone.on, undone.signed)], undone.on) < 0 and undone.signed < 0:
        raise Invalid(_("这笔收入已经支出，冲销后余额为负。请先冲销相应支出。"))
    undone.save()
    record("innovations.money.reversed", undone, actor=actor, now=now, amount=str(undone.signed), reason=undone.words)
    return undone
