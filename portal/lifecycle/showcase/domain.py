"""Public pages of winners: only consented text and pictures, published by a person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.blueprints.fields import display_rows
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.entries.models import Attachment, Entry
from portal.lifecycle.showcase.models import ShowcaseItem
from portal.lifecycle.showcase.queries import showable_state


def has_consent(entry: Entry) -> bool:
    """A standing consent to publication (个人信息保护法第二十五条)."""
    return entry.consents.filter(purpose="publish", withdrawn_at__isnull=True).exists()


def prepare_page(*, entry: Entry, actor: Actor, now: dt.datetime) -> ShowcaseItem:
    """A draft page with the fields the blueprint releases. Raises Invalid without consent or before the last stage."""
    policy_for("conferral").require(actor, "conferral.showcase", entry)
    rules = entry.cycle.rules
    stage = rules.stage(StageKind.SHOWCASE)
    if stage is None:
        raise Invalid(_("本项目的方案没有成果展示环节。"))
    if entry.state != showable_state(rules):
        raise Invalid(_("只有“%s”的申报件可以展示。") % showable_state(rules).label)
    if stage.params.requires_consent and not has_consent(entry):
        raise Invalid(_("申报单位没有同意公开，或已撤回同意，不能展示。"))
    wanted = set(stage.params.shown_fields)
    shown = [
        {"label": str(row.label), "text": str(row.value)}
        for section in rules.sections
        for row in display_rows(rules, section, entry.answers, viewer="public")
        if row.code in wanted and row.value and not row.rows
    ]
    with transaction.atomic():
        item, created = ShowcaseItem.objects.get_or_create(
            entry=entry,
            defaults={
                "title": entry.title[:160],
                "unit_name": entry.employer.name if entry.employer else entry.organisation.name,
                "summary": max((part["text"] for part in shown), key=len, default="")[:300],  # the longest says most
                "shown": shown,
            },
        )
        if created:
            record("lifecycle.showcase.prepared", item, actor=actor, now=now, entry=entry.code)
    return item


def publish_page(
    *, item: ShowcaseItem, summary: str, picture: Attachment | None, actor: Actor, now: dt.datetime
) -> ShowcaseItem:
    """Publishes (again) with a summary and one of the entry's own pictures. Raises Invalid without consent."""
    with transaction.atomic():
        item = lock_row(ShowcaseItem, item.pk)
        policy_for("conferral").require(actor, "conferral.showcase", item.entry)
        if item.entry.state != showable_state(item.entry.cycle.rules):
            raise Conflict(_("荣誉已撤销或申报件已不在名单中，不能展示。"))
        stage = item.entry.cycle.rules.stage(StageKind.SHOWCASE)
        if stage is not None and stage.params.requires_consent and not has_consent(item.entry):
            raise Invalid(_("申报单位没有同意公开，或已撤回同意，不能展示。"))
        if picture is not None and (picture.entry_id != item.entry_id or not picture.content_type.startswith("image/")):
            raise Invalid(_("请选择本申报件的图片。"), fields={"picture": [_("请选择本申报件的图片。")]})
        item.summary, item.picture = summary.strip()[:300], picture
        item.published_at, item.published_by, item.withdrawn_at = now, actor.user, None
        item.save()
        record("lifecycle.showcase.published", item, actor=actor, now=now, picture=picture.pk if picture else None)
    return item


def withdraw_page(*, item: ShowcaseItem, actor: Actor, now: dt.datetime, reason: str) -> ShowcaseItem:
    """Takes the page off the public site, by a person of the owner's desk."""
    policy_for("conferral").require(actor, "conferral.showcase", item.entry)
    return take_down(item=item, actor=actor, now=now, reason=reason)


def take_down(*, item: ShowcaseItem, actor: Actor, now: dt.datetime, reason: str) -> ShowcaseItem:
    """Off the public site because honour or consent is gone: no further right is asked. Twice changes nothing."""
    with transaction.atomic():
        item = lock_row(ShowcaseItem, item.pk)
        if item.withdrawn_at is None:
            item.withdrawn_at = now
            item.save(update_fields=["withdrawn_at", "updated_at"])
            record("lifecycle.showcase.withdrawn", item, actor=actor, now=now, reason=reason)
    return item
