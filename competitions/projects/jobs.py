"""Beat's job: problem tickets that are overdue go one level up."""

from django.utils import timezone

from competitions.projects.domain.tickets import escalate_overdue
from competitions.projects.enums import TicketState
from competitions.projects.models import Ticket
from portal.core.context import system_actor
from portal.core.errors import DomainError
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job("competitions.escalate_tickets", title="升级逾期问题单")
def escalate_tickets(progress: Progress) -> tuple[str, dict]:
    """Each ticket in its own transaction; running twice moves nothing twice (the deadline is new after the first)."""
    now, actor = timezone.now(), system_actor("escalate_tickets")
    due = list(Ticket.objects.filter(state=TicketState.OPEN, due_at__lte=now).select_related("project"))
    moved, failed = [], []
    for done, ticket in enumerate(due, start=1):
        try:
            if escalate_overdue(actor=actor, ticket=ticket, now=now):
                moved.append(ticket.pk)
        except DomainError as error:
            failed.append([ticket.pk, error.message])
        progress.report(done, len(due), ticket.title)
    return f"升级{len(moved)}个问题单", {"moved": moved, "failed": failed}
