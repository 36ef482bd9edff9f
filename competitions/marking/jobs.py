"""Totals and public boards: after a confirmation, and every minute for boards whose hour to freeze has come."""

from __future__ import annotations

from django.utils import timezone

from competitions.marking.domain.boards import JOB, publish
from competitions.marking.enums import BoardState
from competitions.marking.models import Marking
from portal.jobs.domain import Progress
from portal.jobs.registry import job


@job(JOB, title="更新竞赛榜单")
def refresh_board(progress: Progress, marking: int) -> tuple[str, dict]:
    """Running twice writes the same file twice."""
    found = Marking.objects.get(pk=marking)
    return f"{found.title}：{publish(found, now=timezone.now())}", {"marking": marking}


@job("competitions.freeze_boards", title="封存到时的竞赛榜单")
def freeze_boards(progress: Progress) -> tuple[str, dict]:
    """Live boards whose time to freeze has come."""
    now = timezone.now()
    due = list(Marking.objects.filter(board_state=BoardState.LIVE, freezes_at__lte=now))
    for done, marking in enumerate(due, start=1):
        publish(marking, now=now)
        progress.report(done, len(due), marking.title)
    return f"封存{len(due)}个榜单", {"frozen": [m.pk for m in due]}
