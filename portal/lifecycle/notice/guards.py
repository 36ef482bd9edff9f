"""Guards of the notice room: local notices before endorsement, no open objection before conferral."""

from __future__ import annotations

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import check
from portal.lifecycle.notice.models import NoticeItem, NoticeKind, NoticeStatus
from portal.lifecycle.notice.queries import local_notice_done, open_objections


@check("endorse")
def local_notice_has_ended(act: Act) -> Decision:
    """推荐前公示: where the blueprint asks this level for one, it must have run without open objection."""
    entry = act.entry
    days = dict(act.params.get("notice_working_days") or {}).get(entry.at_level)
    if not days:
        return ALLOWED
    if not local_notice_done(entry, entry.at_organisation):
        return refuse(
            "local_notice",
            f"按方案须先在本级公示{days}个工作日，期满无异议后才能推荐。请在“公示与异议”中发布推荐公示。",
        )
    return no_open_objection(act)


@check("confirm", "confer")
def no_open_objection(act: Act) -> Decision:
    """异议处理完毕前暂缓: an open objection holds the entry until it is ruled on."""
    count = open_objections(act.entry).count()
    if count:
        return refuse("objection", f"有{count}件异议尚未答复，答复后方可继续。")
    return ALLOWED


@check("confirm")
def notice_has_ended(act: Act) -> Decision:
    """公示期满: the city's notice with this entry has run all its days."""
    ended = NoticeItem.objects.filter(
        entry=act.entry, removed_reason="", notice__kind=NoticeKind.SELECTION, notice__status=NoticeStatus.CLOSED
    ).exists()
    return ALLOWED if ended else refuse("notice_running", "公示期未满。")
