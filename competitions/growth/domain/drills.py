"""Records of drills and matches: what was held, who came where, the evidence."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competitions.growth.domain.people import file_of
from competitions.growth.enums import DrillLevel
from competitions.growth.models import Drill, DrillFile, DrillResult
from competitions.rosters.persons import Person
from portal.accounts.enums import UnionLevel
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.web.uploads import checked_upload

PAPERS = ("pdf", "docx", "xlsx", "jpg", "jpeg", "png", "mp4")
MAX_MB = 50
FACTS = ("kind", "level", "title", "trade", "starts_on", "ends_on", "people", "summary")
HIGHEST = {UnionLevel.MUNICIPAL: 3, UnionLevel.DISTRICT: 2, UnionLevel.SUBDISTRICT: 2}
STEP = {DrillLevel.ENTERPRISE: 1, DrillLevel.DISTRICT: 2, DrillLevel.CITY: 3}


def _refuse(field: str, message: str) -> None:
    raise Invalid(message, fields={field: [message]})


def _save(row: Drill, facts: dict[str, Any], now: dt.datetime) -> None:
    for name in FACTS:
        setattr(row, name, facts[name])
    if row.ends_on < row.starts_on:
        _refuse("ends_on", _("结束日期不能早于开始日期。"))
    if row.starts_on > local_date(now):
        _refuse("starts_on", _("这里登记已经举办的活动，开始日期不能晚于今天。"))
    if STEP[DrillLevel(row.level)] > HIGHEST.get(row.organisation.level, 1):
        _refuse("level", _("本级工会不能登记更高层级的活动，请由主办的上级工会登记。"))
    if row.pk and row.people < row.results.count():
        _refuse("people", _("参加人数不能少于已登记成绩的人数。"))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # competitions_drill_once
        message = _("本单位同一天已有同名的记录。")
        raise Invalid(message, fields={"title": [message]}) from error


@transaction.atomic
def add_drill(*, actor: Actor, organisation: Organisation, facts: dict[str, Any], now: dt.datetime) -> Drill:
    """A record of what was held. Raises Invalid beside the field."""
    policy_for("drill").require(actor, "add")
    row = Drill(organisation=organisation, created_by=actor.user)
    _save(row, facts, now)
    record("competitions.drill.added", row, actor=actor, now=now, kind=row.kind, level=row.level)
    return row


@transaction.atomic
def change_drill(*, actor: Actor, drill: Drill, facts: dict[str, Any], now: dt.datetime) -> Drill:
    row = lock_row(Drill, drill.pk)
    policy_for("drill").require(actor, "change", row)
    before = {name: str(getattr(row, name)) for name in FACTS}
    _save(row, facts, now)
    after = {name: str(getattr(row, name)) for name in FACTS}
    changed = [name for name in FACTS if before[name] != after[name]]
    record(
        "competitions.drill.changed", row, actor=actor, now=now, before={n: before[n] for n in changed},
        after={n: after[n] for n in changed},
    )  # fmt: skip
    return row


@transaction.atomic
def remove_drill(*, actor: Actor, drill: Drill, reason: str, now: dt.datetime) -> None:
    """Deletes a record entered by mistake with its results; the reason stays in the log. Raises Invalid without one."""
    row = lock_row(Drill, drill.pk)
    policy_for("drill").require(actor, "remove", row)
    if not reason.strip():
        _refuse("reason", _("请填写删除原因。"))
    facts = {"title": row.title, "on": str(row.starts_on), "results": row.results.count(), "reason": reason.strip()}
    record("competitions.drill.removed", row, actor=actor, now=now, **facts)
    files = [found.file for found in row.files.all()]
    row.delete()
    transaction.on_commit(lambda: [file.delete(save=False) for file in files])


def place(
    row: Drill, person: Person, *, rank: int | None, mark: Decimal | None, actor: Actor, now: dt.datetime
) -> DrillResult:
    """Sets the place of a worker of the holding union; the caller holds the lock on the drill and the right."""
    if rank is None and mark is None:
        _refuse("rank", _("名次和成绩至少填写一项。"))
    worker = file_of(actor=actor, organisation=row.organisation, person=person, trade=row.trade, now=now)
    result, is_new = DrillResult.objects.update_or_create(
        drill=row, worker=worker, defaults={"rank": rank, "mark": mark}
    )
    if is_new and row.results.count() > row.people:
        _refuse("rank", _("成绩的人数超过了参加人数%d，请先修改参加人数。") % row.people)
    return result


@transaction.atomic
def set_result(
    *, actor: Actor, drill: Drill, person: Person, rank: int | None, mark: Decimal | None, now: dt.datetime
) -> DrillResult:
    """Enters or corrects one worker's place and mark."""
    row = lock_row(Drill, drill.pk)
    policy_for("drill").require(actor, "change", row)
    result = place(row, person, rank=rank, mark=mark, actor=actor, now=now)
    record(
        "competitions.drill.result_set", row, actor=actor, now=now, result=result.pk, rank=rank, mark=str(mark or "")
    )
    return result


@transaction.atomic
def remove_result(*, actor: Actor, result: DrillResult, now: dt.datetime) -> Drill:
    row = lock_row(Drill, result.drill_id)
    policy_for("drill").require(actor, "change", row)
    found = lock_row(DrillResult, result.pk)
    record("competitions.drill.result_removed", row, actor=actor, now=now, result=found.pk, rank=found.rank)
    found.delete()
    return row


@transaction.atomic
def add_file(*, actor: Actor, drill: Drill, upload: Any, now: dt.datetime) -> DrillFile:
    """Keeps a piece of evidence, checked by its content. Raises Invalid (field ``file``)."""
    row = lock_row(Drill, drill.pk)
    policy_for("drill").require(actor, "change", row)
    file, checked = checked_upload(upload, accept=PAPERS, max_mb=MAX_MB, field="file")
    kept = DrillFile(
        drill=row, file_name=checked.name, file_size=checked.size, content_type=checked.content_type,
        sha256=checked.sha256, added_by=actor.user, added_at=now,
    )  # fmt: skip
    kept.file.save(f"{uuid.uuid4().hex}.{checked.extension}", File(file), save=False)
    kept.save()
    record("competitions.drill.file_added", row, actor=actor, now=now, sha256=kept.sha256)
    return kept


@transaction.atomic
def remove_file(*, actor: Actor, file: DrillFile, now: dt.datetime) -> Drill:
    row = lock_row(Drill, file.drill_id)
    policy_for("drill").require(actor, "change", row)
    found = lock_row(DrillFile, file.pk)
    record("competitions.drill.file_removed", row, actor=actor, now=now, sha256=found.sha256)
    found.delete()
    transaction.on_commit(lambda: found.file.delete(save=False))
    return row
