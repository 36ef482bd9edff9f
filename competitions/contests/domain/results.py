"""名次, notice, appeals, confirmation."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from competitions.contests import ranking
from competitions.contests.domain.plan import advance, invalid, lock_contest, store_file
from competitions.contests.domain.promotions import propose
from competitions.contests.enums import AppealKind, CompetitorState, ContestState, FilePurpose
from competitions.contests.models import (
    Competitor,
    Contest,
    ContestAppeal,
    ContestPart,
    ContestResult,
    ContestSession,
    Delegation,
    PartMark,
)
from competitions.contests.rules import rules
from portal.audit.domain import record
from portal.core.context import Actor
from portal.core.errors import Conflict
from portal.core.policies import policy_for
from portal.core.text import mask_name


@transaction.atomic
def lock_marks(*, actor: Actor, contest: Contest, now: dt.datetime) -> Contest:
    """锁定成绩: all parts confirmed; totals and ranks are computed."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    open_parts = [p.title for p in ContestPart.objects.filter(contest=contest, confirmed_at=None)]
    if open_parts:
        raise Conflict(_("还没有复核的成绩：%s。") % "、".join(open_parts))
    contest.locked_at, contest.locked_by = now, actor.user
    contest = advance(contest, ContestState.LOCKED, actor=actor, now=now)
    compute(contest)
    return contest


def standings(contest: Contest) -> list[ranking.Standing]:
    """Those with a mark in every part; who missed one is not ranked."""
    parts = list(ContestPart.objects.filter(contest=contest))
    marks: dict[int, dict[int, PartMark]] = defaultdict(dict)
    for mark in PartMark.objects.filter(part__in=parts, mark__isnull=False):
        marks[mark.competitor_id][mark.part_id] = mark
    found = []
    for key, mine in marks.items():
        if len(mine) != len(parts):
            continue
        times = [m.seconds for m in mine.values() if m.seconds is not None]
        lines = tuple((part.kind, part.weight, mine[part.pk].mark) for part in parts)
        found.append(ranking.Standing(key, lines, sum(times) if times else None))
    return found


def compute(contest: Contest) -> int:
    """Writes the results anew; returns how many were ranked. The caller holds the contest's lock."""
    placed = ranking.ranked(standings(contest), contest.ties)
    totals = {p.key: p.total for p in placed}
    points = ranking.scaled(totals, contest.scale_k)
    medals: dict[Any, Any] = {}
    if contest.with_medals and not contest.is_selection_only:
        medals = (
            ranking.medals_by_gap(points, contest.medal_gap) if contest.medal_gap else ranking.medals_by_rank(placed)
        )
    people = {c.pk: c for c in Competitor.objects.filter(contest=contest, state=CompetitorState.QUALIFIED)}
    ContestResult.objects.filter(contest=contest).delete()
    ContestResult.objects.bulk_create(
        ContestResult(
            contest=contest, competitor=people[p.key], shown_name=mask_name(people[p.key].name),
            shown_unit=people[p.key].employer, total=p.total, rank=p.rank, medal=medals.get(p.key, ""),
            scaled=points[p.key] if contest.with_scale else None,
        )
        for p in placed
    )  # fmt: skip
    return len(placed)


