"""What waits: marking for judges, confirmation and locking, and starting for the organiser."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.marking import queries
from competitions.marking.enums import PartState
from competitions.marking.models import Judge, Marking, SubCriterion
from portal.core.context import Actor
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _to_mark(actor: Actor, now: dt.datetime) -> QuerySet[SubCriterion]:
    return queries.my_parts(actor).filter(state=PartState.OPEN)


def _to_lock(actor: Actor, now: dt.datetime) -> QuerySet[SubCriterion]:
    chief = Judge.objects.filter(marking=OuterRef("scheme__marking"), user_id=actor.user_id, is_chief=True)
    rows = queries.parts().filter(state=PartState.CONFIRMED, scheme__marking__closed_at=None, **queries.IN_FORCE)
    return rows.filter(Exists(chief)).exclude(confirmed_by_id=actor.user_id)


def _to_start(actor: Actor, now: dt.datetime) -> QuerySet[Marking]:
    return queries.markings().filter(owner__path=actor.path, started_at=None)


def _part_item(part: SubCriterion, label: Any) -> WorkItem:
    marking = part.scheme.marking
    return WorkItem(str(part), part.get_absolute_url(), label, from_=marking.title, since=marking.started_at)


def _start_item(marking: Any, now: dt.datetime) -> WorkItem:
    return WorkItem(
        marking.title, marking.get_absolute_url(), _("准备评分"), from_=marking.owner.name, since=marking.opened_at,
        note=_("导入评分方案、安排裁判，然后开始评分"),
    )  # fmt: skip


LIST = {"list_url": "competitions:marking.list"}
register_source(
    Source(
        "marking.score", _("待评分的小项"), "marking.score", _to_mark,
        lambda part, now: _part_item(part, _("去评分")), order=93, icon="pencil-check", for_experts=True,
        search=("title", "scheme__marking__title"), **LIST,
    ),
    Source(
        "marking.lock", _("待锁定的小项"), "marking.lock", _to_lock,
        lambda part, now: _part_item(part, _("核对并锁定")), order=94, icon="lock", for_experts=True,
        search=("title", "scheme__marking__title"), **LIST,
    ),
    Source(
        "marking.start", _("待准备的评分"), "marking.organise", _to_start, _start_item, order=95,
        icon="clipboard-list", search=("title",), **LIST,
    ),
)  # fmt: skip
