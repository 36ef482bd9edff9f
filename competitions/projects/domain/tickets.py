"""问题单: open → solved (with proof) → closed; back to open with a reason; one level up when it is not done in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.projects.domain.files import need, store_files
from competitions.projects.domain.progress import working_deadline
from competitions.projects.domain.register import lock_project
from competitions.projects.enums import FilePurpose, TicketState
from competitions.projects.models import KeyProject, Participant, ProjectFile, Ticket, TicketEvent, Visit
from portal.accounts.enums import UnionLevel
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for

ESCALATION_DAYS = 5  # working days that the next level gets


def responsible_choices(project: KeyProject) -> list[Organisation]:
    """Who may be made responsible: those who have a hand in the project and so see the ticket."""
    found = {project.owner_id: project.owner}
    if project.reporter_id:
        found[project.reporter_id] = project.reporter
    rows = Participant.objects.filter(project=project).select_related("organisation")
    return list((found | {row.organisation_id: row.organisation for row in rows}).values())


@transaction.atomic
def raise_ticket(
    *,
    actor: Actor,
    project: KeyProject,
    category: str,
    title: str,
    text: str,
    responsible: Organisation,
    department: str,
    days: int,
    now: dt.datetime,
    visit: Visit | None = None,
) -> Ticket:
    """A problem with who solves it, which department helps, and ``days`` working days. Held by the managing union.

    Raises Invalid when ``responsible`` has no hand in the project.
    """
    project = lock_project(project)
    policy_for("project").require(actor, "raise", project)
    if responsible.pk not in {row.pk for row in responsible_choices(project)}:
        message = _("责任单位须是该工程的管理、填报或参与工会。")
        raise Invalid(message, fields={"responsible": [message]})
    ticket = Ticket.objects.create(
        project=project, visit=visit, number=Ticket.objects.filter(project=project).count() + 1, category=category,
        title=need(title, "title", _("请填写问题。")), text=need(text, "text", _("请填写具体情况。")),
        department=department.strip(), responsible=responsible, holder=project.owner, raised_by=actor.user,
        raised_at=now, due_at=working_deadline(local_date(now), days),
    )  # fmt: skip
    _note(ticket, _("提出问题"), text, actor, now)
    record(
        "competitions.ticket.raised", ticket, actor=actor, now=now, category=category, responsible=responsible.name,
        department=ticket.department, due_at=ticket.due_at,
    )  # fmt: skip
    return ticket


def _note(ticket: Ticket, title: str, text: str, actor: Actor, now: dt.datetime) -> None:
    TicketEvent.objects.create(ticket=ticket, title=title, text=text.strip(), actor=actor.user, at=now)


def _locked(ticket: Ticket) -> Ticket:
    lock_project(ticket.project_id)
    return lock_row(Ticket, ticket.pk)


@transaction.atomic
def solve_ticket(*, actor: Actor, ticket: Ticket, solution: str, now: dt.datetime, files: Iterable[Any] = ()) -> Ticket:
    """The responsible unit says what was done, with proof; the holder confirms. Raises Invalid without a file."""
    ticket = _locked(ticket)
    policy_for("ticket").require(actor, "solve", ticket)
    ticket.solution = need(solution, "solution", _("请填写办理结果。"))
    store_files(
        files, actor=actor, project=ticket.project, purpose=FilePurpose.PROOF, field="files", now=now, ticket=ticket
    )
    proof = ProjectFile.objects.filter(ticket=ticket, **_newer(ticket))
    if not proof.exists():
        message = _("请上传办结证明，如整改照片、支付凭证、会议纪要。")
        raise Invalid(message, fields={"files": [message]})
    ticket.state, ticket.solved_at = TicketState.SOLVED, now
    ticket.save()
    _note(ticket, _("反馈办理结果"), solution, actor, now)
    record("competitions.ticket.solved", ticket, actor=actor, now=now, late=now > ticket.due_at)
    return ticket


def _newer(ticket: Ticket) -> dict[str, Any]:
    return {"uploaded_at__gte": ticket.reopened_at} if ticket.reopened_at else {}


@transaction.atomic
def close_ticket(*, actor: Actor, ticket: Ticket, now: dt.datetime) -> Ticket:
    """The holder has seen the proof: the problem is settled."""
    ticket = _locked(ticket)
    policy_for("ticket").require(actor, "confirm", ticket)
    if ticket.state != TicketState.SOLVED:
        raise Invalid(_("问题单已办结。"))
    ticket.state, ticket.closed_at = TicketState.CLOSED, now
    ticket.save()
    _note(ticket, _("确认办结"), "", actor, now)
    record("competitions.ticket.closed", ticket, actor=actor, now=now)
    return ticket


@transaction.atomic
def reopen_ticket(*, actor: Actor, ticket: Ticket, reason: str, days: int, now: dt.datetime) -> Ticket:
    """Not settled, or back again: the unit gets the reason and ``days`` working days, and needs new proof."""
    ticket = _locked(ticket)
    policy_for("ticket").require(actor, "confirm", ticket)
    reason = need(reason, "reason", _("请填写退回重办的原因。"))
    ticket.state, ticket.solved_at, ticket.closed_at = TicketState.OPEN, None, None
    ticket.due_at, ticket.reopened_at = working_deadline(local_date(now), days), now
    ticket.save()
    _note(ticket, _("退回重办"), reason, actor, now)
    record("competitions.ticket.reopened", ticket, actor=actor, now=now, reason=reason, due_at=ticket.due_at)
    return ticket


@transaction.atomic
def escalate_ticket(*, actor: Actor, ticket: Ticket, reason: str, now: dt.datetime) -> Ticket:
    """升级督办: the next union above holds the ticket, with a new deadline. The responsible unit stays."""
    ticket = _locked(ticket)
    policy_for("ticket").require(actor, "escalate", ticket)
    _move_up(ticket, need(reason, "reason", _("请填写升级督办的原因。")), actor, now)
    return ticket


def _move_up(ticket: Ticket, reason: str, actor: Actor, now: dt.datetime) -> None:
    before = ticket.holder
    ticket.holder = before.parent
    ticket.escalations += 1
    ticket.due_at = working_deadline(local_date(now), ESCALATION_DAYS)
    ticket.save()
    text = _("由%(before)s升级到%(after)s督办。%(reason)s") % {
        "before": before.name, "after": ticket.holder.name, "reason": reason,
    }  # fmt: skip
    _note(ticket, _("升级督办"), text, actor, now)
    record(
        "competitions.ticket.escalated", ticket, actor=actor, now=now, before={"holder": before.name},
        after={"holder": ticket.holder.name}, reason=reason,
    )  # fmt: skip


@transaction.atomic
def escalate_overdue(*, actor: Actor, ticket: Ticket, now: dt.datetime) -> bool:
    """The portal's own step for a ticket that is overdue: up one level, once; False when there is nothing to do."""
    ticket = _locked(ticket)
    is_due = ticket.state == TicketState.OPEN and ticket.due_at <= now and not ticket.project.is_archived
    if not is_due or ticket.holder.parent_id is None or ticket.holder.level == UnionLevel.MUNICIPAL:
        return False
    _move_up(ticket, _("超过办结期限未反馈。"), actor, now)
    return True
