"""年度考核: opened by the union that named the studios, filed by the units, marked by a second person; 整改."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from innovations.studios import queries
from innovations.studios.domain.common import attach, invalid, tell
from innovations.studios.enums import CheckStatus, Step, StudioStatus
from innovations.studios.index import grade_of, index, months_later, total_of, wrong_marks
from innovations.studios.models import CheckFile, Studio, YearCheck
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.db import lock_row
from portal.core.policies import policy_for

MAX_FILES = 10
MIN_SUMMARY = 20


@transaction.atomic
def open_year(*, actor: Actor, owner: Organisation, year: int, due_on: dt.date, now: dt.datetime) -> list[YearCheck]:
    """A check of ``year`` for every running studio that ``owner``, the desk's own union, named and that has none yet.

    Raises Invalid for a deadline that is not to come, a year to come, or when there is nothing to check.
    """
    policy_for("studiocheck").require(actor, "open")
    today = local_date(now)
    wrong: dict[str, list[str]] = {}
    if due_on <= today:
        wrong["due_on"] = [_("自评截止应晚于今天。")]
    if not today.year - 1 <= year <= today.year:
        wrong["year"] = [_("只能考核今年或去年。")]
    found = [] if wrong else list(queries.to_check(owner, year))
    if not wrong and not found:
        wrong["year"] = [_("本级命名的工作室这个年度都已列入考核，或没有正常运行的工作室。")]
    if wrong:
        raise invalid(wrong)
    rule = index()
    rows = YearCheck.objects.bulk_create([
        YearCheck(
            studio=studio, owner=owner, year=year, due_on=due_on, criteria=[c.plain() for c in rule.criteria],
            grades=[list(g) for g in rule.grades], version=rule.version, pass_mark=rule.pass_mark,
        )
        for studio in found
    ])  # fmt: skip
    record("innovations.check.opened", owner, actor=actor, now=now, year=year, studios=[s.pk for s in found])
    return rows


@transaction.atomic
def file_check(
    *, actor: Actor, check: YearCheck, marks: Mapping[str, Decimal | None], summary: str, plan: str = "",
    files: Sequence[Any] = (), now: dt.datetime,
) -> YearCheck:  # fmt: skip
    """The studio's own marks with the year's summary. What the records say on that day is kept beside them.

    Raises Invalid beside ``mark_<code>``, ``summary``, ``files``.
    """
    row = lock_row(YearCheck, check.pk)
    policy_for("studiocheck").require(actor, "file", row)
    wrong = {f"mark_{code}": [words] for code, words in wrong_marks(row.criteria, marks).items()}
    if len(summary.strip()) < MIN_SUMMARY:
        wrong["summary"] = [_("请写年度工作总结，至少%d个字。") % MIN_SUMMARY]
    present = CheckFile.objects.filter(check_of=row).count()
    if not present and not files:
        wrong["files"] = [_("请上传佐证材料。")]
    elif present + len(files) > MAX_FILES:
        wrong["files"] = [_("佐证材料最多%d个。") % MAX_FILES]
    if wrong:
        raise invalid(wrong)
    for upload in files:
        kept = CheckFile(studio=row.studio, check_of=row, entered_by=actor.user, entered_at=now)
        attach(kept, upload)
        kept.save()
    mending = row.status == CheckStatus.MENDING
    row.own_marks = {code: str(mark) for code, mark in marks.items()}
    row.summary, row.plan, row.facts = summary.strip(), plan.strip(), queries.facts_of(row.studio, row.year)
    row.status = CheckStatus.MENDED if mending else CheckStatus.FILED
    row.filed_at, row.filed_by = now, actor.user
    row.checked_by = None  # whoever marks next is written then
    row.save()
    record("innovations.check.filed", row, actor=actor, now=now, own_total=str(total_of(row.own_marks)))
    return row


def _to_mark(actor: Actor, check: YearCheck) -> tuple[YearCheck, Studio]:
    """Both locked, the studio first, as everywhere in the room."""
    studio = lock_row(Studio, check.studio_id)
    row = lock_row(YearCheck, check.pk)
    policy_for("studiocheck").require(actor, "mark", row)
    return row, studio


@transaction.atomic
def return_check(*, actor: Actor, check: YearCheck, words: str, due_on: dt.date, now: dt.datetime) -> YearCheck:
    """Sends a self-mark back to be completed until ``due_on`` (a day to come)."""
    row, _studio = _to_mark(actor, check)
    wrong: dict[str, list[str]] = {}
    if not words.strip():
        wrong["words"] = [_("请写明要补充什么。")]
    if due_on <= local_date(now):
        wrong["due_on"] = [_("期限应晚于今天。")]
    if wrong:
        raise invalid(wrong)
    mended = row.status == CheckStatus.MENDED
    row.status, row.due_on, row.opinion = (
        CheckStatus.MENDING if mended else CheckStatus.RETURNED, due_on, words.strip(),
    )  # fmt: skip
    row.save()
    record("innovations.check.returned", row, actor=actor, now=now, words=row.opinion, due_on=due_on)
    return row


@transaction.atomic
def mark_check(
    *, actor: Actor, check: YearCheck, marks: Mapping[str, Decimal | None], opinion: str, now: dt.datetime
) -> YearCheck:
    """Marks and concludes: reaching the pass mark ends the check (and 整改); below it the studio has six months to mend,
    and after mending it fails, which lets two people take the plate away. Raises Invalid beside the field.
    """
    row, studio = _to_mark(actor, check)
    wrong = {f"mark_{code}": [words] for code, words in wrong_marks(row.criteria, marks).items()}
    if not opinion.strip():
        wrong["opinion"] = [_("请写考核意见。")]
    if wrong:
        raise invalid(wrong)
    again = row.status == CheckStatus.MENDED
    row.marks = {code: str(mark) for code, mark in marks.items()}
    row.total, row.opinion = total_of(row.marks), opinion.strip()
    row.grade = grade_of(row.total, [tuple(g) for g in row.grades])
    row.checked_at, row.checked_by = now, actor.user
    if row.total >= row.pass_mark:
        _pass(row, studio, again, actor, now)
    elif again:
        row.status = CheckStatus.FAILED
        row.save()
        record("innovations.check.failed", row, actor=actor, now=now, total=str(row.total))
    else:
        _mend(row, studio, actor, now)
    return row


def _pass(row: YearCheck, studio: Studio, again: bool, actor: Actor, now: dt.datetime) -> None:
    row.status = CheckStatus.PASSED
    row.save()
    words = _("%(year)d年度 %(total)s分 %(grade)s") % {"year": row.year, "total": row.total, "grade": row.grade}
    if studio.status == StudioStatus.MENDING:
        studio.status, studio.mend_until = StudioStatus.RUNNING, None
        studio.save()
        record("innovations.studio.mended", studio, actor=actor, now=now, year=row.year)
    tell(studio, Step.MENDED if again else Step.PASSED, words, actor=actor, now=now)
    record("innovations.check.passed", row, actor=actor, now=now, total=str(row.total), grade=row.grade)


def _mend(row: YearCheck, studio: Studio, actor: Actor, now: dt.datetime) -> None:
    until = months_later(local_date(now), index().mend_months)
    row.status, row.due_on, row.first_total = CheckStatus.MENDING, until, row.total
    row.save()
    studio.status, studio.mend_until = StudioStatus.MENDING, until
    studio.save()
    words = _("%(year)d年度 %(total)s分，%(until)s前整改") % {"year": row.year, "total": row.total, "until": until}
    tell(studio, Step.MENDING, words, actor=actor, now=now)
    record("innovations.check.mending", row, actor=actor, now=now, total=str(row.total), until=until)
