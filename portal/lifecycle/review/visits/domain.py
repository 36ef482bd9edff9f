"""Writes of the visits: the plan, the record while it is written, pictures, filing. Each under the visit's lock."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.domain import record
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.visits.models import Conclusion, Visit, VisitPhoto, VisitState
from portal.lifecycle.review.visits.queries import review_stage, staff_of
from portal.web.uploads import checked_upload

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.blueprints.review_blocks import VisitParams

PHOTO_KINDS = ("jpg", "jpeg", "png")
PHOTO_MB = 15
PHOTOS_MAX = 20
FINDING_LENGTH = 500


def plan_visits(
    *,
    actor: Actor,
    entries: Sequence[Entry],
    planned_on: dt.date,
    visitors: Sequence[User],
    others: Sequence[str] = (),
    agenda: str = "",
    now: dt.datetime,
) -> list[Visit]:
    """Sets date, people and agenda of the visits of these entries, new or changed.

    Raises Invalid when there are too few people or somebody is no staff of the organiser, Conflict when a visit has
    been filed or an entry is not under review.
    """
    made = []
    with transaction.atomic():
        for entry in sorted(entries, key=lambda e: e.pk):
            locked = lock_row(Entry, entry.pk)
            policy_for("visit").require(actor, "visit.plan", locked)
            params = _running(locked, now)
            _check_people(actor, params, visitors, others)
            visit = Visit.objects.filter(entry=locked).first() or Visit(entry=locked)
            if visit.is_filed:
                raise Conflict(_("“%s”的考察已经归档，不能再改计划。") % locked)
            before = _plan_of(visit) if visit.pk else {}
            visit.planned_on, visit.others, visit.agenda = planned_on, [n.strip() for n in others], agenda.strip()
            visit.save()
            visit.visitors.set(visitors)
            after = _plan_of(visit)
            if after != before:
                record("lifecycle.visit.planned", visit, actor=actor, before=before, after=after, now=now)
            made.append(visit)
    return made


def save_visit(
    *,
    actor: Actor,
    visit: Visit,
    visited_on: dt.date | None,
    findings: Mapping[str, str],
    summary: str,
    conclusion: str,
    now: dt.datetime,
) -> Visit:
    """Keeps the record as far as it is written. Raises Conflict when it has been filed, Invalid for a day to come."""
    with transaction.atomic():
        locked, params = _lock(actor, visit, now)
        _check_written(visited_on, conclusion, now)
        known = {item.code for item in params.items}
        locked.visited_on, locked.summary, locked.conclusion = visited_on, summary.strip(), conclusion
        locked.findings = {code: text.strip()[:FINDING_LENGTH] for code, text in findings.items() if code in known}
        locked.save()
        record("lifecycle.visit.saved", locked, actor=actor, now=now, conclusion=conclusion)
        return locked


def file_visit(*, actor: Actor, visit: Visit, now: dt.datetime) -> Visit:
    """Closes the record; from now on experts and the meeting read it and nobody changes it.

    Raises Invalid naming what is missing (day, findings, conclusion, people, pictures).
    """
    with transaction.atomic():
        locked, params = _lock(actor, visit, now)
        _check_complete(locked, params)
        locked.state, locked.filed_by, locked.filed_at = VisitState.FILED, actor.user, now
        locked.save()
        record(
            "lifecycle.visit.filed", locked, actor=actor, now=now, conclusion=locked.conclusion,
            visited_on=str(locked.visited_on), people=locked.people, photos=locked.photos.count(),
        )  # fmt: skip
        return locked


def reopen_visit(*, actor: Actor, visit: Visit, reason: str, now: dt.datetime) -> Visit:
    """Gives a filed record back for correction, with a reason that stays in the log."""
    reason = reason.strip()
    if not reason:
        raise Invalid(_("请写明原因。"), fields={"reason": [_("请写明原因。")]})
    with transaction.atomic():
        locked = lock_row(Visit, visit.pk)
        policy_for("visit").require(actor, "visit.plan", locked)
        _running(locked.entry, now)
        if not locked.is_filed:
            raise Conflict(_("这份考察记录没有归档。"))
        locked.state, locked.filed_by, locked.filed_at = VisitState.PLANNED, None, None
        locked.save()
        record("lifecycle.visit.reopened", locked, actor=actor, now=now, reason=reason[:300])
        return locked


def add_photo(*, actor: Actor, visit: Visit, upload: Any, now: dt.datetime) -> VisitPhoto:
    """Stores a picture, upright and without place, time and device (checked by content). Raises Invalid, Conflict."""
    file, checked = checked_upload(upload, accept=PHOTO_KINDS, max_mb=PHOTO_MB, field="photos")
    with transaction.atomic():
        locked, _params = _lock(actor, visit, now)
        if locked.photos.count() >= PHOTOS_MAX:
            text = _("每次考察最多 %d 张照片。") % PHOTOS_MAX
            raise Invalid(text, fields={"photos": [text]})
        photo = VisitPhoto(
            visit=locked, name=checked.name, size=checked.size, content_type=checked.content_type,
            sha256=checked.sha256, uploaded_by=actor.user, uploaded_at=now,
        )  # fmt: skip
        photo.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
        try:
            with transaction.atomic():
                photo.save()
        except IntegrityError:
            raise Conflict(_("“%s”已经上传过。") % checked.name) from None
        record("lifecycle.visit.photo", locked, actor=actor, now=now, name=checked.name, sha256=checked.sha256)
        return photo


def remove_photo(*, actor: Actor, photo: VisitPhoto, now: dt.datetime) -> None:
    """Takes a picture out of a record that has not been filed."""
    with transaction.atomic():
        locked, _params = _lock(actor, photo.visit, now)
        record("lifecycle.visit.photo", locked, actor=actor, now=now, removed=photo.name, sha256=photo.sha256)
        photo.delete()


def _check_written(visited_on: dt.date | None, conclusion: str, now: dt.datetime) -> None:
    if visited_on is not None and visited_on > local_date(now):
        text = _("考察日期不能晚于今天。")
        raise Invalid(text, fields={"visited_on": [text]})
    if conclusion and conclusion not in Conclusion.values:
        text = _("请选择考察结论。")
        raise Invalid(text, fields={"conclusion": [text]})


def _check_complete(visit: Visit, params: VisitParams) -> None:
    fields: dict[str, list[str]] = {}
    if visit.visited_on is None:
        fields["visited_on"] = [_("请填写考察日期。")]
    for item in params.items:
        if not visit.findings.get(item.code):
            fields[f"finding-{item.code}"] = [_("请填写“%s”的考察情况。") % item.title]
    if not visit.conclusion:
        fields["conclusion"] = [_("请选择考察结论。")]
    if len(visit.people) < params.minimum_visitors:
        fields["people"] = [_("考察人员不得少于 %d 人，请先修改考察计划。") % params.minimum_visitors]
    if visit.photos.count() < params.photos_min:
        fields["photos"] = [_("至少上传 %d 张考察照片。") % params.photos_min]
    if fields:
        raise Invalid(_("考察记录还不完整，不能归档。"), fields=fields)


def _check_people(actor: Actor, params: VisitParams, visitors: Sequence[User], others: Sequence[str]) -> None:
    allowed = {user.pk for user in staff_of(actor)}
    if any(user.pk not in allowed for user in visitors):
        text = _("考察人员须是本会工作人员；其他人员请在“其他考察人员”中填写姓名。")
        raise Invalid(text, fields={"visitors": [text]})
    if len(visitors) + len(others) < params.minimum_visitors:
        text = _("考察人员不得少于 %d 人。") % params.minimum_visitors
        raise Invalid(text, fields={"visitors": [text]})


def _plan_of(visit: Visit) -> dict[str, Any]:
    return {"planned_on": str(visit.planned_on), "agenda": visit.agenda, "people": visit.people}


def _lock(actor: Actor, visit: Visit, now: dt.datetime) -> tuple[Visit, VisitParams]:
    locked = lock_row(Visit, visit.pk)
    policy_for("visit").require(actor, "visit.record", locked)
    params = _running(locked.entry, now)
    if locked.is_filed:
        raise Conflict(_("这份考察记录已经归档。需要更正时，请由主办工会退回。"))
    return locked, params


def _running(entry: Entry, now: dt.datetime) -> VisitParams:
    stage = review_stage(entry)
    params = params_of(stage).visit if stage is not None else None
    if stage is None or params is None:
        raise Conflict(_("本届评审没有实地考察。"))
    if entry.state != EntryState.IN_REVIEW or not stage.is_open_at(now):
        raise Conflict(_("“%s”现在不在评审中，考察安排和记录不能改动。") % entry)
    return params
