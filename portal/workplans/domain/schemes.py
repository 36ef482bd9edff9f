"""From the empty scheme to the accepted one: assign, save, send, return, accept, revise."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Invalid
from portal.core.policies import policy_for
from portal.workplans.domain.plans import working_deadline
from portal.workplans.enums import QUARTERS, SchemeStatus
from portal.workplans.models import ProgressReport, Scheme, SchemeFile, SchemeLine, SchemeVersion

MIN_TEXT = 50
QUARTER_END = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What a union undertakes for one task."""

    target: Decimal | None
    steps: str


@transaction.atomic
def assign_targets(*, actor: Actor, scheme: Scheme, targets: Mapping[int, Decimal | None], now: dt.datetime) -> Scheme:
    """任务分解: the federation's figures for this union and year, by line. Unknown lines are ignored; None clears."""
    scheme = lock_row(Scheme, scheme.pk)
    policy_for("workplan").require(actor, "assign", scheme)
    before, after = {}, {}
    for line in SchemeLine.objects.filter(scheme=scheme, pk__in=targets).select_related("task"):
        if line.assigned != targets[line.pk]:
            before[line.task.code], after[line.task.code] = line.assigned, targets[line.pk]
            line.assigned = targets[line.pk]
            line.save(update_fields=["assigned"])
    if after:
        record("workplans.scheme.assigned", scheme, actor=actor, now=now, before=before, after=after)
    return scheme


@transaction.atomic
def save_scheme(*, actor: Actor, scheme: Scheme, text: str, lines: Mapping[int, LineDraft], now: dt.datetime) -> Scheme:
    """Keeps the draft as it stands; completeness is asked when it is sent."""
    scheme = lock_row(Scheme, scheme.pk)
    policy_for("workplan").require(actor, "edit", scheme)
    changed = scheme.text != text
    scheme.text = text
    for line in SchemeLine.objects.filter(scheme=scheme, pk__in=lines):
        draft = lines[line.pk]
        if (line.target, line.steps) != (draft.target, draft.steps):
            line.target, line.steps, changed = draft.target, draft.steps, True
            line.save(update_fields=["target", "steps"])
    if changed:
        scheme.save(update_fields=["text", "updated_at"])
        record("workplans.scheme.saved", scheme, actor=actor, now=now)
    return scheme


def missing(scheme: Scheme) -> list[str]:
    """What a scheme still lacks before it can be sent, in words."""
    problems = []
    if len(scheme.text.strip()) < MIN_TEXT:
        problems.append(_("实施方案正文不少于%d字。") % MIN_TEXT)
    for line in SchemeLine.objects.filter(scheme=scheme).select_related("task"):
        if not line.steps.strip():
            problems.append(_("任务“%s”还没有填写工作举措。") % line.task)
        if line.assigned is not None and (line.target is None or line.target < line.assigned):
            problems.append(
                _("任务“%(task)s”的本单位目标不得低于下达指标%(n)s%(unit)s。")
                % {"task": line.task, "n": f"{line.assigned.normalize():f}", "unit": line.task.unit}
            )
    if not SchemeFile.objects.filter(scheme=scheme, report=None, removed_at=None).exists():
        problems.append(_("还没有上传盖章的实施方案文件。"))
    return problems


@transaction.atomic
def submit_scheme(*, actor: Actor, scheme: Scheme, now: dt.datetime) -> SchemeVersion:
    """Sends the scheme to the federation as its next version. Also after the deadline: late is better than never.

    Raises Invalid with everything that is missing.
    """
    scheme = lock_row(Scheme, scheme.pk)
    policy_for("workplan").require(actor, "submit", scheme)
    if problems := missing(scheme):
        raise Invalid("".join(problems), code="incomplete")
    content = _content(scheme)
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
    version = SchemeVersion.objects.create(
        scheme=scheme,
        number=SchemeVersion.objects.filter(scheme=scheme).count() + 1,
        content=content,
        fingerprint=hashlib.sha256(canonical.encode()).hexdigest(),
        submitted_by=actor.user,
        submitted_at=now,
    )
    was_late = now > scheme.due_at
    scheme.status, scheme.submitted_at, scheme.reason = SchemeStatus.SUBMITTED, now, ""
    scheme.decide_by = working_deadline(local_date(now), scheme.year.review_days)
    scheme.save()
    record(
        "workplans.scheme.submitted", scheme, actor=actor, now=now,
        version=version.number, fingerprint=version.fingerprint, late=was_late,
    )  # fmt: skip
    return version


