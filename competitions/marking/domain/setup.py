"""A marking begins and ends: opened for a contest, started with its benches, closed with its marks handed over."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.marking import contests, queries
from competitions.marking.domain.boards import refresh_later
from competitions.marking.domain.schemes import unready
from competitions.marking.domain.totals import recompute
from competitions.marking.enums import PartState, SchemeState
from competitions.marking.models import Bench, BenchTotal, Mark, Marking, SubCriterion
from portal.accounts.models import Organisation
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.db import advisory_lock, lock_row
from portal.core.errors import Conflict, Invalid
from portal.core.policies import policy_for


@transaction.atomic
def open_marking(*, actor: Actor, contest: contests.Candidate | None, now: dt.datetime, title: str = "") -> Marking:
    """建立评分 for a contest of the acting union, one for each; ``title`` names a contest outside the register."""
    policy_for("marking").require(actor, "organise")
    number, title = (contest.pk, contest.title) if contest else (None, title.strip())
    if not title:
        message = _("请选择赛项，或填写赛项名称。")
        raise Invalid(message, fields={"title": [message]})
    advisory_lock(f"competitions:marking:{number or title}")
    if number and Marking.objects.filter(contest=number).exists():
        raise Conflict(_("这个赛项已经建立评分。"))
    owner = Organisation.objects.get(pk=actor.at_desk.organisation_id)
    row = Marking.objects.create(contest=number, owner=owner, title=title, opened_by=actor.user, opened_at=now)
    record("competitions.marking.opened", row, actor=actor, now=now, contest=number)
    return row


@transaction.atomic
def start_marking(*, actor: Actor, marking: Marking, now: dt.datetime) -> Marking:
    """开始评分: the draft is in force and frozen, the benches are taken over. Raises Invalid with everything that lacks."""
    marking = lock_row(Marking, marking.pk)
    policy_for("marking").require(actor, "organise", marking)
    if marking.started_at is not None:
        raise Conflict(_("评分已经开始。"))
    draft = queries.draft_of(marking)
    missing = [_("还没有导入评分方案。")] if draft is None else unready(draft)
    if not _take_benches(marking) and not Bench.objects.filter(marking=marking).exists():
        missing.append(_("赛项还没有排定工位的选手。"))
    if missing:
        raise Invalid("".join(missing), code="unready")
    draft.state, draft.frozen_at = SchemeState.FROZEN, now
    draft.save(update_fields=["state", "frozen_at"])
    marking.started_at = now
    marking.save(update_fields=["started_at"])
    benches = Bench.objects.filter(marking=marking).count()
    record("competitions.marking.started", marking, actor=actor, now=now, version=draft.version, benches=benches)
    return marking


@transaction.atomic
def refresh_benches(*, actor: Actor, marking: Marking, now: dt.datetime) -> int:
    """更新工位: new competitors get their bench, those who left are absent, who was recorded as absent
    stays so; a bench that was marked stays as it is.
    """
    marking = lock_row(Marking, marking.pk)
    policy_for("marking").require(actor, "organise", marking)
    count = _take_benches(marking)
    record("competitions.marking.benches", marking, actor=actor, now=now, benches=count)
    return count


def _take_benches(marking: Marking) -> int:
    coming = {c.pk: c for c in contests.competitors(marking.contest)}
    if not coming:  # outside the register, or nothing drawn yet: the benches stay as they are
        return Bench.objects.filter(marking=marking, is_absent=False).count()
    there = {b.competitor: b for b in Bench.objects.filter(marking=marking, competitor__isnull=False)}
    marked = set(Mark.objects.filter(bench__marking=marking).values_list("bench_id", flat=True))
    for number, bench in there.items():
        found = coming.get(number)
        bench.is_absent = bench.is_absent or found is None or found.is_absent
        if found is not None and bench.pk not in marked:
            bench.code, bench.session, bench.order = found.code, found.session, found.order
        bench.save()
    fresh = [
        Bench(marking=marking, competitor=c.pk, name=c.name, organisation=c.organisation, code=c.code,
              session=c.session, order=c.order, is_absent=c.is_absent)
        for number, c in coming.items() if number not in there
    ]  # fmt: skip
    Bench.objects.bulk_create(fresh)
    return Bench.objects.filter(marking=marking, is_absent=False).count()


@transaction.atomic
def close_marking(*, actor: Actor, marking: Marking, now: dt.datetime) -> int:
    """移交成绩: every sub-criterion is locked; the totals go to the contest. Returns how many competitors."""
    marking = lock_row(Marking, marking.pk)
    policy_for("marking").require(actor, "organise", marking)
    parts = SubCriterion.objects.filter(scheme__marking=marking, scheme__state=SchemeState.FROZEN)
    left = [str(part) for part in parts.exclude(state=PartState.LOCKED)]
    if marking.started_at is None or left:
        raise Invalid(_("还有小项没有锁定：%s。") % "、".join(left) if left else _("评分还没有开始。"))
    recompute(marking, now=now)
    rows = BenchTotal.objects.filter(bench__marking=marking, bench__is_absent=False).select_related("bench")
    marks = {row.bench.competitor or -row.bench_id: row.mark for row in rows}
    contests.hand_over(actor=actor, contest=marking.contest, marks=marks, now=now)
    marking.closed_at = now
    marking.save(update_fields=["closed_at"])
    record("competitions.marking.closed", marking, actor=actor, now=now, competitors=len(marks))
    refresh_later(marking, now=now)
    return len(marks)
