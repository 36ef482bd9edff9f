"""Gathers what the rooms know of one worker, for the page of 职工成长档案.

Contests and the engine's entries recognise people by the fingerprint of the bare number, rosters and learning by that of
kind and number: both come from the file. What was decided and may be read by everybody (places, levels, honours) is shown
wherever it was entered; what a union entered about its workers (training, competitions) as far as the desk sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from competitions.contests.enums import PromotionState
from competitions.contests.models import ContestResult, Promotion
from competitions.contests.models.contest import SHOWN
from competitions.growth.erasing import register_eraser
from competitions.growth.sections import LINES, Section, register_section
from competitions.learning import queries as learning
from competitions.learning.enums import ProofState
from competitions.learning.models import Completion, PointsProof, QuizAttempt
from competitions.rosters.enums import IdKind, ParticipationState
from competitions.rosters.models import Participation
from portal.core.crypto import blind_index
from portal.core.dates import local_date
from portal.core.scoping import system_scope
from portal.lifecycle.conferral.earlier import earlier_honours
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry, EntryKey
from portal.web.formats import cn_date

if TYPE_CHECKING:
    from competitions.growth.models import WorkerFile


def _bare(file: WorkerFile) -> str:
    """Fingerprint of the citizen's number alone; of other documents contests and entries know nothing."""
    return blind_index(file.id_number.upper()) if file.id_kind == IdKind.CITIZEN else ""


def contest_rows(file: WorkerFile) -> Iterator[list[Any]]:
    """Places in skill contests whose results were published."""
    with system_scope("published places of one worker"):
        rows = ContestResult.objects.filter(
            competitor__id_index=_bare(file), contest__owner__path__startswith=file.root_path, contest__state__in=SHOWN
        )
        rows = rows.select_related("contest__trade", "competitor").order_by("-contest__year", "-pk")
        found = list(rows[:LINES])
    for row in found:
        contest = row.contest
        yield [contest.year, contest.name, contest.trade.name, row.rank, row.total, row.certificate_number or "—"]


def level_rows(file: WorkerFile) -> Iterator[list[Any]]:
    """Skill levels gained by contests, once the certificate was granted."""
    with system_scope("levels granted to one worker"):
        rows = Promotion.objects.filter(id_index=_bare(file), root_path=file.root_path, state=PromotionState.GRANTED)
        found = list(rows.order_by("-year", "-pk")[:LINES])
    for row in found:
        yield [row.year, row.get_before_display(), row.get_after_display(), row.reason, row.certificate_number or "—"]


def honour_rows(file: WorkerFile) -> Iterator[list[Any]]:
    """Conferred entries whose first person this is, and what the register has of earlier years, found by the number."""
    with system_scope("honours conferred on one worker"):
        keys = EntryKey.objects.filter(kind=EntryKey.PERSON, value=_bare(file))
        rows = Entry.objects.filter(
            pk__in=keys.values("entry"), state=EntryState.CONFERRED, organisation__path__startswith=file.root_path
        )
        rows = rows.select_related("cycle__programme", "cycle__blueprint", "organisation", "track")
        found = list(rows.order_by("-state_changed_at", "-pk")[:LINES])
        named = [row.cycle.rules.honour_title(row.track.code if row.track else None) for row in found]
        titles = [title or row.cycle.programme.title for title, row in zip(named, found, strict=True)]
    lines = [
        (local_date(row.state_changed_at), title, row.title, row.organisation.name)
        for row, title in zip(found, titles, strict=True)
    ]
    lines += [
        (row.conferred_on, row.honour, row.recipient, row.unit) for row in earlier_honours(_bare(file), file.root_path)
    ]
    for day, title, recipient, unit in sorted(lines, key=lambda line: line[0], reverse=True)[:LINES]:
        yield [cn_date(day), title, recipient, unit]


def training_rows(file: WorkerFile) -> Iterator[list[Any]]:
    for row in learning.completions_of(file.id_index).filter(root_path=file.root_path, is_finished=True)[:LINES]:
        score = row.score if row.score is not None else "—"
        yield [cn_date(row.finished_on), row.course, row.platform, row.hours, score, row.certificate_number or "—"]


def competition_rows(file: WorkerFile) -> Iterator[list[Any]]:
    """Labour competitions on whose rosters the person stands."""
    rows = Participation.objects.filter(
        worker__root_path=file.root_path, worker__id_index=file.id_index, state=ParticipationState.ACTIVE
    )
    rows = rows.select_related("filing", "team", "roster__organisation", "roster__employer")
    for row in rows.order_by("-filing__year", "-pk")[:LINES]:
        team = row.team.name if row.team else "—"
        yield [row.filing.year, str(row.filing), row.roster.who, team, row.trade or "—", row.get_duty_display()]


def erase_learning(file: WorkerFile) -> int:
    """Completions, answers and proofs that the file's unit entered of this person, with the pictures."""
    same = {"organisation": file.organisation_id, "root_path": file.root_path, "id_index": file.id_index}
    pictures = [row.file for row in PointsProof.objects.filter(**same)]
    count = sum(model.objects.filter(**same).delete()[0] for model in (QuizAttempt, PointsProof, Completion))
    transaction.on_commit(lambda: [picture.delete(save=False) for picture in pictures])
    return count


def points_rows(file: WorkerFile) -> Iterator[list[Any]]:
    """Points on national platforms that a unit checked."""
    rows = PointsProof.objects.filter(root_path=file.root_path, id_index=file.id_index, state=ProofState.ACCEPTED)
    for row in rows.select_related("organisation").order_by("-as_of", "-pk")[:LINES]:
        yield [cn_date(row.as_of), row.get_platform_display(), row.points, row.organisation.name]


register_eraser("学习记录", erase_learning)
register_section(
    Section(
        "points", _("学习积分"), (_("截图日期"), _("学习平台"), _("积分"), _("登记单位")), points_rows, "proof.view",
        "photo-check", 55,
    ),
    Section(
        "contests", _("技能竞赛"), (_("年度"), _("竞赛"), _("工种"), _("名次"), _("总成绩"), _("证书编号")), contest_rows,
        "growth.view", "trophy", 10,
    ),
    Section(
        "levels", _("技能等级晋升"), (_("年度"), _("原等级"), _("晋升等级"), _("依据"), _("证书编号")), level_rows,
        "growth.view", "stairs-up", 30,
    ),
    Section(
        "honours", _("荣誉"), (_("命名日期"), _("荣誉"), _("申报名称"), _("申报单位")), honour_rows, "growth.view", "award", 40,
    ),
    Section(
        "training", _("培训结业"), (_("日期"), _("课程"), _("学习平台"), _("学时"), _("成绩"), _("证书编号")), training_rows,
        "completion.view", "certificate", 50,
    ),
    Section(
        "competitions", _("参加劳动竞赛"),
        (_("年度"), _("竞赛"), _("登记单位"), _("班组"), _("工种"), _("身份")), competition_rows, "participation.view",
        "flag", 15,
    ),
)  # fmt: skip
