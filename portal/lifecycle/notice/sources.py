"""What waits for a desk in the notice room."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import Notice, NoticeKind, NoticeStatus
from portal.lifecycle.notice.queries import objections_to_rule
from portal.lifecycle.programmes.models import Cycle, CycleStage
from portal.web.ui import WorkItem
from portal.web.work import Source, register_source


def _running(actor, now):
    return Notice.objects.filter(organisation__path=actor.path, status=NoticeStatus.PUBLISHED).exclude(
        kind=NoticeKind.DECISION
    )


def _drafts(actor, now):
    return Notice.objects.filter(organisation__path=actor.path, status=NoticeStatus.DRAFT)


def _objections(actor, now):
    return objections_to_rule(actor=actor)


def _cycles_to_publish(actor, now):
    """Own cycles with selected entries (also promoted reserves) that no notice has shown yet."""
    selected = Entry.objects.filter(cycle=OuterRef("pk"), state=EntryState.SELECTED)
    stage = CycleStage.objects.filter(cycle=OuterRef("pk"), kind="notice", status="open")
    return Cycle.objects.filter(Exists(selected), Exists(stage), owner__path=actor.path).select_related("programme")


def _notice_item(notice, now):
    over = now >= notice.closes_at
    return WorkItem(
        title=notice.title,
        url=reverse("lifecycle:notice.detail", kwargs={"pk": notice.pk}),
        action_label=_("结束公示") if over else _("查看公示"),
        since=notice.published_at,
        due=notice.closes_at,
    )


register_source(
    Source(
        key="objection",
        title=_("待答复的异议"),
        policy_action="notice.rule",
        rows=_objections,
        item=lambda o, now: WorkItem(
            title=_("异议 %s") % o.code,
            url=reverse("lifecycle:objection.detail", kwargs={"pk": o.pk}),
            action_label=_("答复异议") if o.accepted_at else _("受理异议"),
            from_=str(o.entry or _("整份名单")),
            note=str(o.get_category_display()),
            since=o.received_at,
            due=o.due_at,
        ),
        due="due_at",
        search=("code", "notice__title"),
        list_url="lifecycle:objection.list",
        list_query="open=on",
        icon="message-report",
        order=60,
    ),
    Source(
        key="notice.publish",
        title=_("待公示的名单"),
        policy_action="notice.publish",
        rows=_cycles_to_publish,
        item=lambda c, now: WorkItem(
            title=str(c),
            url=reverse("lifecycle:notice.create", kwargs={"cycle": c.pk, "kind": NoticeKind.SELECTION}),
            action_label=_("拟定公示"),
        ),
        search=("label", "programme__title"),
        icon="speakerphone",
        order=61,
    ),
    Source(
        key="notice.draft",
        title=_("待发布的公示稿"),
        policy_action="notice.publish",
        rows=_drafts,
        item=lambda n, now: WorkItem(
            title=n.title,
            url=reverse("lifecycle:notice.detail", kwargs={"pk": n.pk}),
            action_label=_("核对并发布"),
            since=n.created_at,
        ),
        search=("title",),
        list_url="lifecycle:notice.list",
        list_query="status=draft",
        icon="speakerphone",
        order=62,
    ),
    Source(
        key="notice.running",
        title=_("公示中"),
        policy_action="notice.close",
        rows=_running,
        item=_notice_item,
        due="closes_at",
        search=("title",),
        list_url="lifecycle:notice.list",
        list_query="status=published",
        icon="speakerphone",
        order=63,
    ),
)
