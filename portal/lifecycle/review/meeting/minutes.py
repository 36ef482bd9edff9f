"""评审会纪要 as an official paper: who was there, what was discussed, how each ballot came out. No vote has a name."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.lifecycle.review.meeting.queries import agenda, members
from portal.reports.official import OfficialPaper

if TYPE_CHECKING:
    from portal.lifecycle.review.meeting.models import Meeting

HEADS = ("序号", "议题", "表决情况", "结果")
WIDTHS = (14, 62, 56, 24)


def minutes(meeting: Meeting) -> io.BytesIO:
    """The .docx of a closed meeting."""
    paper, people = OfficialPaper(), members(meeting)
    present = [str(m) for m in people if m.is_present]
    absent = [str(m) for m in people if not m.is_present]
    chair = next((str(m) for m in people if m.is_chair), "")
    paper.title(_("%s纪要") % meeting.title)
    paper.heading(_("一、会议基本情况"))
    lines = [
        _("时间：%s") % localtime(meeting.opened_at or meeting.starts_at).strftime("%Y年%-m月%-d日 %H:%M"),
        _("地点：%s") % (meeting.place or "—"),
        _("主持人：%s") % chair if chair else "",
        _("到会评委（%(n)s 人）：%(names)s") % {"n": len(present), "names": "、".join(present)},
        _("缺席评委（%(n)s 人）：%(names)s") % {"n": len(absent), "names": "、".join(absent)} if absent else "",
        _("表决规则：投票人数达到应投票人数的%(q)s有效，同意票达到实投票数的%(m)s为通过，最多 %(r)s 轮；无记名投票。")
        % {"q": meeting.get_quorum_display(), "m": meeting.get_majority_display(), "r": meeting.rounds},
    ]
    paper.paragraphs("\n".join(line for line in lines if line))
    paper.heading(_("二、审议和表决"))
    rows, notes = [], []
    for view in agenda(meeting):
        item = view.item
        ballots = "；".join(
            _("第%(k)s轮应投%(e)s实投%(c)s：同意%(y)s、不同意%(n)s、弃权%(a)s")
            % {"k": r.number, "e": r.entitled, "c": r.cast, "y": r.yes, "n": r.no, "a": r.abstained}
            for r in view.rounds
        )
        rows.append((item.position, item.label, ballots or "未表决", item.get_state_display()))
        away = "、".join(str(seat.member) for seat in view.away)
        if item.note or away:
            parts = [item.note, _("回避：%s。") % away if away else ""]
            notes.append(f"{item.position}. {item.label}：" + " ".join(p for p in parts if p))
    paper.table(HEADS, rows, WIDTHS)
    if notes:
        paper.heading(_("三、讨论意见和回避"))
        paper.paragraphs("\n".join(notes))
    paper.signature(meeting.panel.stage.cycle.owner.name, localtime(meeting.closed_at).date())
    return paper.save()
