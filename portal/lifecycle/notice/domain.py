"""Drafting, publishing and closing notices (公示). Objections are in ``objections.py``."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.accounts.queries.calendar import last_day
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import closing_time, local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import Notice, NoticeItem, NoticeKind, NoticeStatus
from portal.lifecycle.notice.numbering import next_code
from portal.lifecycle.notice.publication import public_line
from portal.lifecycle.notice.queries import open_objections
from portal.lifecycle.programmes.models import Cycle

MIN_WORKING_DAYS = 5  # domain.md 0.4: at least five working days at every level
CLOSING_HOUR = "17:00"


def draft_notice(
    *,
    cycle: Cycle,
    organisation: Organisation,
    kind: str,
    entries: Sequence[Entry],
    actor: Actor,
    now: dt.datetime,
    title: str,
    body: str,
    contact: str,
    working_days: int,
    document_number: str = "",
) -> Notice:
    """A draft with its list. The list follows the entries until publication freezes it.

    Raises Invalid for an empty list, a missing text or fewer working days than the rule; Refused for strangers.
    """
    _require_publisher(actor, cycle, organisation, kind)
    _validate(title=title, body=body, contact=contact, working_days=working_days, entries=entries)
    if any(entry.cycle_id != cycle.pk for entry in entries):
        raise Invalid(_("公示名单只能列入本届次的申报件。"))
    with transaction.atomic():
        notice = Notice.objects.create(
            cycle=cycle,
            organisation=organisation,
            kind=kind,
            code=next_code("GS", now=now),
            title=title.strip(),
            body=body.strip(),
            contact=contact.strip(),
            working_days=working_days,
            document_number=document_number.strip(),
        )
        NoticeItem.objects.bulk_create(
            NoticeItem(notice=notice, entry=entry, position=position, shown=public_line(entry, kind=kind))
            for position, entry in enumerate(entries, start=1)
        )
        record("lifecycle.notice.drafted", notice, actor=actor, now=now, entries=[e.code for e in entries])
    return notice


def change_draft(
    *,
    notice: Notice,
    actor: Actor,
    now: dt.datetime,
    title: str,
    body: str,
    contact: str,
    working_days: int,
    document_number: str = "",
) -> Notice:
    """Words and days of a draft. Raises Conflict once it is published."""
    with transaction.atomic():
        notice = lock_row(Notice, notice.pk)
        policy_for("notice").require(actor, "notice.draft", notice)
        if notice.status != NoticeStatus.DRAFT:
            raise Conflict(_("公示已发布，内容不能再改。"))
        _validate(title=title, body=body, contact=contact, working_days=working_days, entries=[1])
        new = {
            "title": title.strip(),
            "body": body.strip(),
            "contact": contact.strip(),
            "working_days": working_days,
            "document_number": document_number.strip(),
        }
        old = {name: getattr(notice, name) for name in new}
        for name, value in new.items():
            setattr(notice, name, value)
        notice.save()
        record("lifecycle.notice.changed", notice, actor=actor, now=now, before=old, after=new)
    return notice


def publish_notice(*, notice: Notice, actor: Actor, now: dt.datetime) -> Notice:
    """Freezes the list, counts the days and, for the city's notice, takes every entry into it.

    The day of publication is not counted; the notice ends at 17:00 of the last working day (domain.md 0.4).
    Raises Conflict when it is not a draft or an entry has moved on; UnknownYear days are said on the page.
    """
    with transaction.atomic():
        notice = lock_row(Notice, notice.pk)
        policy_for("notice").require(actor, "notice.publish", notice)
        if notice.status != NoticeStatus.DRAFT:
            raise Conflict(_("这份公示已经发布。"))
        items = list(NoticeItem.objects.filter(notice=notice).select_related("entry").order_by("position"))
        for item in items:
            if notice.kind == NoticeKind.SELECTION:
                item.entry = perform(item.entry, "publish", actor=actor, now=now)
            elif item.entry.state != EntryState.SUBMITTED or item.entry.at_organisation_id != notice.organisation_id:
                raise Conflict(_("“%s”已不在本级处理，请重新拟定公示名单。") % item.entry)
            item.shown = public_line(item.entry, kind=notice.kind)
        NoticeItem.objects.bulk_update(items, ["shown"])
        day, unknown_years = last_day(local_date(now), notice.working_days)
        notice.status = NoticeStatus.PUBLISHED
        notice.published_at, notice.published_by = now, actor.user
        notice.closes_at = closing_time(day, CLOSING_HOUR)
        notice.sha256 = fingerprint(items)
        notice.save()
        record(
            "lifecycle.notice.published",
            notice,
            actor=actor,
            now=now,
            sha256=notice.sha256,
            closes_at=notice.closes_at,
            unknown_years=unknown_years,
        )
    return notice


def close_notice(*, notice: Notice, actor: Actor, now: dt.datetime) -> Notice:
    """Ends a notice whose days are over: entries without an open objection are confirmed (city's notice).

    Entries with an open objection stay in notice until the ruling; closing twice does nothing more. A decision has no
    days to run: Conflict.
    """
    with transaction.atomic():
        notice = lock_row(Notice, notice.pk)
        policy_for("notice").require(actor, "notice.close", notice)
        if notice.status == NoticeStatus.CLOSED:
            return notice
        if notice.status != NoticeStatus.PUBLISHED or notice.closes_at is None or now < notice.closes_at:
            raise Conflict(_("公示期未满，不能结束。"))
        notice.status, notice.closed_at = NoticeStatus.CLOSED, now
        notice.save(update_fields=["status", "closed_at", "updated_at"])
        held = confirm_entries(notice=notice, actor=actor, now=now)
        record("lifecycle.notice.closed", notice, actor=actor, now=now, held=held)
    return notice


def confirm_entries(*, notice: Notice, actor: Actor, now: dt.datetime) -> list[str]:
    """Confirms what stands in a closed city notice without open objection; returns the codes that are held."""
    if notice.kind != NoticeKind.SELECTION or notice.status != NoticeStatus.CLOSED:
        return []
    held = []
    for item in NoticeItem.objects.filter(notice=notice, removed_reason="").select_related("entry"):
        if item.entry.state != EntryState.IN_NOTICE:
            continue
        if open_objections(item.entry).exists():
            held.append(item.entry.code)
        else:
            perform(item.entry, "confirm", actor=actor, now=now)
    return held


def publish_decision(
    *,
    cycle: Cycle,
    title: str,
    document_number: str,
    body: str,
    entries: Sequence[Entry],
    actor: Actor,
    now: dt.datetime,
) -> Notice:
    """The decision as a public announcement with its frozen list; it has no days to run and takes no objections."""
    with transaction.atomic():
        notice = Notice.objects.create(
            cycle=cycle,
            organisation=cycle.owner,
            kind=NoticeKind.DECISION,
            status=NoticeStatus.PUBLISHED,
            code=next_code("JD", now=now),
            title=title,
            document_number=document_number,
            body=body,
            working_days=0,
            published_at=now,
            published_by=actor.user,
        )
        items = [
            NoticeItem(
                notice=notice, entry=entry, position=position, shown=public_line(entry, kind=NoticeKind.DECISION)
            )
            for position, entry in enumerate(entries, start=1)
        ]
        NoticeItem.objects.bulk_create(items)
        notice.sha256 = fingerprint(items)
        notice.save(update_fields=["sha256"])
        record("lifecycle.notice.published", notice, actor=actor, now=now, sha256=notice.sha256)
    return notice


def cancel_notice(*, notice: Notice, actor: Actor, now: dt.datetime, reason: str) -> Notice:
    """Takes back a draft, or a running local notice that was published in error.

    Raises Invalid without a reason, Conflict for the city's notice and for decisions: what they say stands.
    """
    if not reason.strip():
        raise Invalid(_("请写明撤下的原因。"), fields={"reason": [_("请写明撤下的原因。")]})
    with transaction.atomic():
        notice = lock_row(Notice, notice.pk)
        policy_for("notice").require(actor, "notice.publish", notice)
        local = notice.kind == NoticeKind.LOCAL and notice.status == NoticeStatus.PUBLISHED
        if notice.status != NoticeStatus.DRAFT and not local:
            raise Conflict(_("这份公示不能撤下；个别对象有问题时，请通过异议或取消资格处理。"))
        notice.status, notice.closed_at = NoticeStatus.CANCELLED, now
        notice.save(update_fields=["status", "closed_at", "updated_at"])
        record("lifecycle.notice.cancelled", notice, actor=actor, now=now, reason=reason)
    return notice


def fingerprint(items: Sequence[NoticeItem]) -> str:
    """SHA-256 of the canonical list as shown, printed on the page: a changed list shows."""
    lines: list[dict[str, Any]] = [{"position": i.position, "entry": i.entry.code, "shown": i.shown} for i in items]
    text = json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _require_publisher(actor: Actor, cycle: Cycle, organisation: Organisation, kind: str) -> None:
    policy_for("notice").require(actor, "notice.draft", Notice(cycle=cycle, organisation=organisation, kind=kind))
    if kind == NoticeKind.SELECTION and organisation.pk != cycle.owner_id:
        raise Invalid(_("评选公示由主办工会发布。"))


def _validate(*, title: str, body: str, contact: str, working_days: int, entries: Sequence) -> None:
    fields: dict[str, list[str]] = {}
    if not title.strip():
        fields["title"] = [_("请填写标题。")]
    elif len(title) > 160:
        fields["title"] = [_("标题最多160字。")]
    if not body.strip():
        fields["body"] = [_("请填写正文。")]
    if not contact.strip():
        fields["contact"] = [_("请填写受理异议的联系方式。")]
    if working_days < MIN_WORKING_DAYS:
        fields["working_days"] = [_("公示不少于%d个工作日。") % MIN_WORKING_DAYS]
    if not entries:
        fields["entries"] = [_("公示名单为空。")]
    if fields:
        raise Invalid(_("请更正标出的内容。"), fields=fields)
