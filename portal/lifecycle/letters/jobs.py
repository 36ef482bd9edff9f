"""Background work of letters; thin."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.queries.calendar import working_calendar
from portal.core.dates import local_date
from portal.jobs.registry import job
from portal.lifecycle.letters.domain.notes import JOB as NOTES_JOB
from portal.lifecycle.letters.domain.reading import send_digest
from portal.lifecycle.letters.domain.sending import JOB, deliver_batch, send_waiting
from portal.lifecycle.letters.models import Delivery, LetterBatch
from portal.lifecycle.letters.queries import digests_due


@job(JOB, title=_("发送函件"))
def send_letters(run: Any, batch_id: int) -> tuple[str, dict[str, int]]:
    rows = LetterBatch.objects.select_related("cycle__programme", "cycle__owner", "cycle__blueprint")
    batch = rows.prefetch_related("cycle__stages").get(pk=batch_id)
    counts = deliver_batch(batch=batch, actor=run.actor, now=timezone.now(), report=run.report)
    message = f"已发送{counts['sent']}封"
    if counts["held"]:
        message += f"，暂缓{counts['held']}封"
    if counts["failed"]:
        message += f"，{counts['failed']}条邮件或短信发送失败"
    return f"{message}。", counts


@job(NOTES_JOB, title=_("发送提醒邮件"))
def send_notes(run: Any, delivery_ids: list[int]) -> str:
    failed = send_waiting(Delivery.objects.filter(pk__in=delivery_ids), run.report)
    return f"发送{len(delivery_ids) - failed}封，失败{failed}封。"


@job("lifecycle.send_digests", title=_("发送待办提醒"))
def send_digests(run: Any) -> str:
    """Every hour, on working days only; safe to run twice."""
    now = timezone.localtime()
    today, calendar = local_date(now), working_calendar().lenient()
    if not calendar.is_working_day(today):
        return "今天不是工作日。"
    first = not any(calendar.is_working_day(day) for day in _earlier_this_week(today))
    rules = list(digests_due(today=today, hour=now.hour, first_of_week=first))
    sent = 0
    for number, rule in enumerate(rules, 1):
        sent += send_digest(rule=rule, now=now)
        run.report(number, len(rules), "待办提醒")
    return f"发送待办提醒{sent}份。"


def _earlier_this_week(today: Any) -> list[Any]:
    return [today.fromordinal(today.toordinal() - back) for back in range(1, today.weekday() + 1)]
