"""What a studio enters: topics and their way, results, trainings, people."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from innovations.studios import queries
from innovations.studios.domain.common import attach, invalid, locked, too_late
from innovations.studios.enums import CheckStatus, GrowthKind, TopicStatus
from innovations.studios.models import Activity, Growth, Result, Studio, Topic, YearCheck
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid

REMOVABLE = ("topic", "result", "activity", "growth")
SETTLED = (CheckStatus.FILED, CheckStatus.PASSED, CheckStatus.MENDED, CheckStatus.FAILED)


def year_of(row: Any) -> int:
    """The year to which a record belongs."""
    return row.year if isinstance(row, Topic) else row.on.year


def _add(actor: Actor, studio: Studio, row: Any, upload: Any, now: dt.datetime) -> Any:
    row.studio, row.entered_by, row.entered_at = studio, actor.user, now
    attach(row, upload)
    row.save()
    record(
        "innovations.record.added", studio, actor=actor, now=now, kind=row.kind_of_record, title=str(row), key=row.pk
    )
    return row


@transaction.atomic
def propose_topic(*, actor: Actor, studio: Studio, facts: dict[str, Any], file: Any = None, now: dt.datetime) -> Topic:
    """``facts``: year, title, goal, head, due_on, budget. Raises Invalid for a year long gone or a title of the year."""
    studio, today = locked(actor, "keep", studio), local_date(now)
    wrong: dict[str, list[str]] = {}
    if not today.year - 1 <= facts["year"] <= today.year + 1:
        wrong["year"] = [_("年度只能是去年、今年或明年。")]
    if facts["due_on"].year < facts["year"]:
        wrong["due_on"] = [_("计划完成日期不能早于课题年度。")]
    if wrong:
        raise invalid(wrong)
    try:
        with transaction.atomic():
            return _add(actor, studio, Topic(**facts), file, now)
    except IntegrityError as error:  # innovations_topic_once
        raise invalid({"title": [_("这个年度已有同名课题。")]}) from error


@transaction.atomic
def approve_topic(*, actor: Actor, topic: Topic, number: str, on: dt.date, now: dt.datetime) -> Topic:
    """立项 by the enterprise: the number of its own document. Whoever entered the topic does not approve it."""
    locked(actor, "approve", topic.studio)
    row = lock_row(Topic, topic.pk)
    _must_be(row, TopicStatus.PROPOSED)
    wrong: dict[str, list[str]] = {}
    if row.entered_by_id is not None and row.entered_by_id == actor.user_id:
        raise Invalid(_("提出课题的人不能自己登记立项，请由单位工会另一人办理。"))
    if not number.strip():
        wrong["number"] = [_("请填写单位立项文件的文号。")]
    if messages := too_late(on, local_date(now)):
        wrong["on"] = messages
    if wrong:
        raise invalid(wrong)
    row.status, row.approval_number, row.approved_on, row.approved_by = (
        TopicStatus.APPROVED, number.strip(), on, actor.user,
    )  # fmt: skip
    row.save()
    record("innovations.topic.approved", row, actor=actor, now=now, number=row.approval_number)
    return row


def _must_be(topic: Topic, *states: str) -> None:
    if topic.status not in states:
        raise Invalid(_("课题现在是“%s”，不能这样办理。") % topic.get_status_display())


@transaction.atomic
def finish_topic(
    *, actor: Actor, topic: Topic, outcome: str, benefit: Decimal, on: dt.date, file: Any = None, now: dt.datetime
) -> Topic:
    """The topic is done, with what came of it and the yearly benefit in yuan, which needs a proof when above nought."""
    locked(actor, "keep", topic.studio)
    row = lock_row(Topic, topic.pk)
    _must_be(row, TopicStatus.APPROVED)
    wrong: dict[str, list[str]] = {}
    if not outcome.strip():
        wrong["outcome"] = [_("请写明完成情况。")]
    if on < row.approved_on:
        wrong["on"] = [_("完成日期不能早于立项日期。")]
    if messages := too_late(on, local_date(now)):
        wrong["on"] = messages
    if benefit > 0 and file is None and not row.file_name:
        wrong["file"] = [_("填报效益的，请上传单位财务部门盖章的证明。")]
    if wrong:
        raise invalid(wrong)
    attach(row, file)
    row.status, row.outcome, row.benefit, row.ended_on = TopicStatus.DONE, outcome.strip(), benefit, on
    row.save()
    record("innovations.topic.finished", row, actor=actor, now=now, benefit=str(benefit))
    return row


@transaction.atomic
def stop_topic(*, actor: Actor, topic: Topic, reason: str, now: dt.datetime) -> Topic:
    """The topic is given up, with the reason."""
    locked(actor, "keep", topic.studio)
    row = lock_row(Topic, topic.pk)
    _must_be(row, TopicStatus.PROPOSED, TopicStatus.APPROVED)
    if not reason.strip():
        raise invalid({"reason": [_("请写明中止的原因。")]})
    row.status, row.outcome, row.ended_on = TopicStatus.STOPPED, reason.strip(), local_date(now)
    row.save()
    record("innovations.topic.stopped", row, actor=actor, now=now, reason=row.outcome)
    return row


@transaction.atomic
def add_result(*, actor: Actor, studio: Studio, facts: dict[str, Any], file: Any = None, now: dt.datetime) -> Result:
    """``facts``: topic (of this studio or None), title, kind, number, on, applied_in, benefit (needs a proof)."""
    studio = locked(actor, "keep", studio)
    wrong: dict[str, list[str]] = {}
    if facts["topic"] is not None and facts["topic"].studio_id != studio.pk:
        wrong["topic"] = [_("请选择本工作室的课题。")]
    if messages := too_late(facts["on"], local_date(now)):
        wrong["on"] = messages
    if facts["benefit"] > 0 and file is None:
        wrong["file"] = [_("填报效益的，请上传单位财务部门盖章的证明。")]
    if wrong:
        raise invalid(wrong)
    return _add(actor, studio, Result(**facts), file, now)


@transaction.atomic
def add_activity(
    *, actor: Actor, studio: Studio, facts: dict[str, Any], file: Any = None, now: dt.datetime
) -> Activity:
    """``facts``: on, title, kind, reach, sessions, people; the sign-in sheet or photo is the proof."""
    studio = locked(actor, "keep", studio)
    wrong: dict[str, list[str]] = {}
    if messages := too_late(facts["on"], local_date(now)):
        wrong["on"] = messages
    if facts["people"] < facts["sessions"]:
        wrong["people"] = [_("人次不能少于场次。")]
    if wrong:
        raise invalid(wrong)
    return _add(actor, studio, Activity(**facts), file, now)


@transaction.atomic
def add_growth(*, actor: Actor, studio: Studio, facts: dict[str, Any], file: Any = None, now: dt.datetime) -> Growth:
    """带徒 (needs the mentor) or 晋级 (needs both levels, which differ). ``facts``: kind, name, on, mentor, trade, until,
    before, after.
    """
    studio = locked(actor, "keep", studio)
    wrong: dict[str, list[str]] = {}
    if facts["kind"] == GrowthKind.APPRENTICE:
        facts = facts | {"before": "", "after": ""}
        if not facts["mentor"].strip():
            wrong["mentor"] = [_("请填写师傅姓名。")]
        if facts["until"] and facts["until"] < facts["on"]:
            wrong["until"] = [_("出徒日期不能早于开始日期。")]
    else:
        facts = facts | {"mentor": "", "until": None}
        if not facts["before"].strip() or not facts["after"].strip():
            wrong["after"] = [_("请填写晋级前和晋级后的等级或职称。")]
        elif facts["before"].strip() == facts["after"].strip():
            wrong["after"] = [_("晋级前后不能相同。")]
    if messages := too_late(facts["on"], local_date(now)):
        wrong["on"] = messages
    if wrong:
        raise invalid(wrong)
    return _add(actor, studio, Growth(**facts), file, now)


@transaction.atomic
def remove_record(*, actor: Actor, kind: str, row: Any, now: dt.datetime) -> None:
    """Takes back a record entered by mistake; what it said stays in the audit log. Raises Invalid when the year's
    check is handed in, when the topic is approved or has results.
    """
    if kind not in REMOVABLE:
        raise Invalid(_("这类记录不能删除。"))
    studio = locked(actor, "keep", row.studio)
    row = lock_row(queries.RECORDS[kind], row.pk)
    if YearCheck.objects.filter(studio=studio, year=year_of(row), status__in=SETTLED).exists():
        raise Invalid(_("这个年度的考核已经报送，记录不能再删除。"))
    if kind == "topic" and (row.status != TopicStatus.PROPOSED or Result.objects.filter(topic=row).exists()):
        raise Invalid(_("已立项或已有成果的课题不能删除，可以中止。"))
    facts = {f.name: str(getattr(row, f.attname)) for f in row._meta.concrete_fields if f.name != "file"}
    record("innovations.record.removed", studio, actor=actor, now=now, kind=kind, facts=facts)
    row.delete()