def _content(scheme: Scheme) -> dict[str, Any]:
    lines = SchemeLine.objects.filter(scheme=scheme).select_related("task")
    files = SchemeFile.objects.filter(scheme=scheme, report=None, removed_at=None)
    return {
        "text": scheme.text,
        "lines": [
            {
                "code": line.task.code,
                "title": line.task.title,
                "target": None if line.target is None else str(line.target),
                "unit": line.task.unit,
                "steps": line.steps,
            }
            for line in lines
        ],
        "files": [{"id": file.pk, "name": file.name, "sha256": file.sha256} for file in files],
    }


@transaction.atomic
def return_scheme(*, actor: Actor, scheme: Scheme, reason: str, days: int, now: dt.datetime) -> Scheme:
    """Back to the union with the reason and ``days`` working days to mend it."""
    scheme = lock_row(Scheme, scheme.pk)
    policy_for("workplan").require(actor, "decide", scheme)
    if not reason.strip():
        raise Invalid(_("请填写退回意见。"), fields={"reason": [_("请填写退回意见。")]})
    scheme.status, scheme.reason, scheme.decide_by = SchemeStatus.RETURNED, reason, None
    scheme.due_at = working_deadline(local_date(now), days)
    scheme.save()
    _decide_version(scheme, SchemeStatus.RETURNED, reason, actor, now)
    record("workplans.scheme.returned", scheme, actor=actor, now=now, reason=reason, due_at=scheme.due_at)
    return scheme


@transaction.atomic
def accept_scheme(*, actor: Actor, scheme: Scheme, now: dt.datetime) -> Scheme:
    """The version is published in the union's tree; the four quarters of the year become due. Revisions keep them."""
    scheme = lock_row(Scheme, scheme.pk)
    policy_for("workplan").require(actor, "decide", scheme)
    scheme.status, scheme.accepted_at, scheme.decide_by = SchemeStatus.ACCEPTED, now, None
    scheme.save()
    SchemeVersion.objects.filter(scheme=scheme).exclude(published_for=None).update(published_for=None)
    version = _decide_version(scheme, SchemeStatus.ACCEPTED, "", actor, now)
    version.published_for = scheme.organisation
    version.save(update_fields=["published_for"])
    due = {q: _quarter_due(scheme.year.year, q, scheme.year.report_days, now) for q in QUARTERS}
    there = set(ProgressReport.objects.filter(line__scheme=scheme).values_list("line_id", "quarter"))
    ProgressReport.objects.bulk_create(
        ProgressReport(line=line, quarter=q, due_at=due[q])
        for line in SchemeLine.objects.filter(scheme=scheme)
        for q in QUARTERS
        if (line.pk, q) not in there
    )
    record("workplans.scheme.accepted", scheme, actor=actor, now=now, version=version.number)
    return scheme


def _quarter_due(year: int, quarter: int, days: int, now: dt.datetime) -> dt.datetime:
    """``days`` working days after the quarter's end; a quarter that was over before the scheme is due from now on."""
    return working_deadline(max(dt.date(year, *QUARTER_END[quarter]), local_date(now)), days)


@transaction.atomic
def revise_scheme(*, actor: Actor, scheme: Scheme, now: dt.datetime) -> Scheme:
    """Opens an accepted scheme again; the published version stays until the next one is accepted."""
    scheme = lock_row(Scheme, scheme.pk)
    policy_for("workplan").require(actor, "revise", scheme)
    scheme.status = SchemeStatus.DRAFT
    scheme.due_at = working_deadline(local_date(now), scheme.year.review_days)
    scheme.save()
    record("workplans.scheme.reopened", scheme, actor=actor, now=now)
    return scheme


def _decide_version(scheme: Scheme, outcome: str, opinion: str, actor: Actor, now: dt.datetime) -> SchemeVersion:
    version = SchemeVersion.objects.filter(scheme=scheme).first()
    version.outcome, version.opinion, version.decided_by, version.decided_at = outcome, opinion, actor.user, now
    version.save()
    return version
