"""催报、催办: what is late is named to those who owe it, in words a person has read; once a day for each thing at most."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.projects import queries
from competitions.projects.domain.files import need
from competitions.projects.enums import TicketState
from competitions.projects.models import Period, Ticket, TicketEvent
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_rows
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.lifecycle.letters.domain.notes import Note, send_notes
from portal.web.formats import cn_datetime


@transaction.atomic
def remind_reports(*, actor: Actor, periods: Iterable[Period], words: str, now: dt.datetime) -> tuple[int, int]:
    """Each reporting unit gets one note with all its late reports. Returns how many reports were named and how many were
    passed over (not late any more, or named today already). Raises Invalid when none is left, Refused.
    """
    text = need(words, "words", _("请写明催报的要求。"))
    rows = _locked(Period, periods)
    due = [p for p in rows if p.state in queries.OWED and p.due_at <= now and not _today(p.reminded_at, now)]
    for period in due:
        policy_for("period").require(actor, "remind", period)
    heading = _("重点工程进展逾期未报：%s期")
    _write(due, lambda p: p.project.reporter_id, heading=heading, words=text, actor=actor, now=now)
    for period in due:
        period.reminded_at = now
        record("competitions.period.reminded", period, actor=actor, now=now, to=period.project.reporter.name)
    Period.objects.bulk_update(due, ["reminded_at"])
    return len(due), len(rows) - len(due)


@transaction.atomic
def remind_tickets(*, actor: Actor, tickets: Iterable[Ticket], words: str, now: dt.datetime) -> tuple[int, int]:
    """The same for problems that are overdue: to the responsible union, and into the ticket's history."""
    text = need(words, "words", _("请写明催办的要求。"))
    rows = _locked(Ticket, tickets)
    due = [t for t in rows if t.state == TicketState.OPEN and t.due_at <= now and not _today(t.reminded_at, now)]
    for ticket in due:
        policy_for("ticket").require(actor, "remind", ticket)
    heading = _("重点工程问题逾期未办：%s件")
    _write(due, lambda t: t.responsible_id, heading=heading, words=text, actor=actor, now=now)
    for ticket in due:
        ticket.reminded_at = now
        TicketEvent.objects.create(ticket=ticket, title=_("催办"), text=text, actor=actor.user, at=now)
        record("competitions.ticket.reminded", ticket, actor=actor, now=now, to=ticket.responsible.name)
    Ticket.objects.bulk_update(due, ["reminded_at"])
    return len(due), len(rows) - len(due)


def _locked(model: Any, chosen: Iterable[Any]) -> list[Any]:
    pks = [row.pk for row in chosen]
    lock_rows(model.objects.filter(pk__in=pks))
    rows = queries.periods() if model is Period else queries.tickets()
    return list(rows.filter(pk__in=pks).order_by("due_at", "pk"))


def _today(at: dt.datetime | None, now: dt.datetime) -> bool:
    return at is not None and local_date(at) == local_date(now)


def _write(
    due: list[Any], to: Callable[[Any], int], *, heading: str, words: str, actor: Actor, now: dt.datetime
) -> None:
    if not due:
        raise Invalid(_("没有需要催办的：已经报送，或者今天已经催过。"))
    by_union: dict[int, list[Any]] = defaultdict(list)
    for row in due:
        by_union[to(row)].append(row)
    notes = [
        Note(
            union,
            heading % len(rows),
            "\n".join([words, "", *map(_line, rows), "", _SIGN % actor.at_desk.organisation_name]),
        )
        for union, rows in by_union.items()
    ]
    _told, unreachable = send_notes(notes=notes, actor=actor, now=now)
    if len(unreachable) == len(notes):
        raise Invalid(_("对方单位没有可以登录的人员，请电话联系，或先为其开通账号。"))


_SIGN = "——%s"


def _line(row: Any) -> str:
    return _("· %(what)s，期限%(due)s") % {"what": row, "due": cn_datetime(row.due_at)}