@transaction.atomic
def publish(*, actor: Actor, contest: Contest, now: dt.datetime) -> Contest:
    """成绩公示 on the public site: masked names, units, ranks. Appeals about the process are ruled before."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    _no_open_appeals(contest)
    contest.published_at = now
    return advance(contest, ContestState.PUBLISHED, actor=actor, now=now)


def _no_open_appeals(contest: Contest) -> None:
    if count := ContestAppeal.objects.filter(contest=contest, ruling="").count():
        raise Conflict(_("还有%d项申诉没有裁决。") % count)


def appeal_deadline(contest: Contest, kind: str, session: ContestSession | None) -> dt.datetime | None:
    """Two hours after the session, or a day after the notice; None while the time has not begun to run."""
    if kind == AppealKind.PROCESS:
        return session.ends_at + dt.timedelta(hours=rules().process_hours) if session else None
    if contest.published_at is None:
        return None
    return contest.published_at + dt.timedelta(hours=rules().result_hours)


@transaction.atomic
def file_appeal(
    *, actor: Actor, delegation: Delegation, kind: str, words: str, now: dt.datetime,
    session: ContestSession | None = None, upload: Any = None,
) -> ContestAppeal:  # fmt: skip
    """申诉 in writing by the delegation, in time. Raises Invalid beside the field, Conflict when it is too late."""
    contest = delegation.contest = lock_contest(delegation.contest_id)
    policy_for("delegation").require(actor, "appeal", delegation)
    if not words.strip():
        raise invalid("words", _("请写明申诉的事实和理由。"))
    if kind == AppealKind.PROCESS and session is None:
        raise invalid("session", _("请选择申诉的场次。"))
    deadline = appeal_deadline(contest, kind, session)
    if deadline is None:
        raise invalid("kind", _("成绩还没有公布。"))
    if now >= deadline:
        raise Conflict(_("申诉期限已过。"))
    paper = None
    if upload:
        paper = store_file(upload, actor=actor, contest=contest, purpose=FilePurpose.APPEAL, field="upload", now=now)
    row = ContestAppeal.objects.create(
        contest=contest, delegation=delegation, kind=kind, session=session if kind == AppealKind.PROCESS else None,
        words=words.strip(), paper=paper, filed_by=actor.user, filed_at=now,
    )  # fmt: skip
    record("competitions.appeal.filed", row, actor=actor, now=now, contest=contest.number, kind=kind)
    return row


@transaction.atomic
def rule_appeal(*, actor: Actor, appeal: ContestAppeal, ruling: str, reasons: str, now: dt.datetime) -> ContestAppeal:
    """裁决 with reasons, by somebody who did not enter or confirm the marks it is about."""
    contest = lock_contest(appeal.contest_id)
    appeal = ContestAppeal.objects.select_related("contest__owner", "delegation__organisation").get(pk=appeal.pk)
    policy_for("contest_appeal").require(actor, "rule", appeal)
    if not reasons.strip():
        raise invalid("reasons", _("请填写裁决理由。"))
    touched = ContestPart.objects.filter(contest=contest).values_list("entered_by_id", flat=True)
    if actor.user_id in set(touched):
        raise Conflict(_("登记成绩的人不能裁决申诉。"))
    appeal.ruling, appeal.reasons, appeal.ruled_by, appeal.ruled_at = ruling, reasons.strip(), actor.user, now
    appeal.save(update_fields=["ruling", "reasons", "ruled_by", "ruled_at"])
    record("competitions.appeal.ruled", appeal, actor=actor, now=now, ruling=ruling)
    return appeal


@transaction.atomic
def correct_mark(
    *, actor: Actor, appeal: ContestAppeal, competitor: Competitor, part: ContestPart, mark: Any, now: dt.datetime
) -> int:
    """After an appeal that was upheld: one mark is corrected and the ranks are computed anew."""
    contest = lock_contest(appeal.contest_id)
    policy_for("contest").require(actor, "manage", contest)
    if appeal.ruling not in {"upheld", "partly"} or contest.state not in {ContestState.LOCKED, ContestState.PUBLISHED}:
        raise Conflict(_("只有裁决成立或部分成立、成绩确认前才能更正成绩。"))
    row = PartMark.objects.get(part=part, competitor=competitor)
    before, row.mark = row.mark, mark
    row.save(update_fields=["mark"])
    count = compute(contest)
    record("competitions.contest.computed", contest, actor=actor, now=now, appeal=appeal.pk, before={"mark": str(before)},
           after={"mark": str(mark)}, ranked=count)  # fmt: skip
    return count


@transaction.atomic
def confirm(*, actor: Actor, contest: Contest, now: dt.datetime) -> Contest:
    """确认成绩: the time for appeals is over and all are ruled; certificates get numbers, promotions are proposed."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    _no_open_appeals(contest)
    deadline = appeal_deadline(contest, AppealKind.RESULT, None)
    if deadline is None or now < deadline:
        raise Conflict(_("申诉期还没有结束。"))
    contest.confirmed_at = now
    contest = advance(contest, ContestState.CONFIRMED, actor=actor, now=now)
    results = list(
        ContestResult.objects.filter(contest=contest).select_related("competitor__delegation").order_by("rank", "pk")
    )
    for serial, row in enumerate(results, 1):
        row.certificate_number = f"{contest.number}-{serial:03d}"
    ContestResult.objects.bulk_update(results, ["certificate_number"])
    if not contest.is_selection_only:
        propose(contest, results, actor=actor, now=now)
    return contest


@transaction.atomic
def archive(*, actor: Actor, contest: Contest, now: dt.datetime) -> Contest:
    """归档: only reading from now on."""
    contest = lock_contest(contest)
    policy_for("contest").require(actor, "manage", contest)
    contest.archived_at = now
    return advance(contest, ContestState.ARCHIVED, actor=actor, now=now)


@transaction.atomic
def print_certificates(*, actor: Actor, contest: Contest, results: list[ContestResult], now: dt.datetime) -> None:
    """Puts on record that certificates with full names were taken."""
    numbers = [row.certificate_number for row in results]
    record("competitions.certificate.printed", contest, actor=actor, now=now, count=len(numbers), numbers=numbers[:10])
