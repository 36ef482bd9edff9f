"""What codes ask of the owner's officers: to draw, to draw again by another, marks by code, their check, decoding."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.review.codes import queries
from portal.lifecycle.review.codes.models import FIRST, SECOND
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _item(title: Any, url: str, label: Any, row: Any, note: Any = "") -> WorkItem:
    here = reverse(url, args=[row.pk])
    return WorkItem(title=title, url=here, action_label=label, since=row.opens_at, due=row.closes_at, note=note)


def _draw(row: Any, now: dt.datetime) -> WorkItem:
    title = _("%(cycle)s：%(n)s 名选手待抽签加密") % {"cycle": row.cycle, "n": row.in_review}
    return _item(title, "lifecycle:codes.page", _("抽签加密"), row, _("谁抽签，密码表就由谁一人保管"))


def _draw_second(row: Any, now: dt.datetime) -> WorkItem:
    title = _("%(cycle)s：%(n)s 个码待二次加密") % {"cycle": row.cycle, "n": row.in_review}
    return _item(title, "lifecycle:codes.page", _("二次加密"), row, _("须由一次加密保管人以外的另一人抽签"))


def _record(row: Any, now: dt.datetime) -> WorkItem:
    title = _("%(cycle)s：%(n)s 个码待录入成绩") % {"cycle": row.cycle, "n": row.size - row.marked + row.returned}
    note = _("%(n)s 个被退回核对") % {"n": row.returned} if row.returned else ""
    return _item(title, "lifecycle:codes.marks", _("按码录入"), row, note)


def _confirm(row: Any, now: dt.datetime) -> WorkItem:
    title = _("%(cycle)s：%(n)s 个码的成绩待您复核") % {"cycle": row.cycle, "n": row.waiting}
    return _item(title, "lifecycle:codes.marks", _("复核成绩"), row)


def _decode(row: Any, now: dt.datetime) -> WorkItem:
    title = _("%(cycle)s：%(n)s 个码的成绩待解密") % {"cycle": row.cycle, "n": row.size}
    note = _("已有一人确认，待另一人") if row.seats else _("由两名保管人分别确认")
    return _item(title, "lifecycle:codes.decode", _("确认解密"), row, note)


def _source(**facts: Any) -> Source:
    search = ("cycle__label", "cycle__programme__title")
    return Source(due="closes_at", search=search, list_url="lifecycle:codes.stages", **facts)


register_source(
    _source(
        key="codes.draw", title=_("待抽签加密"), policy_action="codes.draw", item=_draw, icon="arrows-shuffle", order=38,
        rows=lambda actor, now: queries.stages_to_draw(actor=actor, layer=FIRST),
    ),
    _source(
        key="codes.draw_second", title=_("待二次加密"), policy_action="codes.draw", item=_draw_second,
        icon="arrows-shuffle", order=39, rows=lambda actor, now: queries.stages_to_draw(actor=actor, layer=SECOND),
    ),
    _source(
        key="codes.mark", title=_("待按码录入的成绩"), policy_action="codes.mark", item=_record, icon="list-numbers",
        order=40, rows=lambda actor, now: queries.stages_to_mark(actor=actor),
    ),
    _source(
        key="codes.confirm", title=_("待复核的按码成绩"), policy_action="codes.mark", item=_confirm, icon="checks",
        order=41, rows=lambda actor, now: queries.stages_to_confirm(actor=actor),
    ),
    _source(
        key="codes.decode", title=_("待解密"), policy_action="codes.decode", item=_decode, icon="lock-open", order=42,
        rows=lambda actor, now: queries.stages_to_decode(actor=actor),
    ),
)  # fmt: skip
