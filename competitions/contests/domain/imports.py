"""Workbooks of the plan, of competitors and of marks: small ones in the request, others by a job; all lines or none."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.contests import queries, workbooks
from competitions.contests.domain.entry import enter_competitors
from competitions.contests.domain.marks import enter_marks
from competitions.contests.domain.plan import plan_contest
from competitions.contests.enums import ImportedSheet
from competitions.contests.models import Contest, ContestImport, ContestPart, Delegation
from portal.accounts.enums import ImportState
from portal.accounts.imports.reading import check_content, read
from portal.accounts.imports.sheets import Problem, Row
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.crypto import decrypt, encrypt
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.errors import Conflict, DomainError, Invalid
from portal.core.policies import policy_for
from portal.core.text import safe_file_name
from portal.jobs import domain as jobs

JOB = "competitions.import_contests"
IN_REQUEST = 200  # lines; more are a job's
PEOPLE_IN_REQUEST = 10  # each is looked for in every contest of the host, and recorded
SHOWN = 500
BROKEN = "导入时出现内部错误，没有写入任何数据。请稍后重新上传；仍不成功请联系系统管理员。"
LABELS = {"theory": "理论权重%", "practical": "理论权重%"}


class Faulty(Exception):
    """What is wrong with the lines of a workbook; raised inside the transaction, which it takes back."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = sorted(problems, key=lambda p: (p.row, p.column))


def load_plan(*, actor: Actor, content: bytes, now: dt.datetime) -> list[Contest]:
    """Lines of the year's plan of the acting union. Raises Faulty with every line's problem, Invalid for an unreadable file."""
    policy_for("contest").require(actor, "plan")
    reading = read(content, workbooks.PLAN)
    problems = list(reading.problems)
    owner = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    known = queries.trades_by_word()
    found: list[Contest] = []
    with transaction.atomic():
        for row in reading.rows:
            try:
                found.append(_line(actor, owner, row, known, now))
            except DomainError as error:
                problems.append(Problem(row.number, _column(error), error.message))
        if problems:
            raise Faulty(problems)
    return found


def _line(actor: Actor, owner: Organisation, row: Row, known: dict[str, Any], now: dt.datetime) -> Contest:
    trade = known.get(row["trade"] or "")
    if trade is None:
        message = _("工种目录中没有“%s”。") % row["trade"]
        raise Invalid(message, fields={"trade": [message]})
    facts, weights = workbooks.plan_facts(row, trade)
    return plan_contest(actor=actor, owner=owner, facts=facts, weights=weights, now=now)  # a savepoint of its own


def _column(error: DomainError) -> str:
    keys = list(getattr(error, "fields", None) or {})
    if not keys:
        return ""
    labels = {column.key: column.label for column in workbooks.PLAN.columns}
    return LABELS.get(keys[0], labels.get(keys[0], ""))


def load_marks(*, actor: Actor, part: ContestPart, content: bytes, now: dt.datetime) -> int:
    """Marks of everybody who drew, by code. Raises Faulty with every line's problem. Returns how many."""
    people = {c.code: c.pk for c in queries.drawn(part.contest)}
    found, problems = workbooks.read_marks(content, people)
    if problems:
        raise Faulty(problems)
    enter_marks(actor=actor, part=part, marks=found, now=now)
    return len(found)


def load_competitors(*, actor: Actor, delegation: Delegation, content: bytes, now: dt.datetime) -> int:
    """All competitors of a sheet. Raises Faulty with every line's problem, Invalid, Conflict. Returns how many."""
    people, problems = workbooks.read_competitors(content, today=local_date(now))
    if problems:
        raise Faulty(problems)
    return len(enter_competitors(actor=actor, delegation=delegation, people=people, now=now))


def is_large(content: bytes, kind: str) -> bool:
    """Whether a job reads it. Raises Invalid when it is no usable workbook."""
    check_content(content)
    if kind == ImportedSheet.COMPETITORS:
        return read(content, workbooks.COMPETITORS).count > PEOPLE_IN_REQUEST
    return read(content, workbooks.PLAN if kind == ImportedSheet.PLAN else workbooks.MARKS).count > IN_REQUEST


@transaction.atomic
def start_load(
    *, actor: Actor, kind: str, file_name: str, content: bytes, now: dt.datetime,
    part: ContestPart | None = None, delegation: Delegation | None = None,
) -> ContestImport:  # fmt: skip
    """Keeps a large workbook for the job that checks and writes it."""
    if delegation is not None:
        policy_for("delegation").require(actor, "change", delegation)
        content = encrypt(base64.b64encode(content).decode()).encode()
    elif part is None:
        policy_for("contest").require(actor, "plan")
    else:
        policy_for("contest").require(actor, "manage", part.contest)
    batch = ContestImport.objects.create(
        organisation_id=actor.at_desk.organisation_id, kind=kind, part=part, delegation=delegation, file_name=safe_file_name(file_name),
        content=content, uploaded_by=actor.user, uploaded_at=now,
    )  # fmt: skip
    run = jobs.start(
        JOB, key=str(batch.pk), actor=actor, params={"batch_id": batch.pk}, title=_("导入：%s") % batch.file_name,
        now=now,
    )  # fmt: skip
    batch.job_id = run.pk
    batch.save(update_fields=["job_id"])
    record("competitions.contest_import.kept", batch, actor=actor, now=now, kind=str(kind))
    return batch


def run_load(run: Any, *, batch_id: int, now: dt.datetime) -> str:
    """Writes all of the workbook or nothing. Safe to run twice: what is settled is left alone."""
    batch = ContestImport.objects.select_related("part__contest__owner", "delegation__contest").get(pk=batch_id)
    if batch.state != ImportState.APPLYING:
        return "这份文件已经办理过。"
    run.report(1, 3, "逐行核对，全部无误才写入")  # not inside the transaction: the heartbeat would wait for it
    try:
        with transaction.atomic():
            lock_row(ContestImport, batch.pk)
            count = _load(run, batch, now)
            _settle(batch, ImportState.APPLIED, [], count, now)
            record("competitions.contest_import.applied", batch, actor=run.actor, now=now, rows=count)
    except Faulty as error:
        _settle(batch, ImportState.FAULTY, error.problems, 0, None)
        return f"共{len(error.problems)}处错误，没有写入任何数据，请改正后重新上传。"
    except DomainError as error:
        _settle(batch, ImportState.FAULTY, [Problem(0, "", error.message)], 0, None)
        raise Conflict(error.message) from error
    except Exception:
        _settle(batch, ImportState.FAULTY, [Problem(0, "", BROKEN)], 0, None)
        raise
    run.report(3, 3, "完成")
    return f"已导入{count}行。"


def _load(run: Any, batch: ContestImport, now: dt.datetime) -> int:
    content = bytes(batch.content)
    if batch.delegation is not None:
        sheet = base64.b64decode(decrypt(content.decode()))
        return load_competitors(actor=run.actor, delegation=batch.delegation, content=sheet, now=now)
    if batch.part is not None:
        return load_marks(actor=run.actor, part=batch.part, content=content, now=now)
    return len(load_plan(actor=run.actor, content=content, now=now))


def _settle(batch: ContestImport, state: str, problems: list[Problem], rows: int, at: dt.datetime | None) -> None:
    ContestImport.objects.filter(pk=batch.pk).update(
        state=state, problems=[p.plain() for p in problems[:SHOWN]], rows=rows, applied_at=at, content=None
    )
