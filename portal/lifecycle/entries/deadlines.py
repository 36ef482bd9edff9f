"""Until when an entry may be sent in, in words for the page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.core.dates import format_cn
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import stage_of

SOON = dt.timedelta(days=3)


@dataclass(frozen=True)
class DeadlineNote:
    """``tone`` grows with urgency; ``due`` is the moment after which nothing can be sent in."""

    text: str
    tone: str
    due: dt.datetime | None
    is_over: bool = False


def deadline_note(entry: Entry, now: dt.datetime) -> DeadlineNote | None:
    """The deadline that holds for this entry now: of the call, its grace period, or of the correction."""
    if entry.state == EntryState.RETURNED and entry.return_due_at is not None:
        return _correction(entry.return_due_at, now)
    stage = stage_of(entry.cycle, StageKind.APPLICATION)
    if stage is None or entry.state != EntryState.DRAFT:
        return None
    closes, last = stage.closes_at, stage.closes_at + stage.grace
    if now <= closes and stage.is_open_at(now):
        tone = "waiting" if closes - now < SOON else "info"
        return DeadlineNote(_("申报截止时间：%s。") % format_cn(closes), tone, closes)
    if stage.is_open_at(now) and now <= last:
        text = _("申报已于%(closes)s截止。您正在填报，系统保留到%(last)s，请立即检查并提交。") % {
            "closes": format_cn(closes),
            "last": format_cn(last),
        }
        return DeadlineNote(text, "stopped", last)
    if now < stage.opens_at:
        return DeadlineNote(_("申报自%s开始。") % format_cn(stage.opens_at), "info", None)
    text = _("申报已于%s截止，不能再提交。填写的内容仍会保存，可在下一届“从往届复制”。") % format_cn(closes)
    return DeadlineNote(text, "stopped", closes, is_over=True)


def _correction(due: dt.datetime, now: dt.datetime) -> DeadlineNote:
    if now > due:
        return DeadlineNote(
            _("补正期限%s已过，不能再提交。请联系退回的工会。") % format_cn(due), "stopped", due, is_over=True
        )
    return DeadlineNote(_("请在%s前补正并重新提交。") % format_cn(due), "waiting", due)
