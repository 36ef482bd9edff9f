"""Sending letters of invitation; thin."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.jobs.registry import job
from portal.lifecycle.letters.invitations.domain import JOB, deliver


@job(JOB, title=_("发送邀请函"))
def send_invitations(run: Any, letter_ids: list[int], base_url: str) -> tuple[str, dict[str, int]]:
    counts = deliver(pks=letter_ids, base_url=base_url, actor=run.actor, now=timezone.now(), report=run.report)
    failed = f"，{counts['failed']}封没有发出" if counts["failed"] else ""
    return f"已发送{counts['sent']}封{failed}。", counts
