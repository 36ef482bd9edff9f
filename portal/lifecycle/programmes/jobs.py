"""Beat's finder of due cycles."""

from __future__ import annotations

from django.utils import timezone

from portal.core.errors import Conflict, DomainError
from portal.jobs.domain import Progress
from portal.jobs.registry import job
from portal.lifecycle.programmes.domain import advance_cycle, open_cycle
from portal.lifecycle.programmes.queries import alive_cycles, due_cycles


@job("lifecycle.advance_due_cycles", title="按日历开设届次、推进环节")
def advance_due_cycles(run: Progress) -> tuple[str, dict]:
    """Opens what the rhythm says is due and moves every running cycle to where its dates are. Safe to run twice."""
    now = timezone.now()
    opened, moved, problems = [], {}, []
    for due in due_cycles(now=now):
        try:
            cycle = open_cycle(programme=due.programme, year=due.year, actor=run.actor, now=now, start_date=due.start)
            opened.append(str(cycle))
        except Conflict:  # another worker, or an administrator, was first
            continue
    cycles = list(alive_cycles())
    for number, cycle in enumerate(cycles, 1):
        try:
            steps = advance_cycle(cycle=cycle, actor=run.actor, now=now)
        except DomainError as error:
            problems.append(f"{cycle}：{error.message}")
            continue
        if steps:
            moved[str(cycle)] = steps
        run.report(number, len(cycles), str(cycle))
    message = f"开设届次{len(opened)}个，推进届次{len(moved)}个。" + "".join(f"\n{p}" for p in problems)
    return message, {"opened": opened, "moved": moved, "problems": problems}
