"""Scorecards, visits and care for the workers."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.projects import scoring
from competitions.projects.domain.files import need, store_files
from competitions.projects.domain.register import lock_project
from competitions.projects.enums import FilePurpose, FundSource
from competitions.projects.models import CareVisit, KeyProject, Scorecard, ScorecardDefinition, Visit
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for

DEFINITION_FILE = Path(__file__).resolve().parent.parent / "definitions" / "five-compares.toml"


def read_definition(path: Path = DEFINITION_FILE) -> dict[str, Any]:
    """The parsed and checked file. Raises Invalid in words."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        scoring.parse(data)
    except (OSError, ValueError) as error:  # TOMLDecodeError is a ValueError
        raise Invalid(_("评分标准文件无法使用：%s") % error) from error
    return data


@transaction.atomic
def load_definition(
    *, actor: Actor, owner: Organisation, data: dict[str, Any], now: dt.datetime
) -> tuple[ScorecardDefinition, bool]:
    """The next version of a definition, or – for a content that is there already – that version. Past cards keep theirs."""
    policy_for("project").require(actor, "register")
    parsed, mark = scoring.parse(data), scoring.fingerprint(data)
    advisory_lock(f"competitions:definition:{owner.pk}:{parsed.code}")
    there = ScorecardDefinition.objects.filter(owner=owner, code=parsed.code)
    if (same := there.filter(fingerprint=mark).first()) is not None:
        return same, False
    row = ScorecardDefinition.objects.create(
        owner=owner, code=parsed.code, version=there.count() + 1, title=parsed.title, content=data,
        fingerprint=mark, loaded_at=now,
    )  # fmt: skip
    record("competitions.definition.loaded", row, actor=actor, now=now, version=row.version, fingerprint=mark)
    return row, True


@transaction.atomic
def enter_scorecard(
    *,
    actor: Actor,
    project: KeyProject,
    definition: ScorecardDefinition,
    scored_on: dt.date,
    marks: Mapping[str, Decimal],
    now: dt.datetime,
    veto: str = "",
    words: str = "",
) -> Scorecard:
    """Registers a card under ``definition``. Cards are never changed: a correction is a new card of the same day.

    Raises Invalid beside the mark that is missing or outside its range, and for a veto the definition does not name.
    """
    project = lock_project(project)
    policy_for("project").require(actor, "inspect", project)
    parsed = scoring.parse(definition.content)
    wrong = {
        f"mark_{d.code}": [_("请填写0到%s之间的分数。") % f"{d.max.normalize():f}"]
        for d in parsed.dimensions
        if marks.get(d.code) is None or not 0 <= marks[d.code] <= d.max
    }
    if veto and veto not in parsed.vetoes:
        wrong["veto"] = [_("评分标准没有这种一票否决情形。")]
    if scored_on > local_date(now):
        wrong["scored_on"] = [_("评分日期不能晚于今天。")]
    if wrong:
        raise Invalid(_("评分卡没有填写完整。"), fields=wrong)
    card = Scorecard.objects.create(
        project=project, definition=definition, scored_on=scored_on, total=scoring.total_of(parsed, marks),
        marks={d.code: str(marks[d.code]) for d in parsed.dimensions}, veto=veto, words=words.strip(),
        scored_by=actor.user, organisation_id=actor.desk.organisation_id if actor.desk else None, scored_at=now,
    )  # fmt: skip
    record("competitions.scorecard.entered", card, actor=actor, now=now, total=card.total, veto=veto)
    return card


@transaction.atomic
def plan_visit(
    *, actor: Actor, project: KeyProject, planned_on: dt.date, team: str, agenda: str, now: dt.datetime
) -> Visit:
    """Puts a visit into the calendar of the project."""
    project = lock_project(project)
    policy_for("project").require(actor, "inspect", project)
    visit = Visit.objects.create(
        project=project, planned_on=planned_on, team=need(team, "team", _("请填写带队及成员。")), agenda=agenda.strip(),
        planned_by=actor.user, organisation_id=actor.desk.organisation_id if actor.desk else None,
    )  # fmt: skip
    record("competitions.visit.planned", visit, actor=actor, now=now, planned_on=planned_on, team=visit.team)
    return visit


@transaction.atomic
def record_visit(
    *,
    actor: Actor,
    visit: Visit,
    visited_on: dt.date,
    findings: str,
    now: dt.datetime,
    score: Decimal | None = None,
    photos: Iterable[Any] = (),
) -> Visit:
    """What was seen, with pictures (stripped of the camera's data). A recorded visit stays as it is. Raises Conflict then."""
    project = lock_project(visit.project_id)
    policy_for("project").require(actor, "inspect", project)
    visit = lock_row(Visit, visit.pk)
    if visit.visited_on is not None:
        raise Conflict(_("这次调研已经登记过情况。"))
    if visited_on > local_date(now):
        message = _("实际日期不能晚于今天。")
        raise Invalid(message, fields={"visited_on": [message]})
    visit.visited_on, visit.score = visited_on, score
    visit.findings = need(findings, "findings", _("请填写情况及意见。"))
    visit.save()
    store_files(photos, actor=actor, project=project, purpose=FilePurpose.VISIT, field="photos", now=now, visit=visit)
    record("competitions.visit.recorded", visit, actor=actor, now=now, visited_on=visited_on, score=score)
    return visit


@transaction.atomic
def enter_care(
    *, actor: Actor, project: KeyProject, facts: dict[str, Any], now: dt.datetime, files: Iterable[Any] = ()
) -> CareVisit:
    """慰问 of one day. Money of the union needs the number of its approval, and money or goods need evidence.

    ``amount`` in 元. Raises Invalid beside the field.
    """
    project = lock_project(project)
    policy_for("project").require(actor, "care", project)
    files, wrong = list(files), {}
    if facts["on"] > local_date(now):
        wrong["on"] = [_("慰问日期不能晚于今天。")]
    if facts["source"] == FundSource.UNION and facts["amount"] and not facts["approval_number"].strip():
        wrong["approval_number"] = [_("使用工会经费须填写审批文号。")]
    if facts["headcount"] < 1:
        wrong["headcount"] = [_("慰问人数至少1人。")]
    if facts["amount"] and not files:
        wrong["files"] = [_("请上传签收单、票据或照片。")]
    if wrong:
        raise Invalid("".join(m for messages in wrong.values() for m in messages), fields=wrong)
    care = CareVisit.objects.create(
        project=project, entered_by=actor.user, entered_at=now,
        organisation_id=actor.desk.organisation_id if actor.desk else None, **facts,
    )  # fmt: skip
    store_files(files, actor=actor, project=project, purpose=FilePurpose.CARE, field="files", now=now, care=care)
    record(
        "competitions.care.entered", care, actor=actor, now=now, amount=care.amount, headcount=care.headcount,
        approval=care.approval_number,
    )  # fmt: skip
    return care
