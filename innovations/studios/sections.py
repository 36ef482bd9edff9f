"""The cards of a studio's page: what it works on, what came of it, who grew – each line with what can be done with it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovations.studios import queries
from innovations.studios.domain.records import REMOVABLE
from innovations.studios.enums import TopicStatus
from innovations.studios.models import Activity, Growth, Result, Studio, Topic
from portal.core.context import Actor
from portal.core.policies import may
from portal.web.ui import Action

SHOWN = 12


def _url(name: str, **kwargs: Any) -> str:
    return reverse(f"innovations:{name}", kwargs=kwargs)


def _remove(kind: str, row: Any) -> Action:
    assert kind in REMOVABLE
    words = _("删除“%s”？登记有误时才删除，删除内容记入审计。") % row
    return Action(_("删除"), _url("record.remove", kind=kind, pk=row.pk), kind="link", post=True, confirm=words)


def _of_topic(row: Topic, *, keeps: bool, approves: bool) -> list[Action]:
    found: list[Action] = []
    if row.status == TopicStatus.PROPOSED and approves:
        found.append(Action(_("登记立项"), _url("topic.approve", pk=row.pk), kind="link"))
    if row.status == TopicStatus.APPROVED and keeps:
        found.append(Action(_("完成"), _url("topic.finish", pk=row.pk), kind="link"))
    if row.status in {TopicStatus.PROPOSED, TopicStatus.APPROVED} and keeps:
        found.append(Action(_("中止"), _url("topic.stop", pk=row.pk), kind="link"))
    if row.status == TopicStatus.PROPOSED and keeps:
        found.append(_remove("topic", row))
    return found


def sections_of(studio: Studio, actor: Actor, year: int) -> dict[str, Any]:
    """Topics of the year and those still worked on, results, trainings and growth of the year, members of today."""
    keeps, approves = bool(may(actor, "studio.keep", studio)), bool(may(actor, "studio.approve", studio))
    topics = Topic.objects.filter(studio=studio, year__lte=year)
    topics = topics.filter(queries.of_year(year)) | topics.filter(year=year)
    dated = {"studio": studio, "on__year": year}

    def lines(kind: str, rows: Any) -> list[dict[str, Any]]:
        return [{"row": row, "actions": [_remove(kind, row)] if keeps else []} for row in rows[:SHOWN]]

    return {
        "keeps": keeps,
        "topics": [
            {"row": row, "actions": _of_topic(row, keeps=keeps, approves=approves)}
            for row in topics.select_related("studio")[:SHOWN]
        ],
        "results": lines("result", Result.objects.filter(**dated)),
        "activities": lines("activity", Activity.objects.filter(**dated)),
        "growth": lines("growth", Growth.objects.filter(**dated)),
        "members": list(queries.members(studio)[:60]),
        "money": queries.balance_of(studio),
        "add": _adding(studio) if keeps else {},
    }


def _adding(studio: Studio) -> dict[str, Action]:
    """The button of each card."""
    buttons = {
        "topic": (_("提出课题"), "topic.add"),
        "result": (_("登记成果"), "studioresult.add"),
        "activity": (_("登记培训交流"), "activity.add"),
        "growth": (_("登记带徒、晋级"), "studiogrowth.add"),
        "member": (_("增加成员"), "studiomember.add"),
    }
    return {kind: Action(label, _url(name, pk=studio.pk), icon="plus") for kind, (label, name) in buttons.items()}
