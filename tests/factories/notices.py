"""Notices, objections and conferrals as the domain makes them: nothing is put into a state by hand that a person reaches."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.accounts.models import Organisation
from portal.accounts.scopes import scope_of
from portal.core.context import PUBLIC, Actor, system_actor
from portal.core.dates import local_date
from portal.core.scoping import PublicScope, scope, system_scope
from portal.lifecycle.conferral.domain import draft_conferral, issue_conferral, revoke_honour
from portal.lifecycle.conferral.models import Conferral
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.domain import close_notice, draft_notice, publish_notice
from portal.lifecycle.notice.models import Notice, NoticeKind
from portal.lifecycle.notice.objections import Receipt, file_objection
from portal.lifecycle.programmes.models import Cycle, CycleStage, StageStatus
from portal.lifecycle.selection.bundle.models import ResultBundle
from portal.lifecycle.selection.domain import approve_round, produce_round
from portal.lifecycle.selection.models import RoundStatus, SelectionRound
from tests.factories.entries import PDF, make_cycle, make_entry
from tests.factories.people import Tree
from tests.factories.review import make_expert, make_panel, make_reviewed

_numbers = itertools.count(1)
BODY = "经逐级推荐、专家评审和集体研究，拟命名下列对象，现予公示。"
GROUNDS = "该成果的核心装置由另一班组先行研制，附有当时的图纸和验收单。"
MINUTE = dt.timedelta(minutes=1)


def make_selected(
    tree: Tree,
    count: int = 2,
    *,
    toml: str = "small-work",
    now: dt.datetime | None = None,
    year: int | None = None,
) -> list[Entry]:
    """Entries that wait for the city's notice, in a cycle that stands at it (no round behind them)."""
    with system_scope("factory"):
        cycle = make_cycle(tree, toml, stage="notice", now=now, year=year)
        filers = (tree.filer, tree.group_filer)
        return [make_entry(cycle, filers[n % 2], EntryState.SELECTED, final_rank=n + 1, now=now) for n in range(count)]


def make_round_done(tree: Tree, *, shares: Sequence[float] = (0.95, 0.9, 0.85), places: int = 2) -> list[Entry]:
    """Reviewed, ranked and approved by a real round: the best ``places`` selected, one reserve; the notice stage is open."""
    with system_scope("factory"):
        params = {"places": places, "reserves": 1, "cap_per_nominating": None, "min_score": "60"}
        cycle = make_cycle(tree, "small-work", stage="selection", params={"selection": params})
        experts = [make_expert(tree) for _ in range(5)]
        panel = make_panel(cycle, experts)
        filers = (tree.filer, tree.group_filer)
        entries = [make_reviewed(cycle, filers[n % 2], panel, experts, share) for n, share in enumerate(shares)]
        stage = CycleStage.objects.select_related("cycle__owner").get(cycle=cycle, kind="selection")
        now = timezone.now()
        round_ = produce_round(actor=tree.manager, stage_id=stage.pk, number=1, now=now)
        approve_round(actor=tree.manager, round_=round_, note="主席办公会审定。", now=now)
        move_to(cycle, "notice")
        return [Entry.objects.get(pk=e.pk) for e in entries]


def move_to(cycle: Cycle, kind: str) -> None:
    """Stages before ``kind`` are closed, it is open – as the organiser's desk would have left them."""
    with system_scope("factory"):
        stages = list(CycleStage.objects.filter(cycle=cycle).order_by("position"))
        here = next(s for s in stages if s.kind == kind)
        for stage in stages:
            if stage.position <= here.position:
                stage.status = StageStatus.OPEN if stage == here else StageStatus.CLOSED
                stage.save(update_fields=["status"])


def make_draft(
    entries: Sequence[Entry],
    actor: Actor,
    *,
    kind: str = NoticeKind.SELECTION,
    days: int = 5,
    now: dt.datetime | None = None,
    **words: Any,
) -> Notice:
    with system_scope("factory"):
        cycle = Cycle.objects.select_related("programme", "blueprint", "owner").get(pk=entries[0].cycle_id)
        return draft_notice(
            cycle=cycle,
            organisation=Organisation.objects.get(pk=actor.desk.organisation_id),
            kind=kind,
            entries=[Entry.objects.get(pk=e.pk) for e in entries],
            actor=actor,
            now=now or timezone.now(),
            working_days=days,
            **({"title": f"第{next(_numbers)}号公示", "body": BODY, "contact": "经济技术部 022-00000000"} | words),
        )


def make_notice(entries: Sequence[Entry], actor: Actor, *, now: dt.datetime | None = None, **options: Any) -> Notice:
    """Drafted and published."""
    notice = make_draft(entries, actor, now=now, **options)
    with system_scope("factory"):
        return publish_notice(notice=notice, actor=actor, now=now or timezone.now())


def end_notice(notice: Notice) -> Notice:
    """Its days are over and beat has closed it."""
    with system_scope("factory"):
        return close_notice(notice=notice, actor=system_actor("test"), now=notice.closes_at)


def object_to(
    notice: Notice,
    entry: Entry | None,
    *,
    named: bool = True,
    name: str = "周海燕",
    phone: str = "19900000007",
    files: int = 0,
    grounds: str = GROUNDS,
    now: dt.datetime | None = None,
) -> Receipt:
    """An objection as a member of the public files it, in the public scope."""
    uploads = [SimpleUploadedFile(f"证据{n + 1}.pdf", PDF, "application/pdf") for n in range(files)]
    with scope(PublicScope()):
        return file_objection(
            notice=notice,
            entry=entry,
            grounds=grounds,
            is_named=named,
            name=name,
            phone=phone,
            files=uploads,
            actor=PUBLIC,
            now=now or notice.published_at + MINUTE,
        )


def make_confirmed(tree: Tree, count: int = 2, *, now: dt.datetime | None = None, **options: Any) -> list[Entry]:
    """Shown, nobody objected, the days are over; the cycle stands at the conferral."""
    entries = make_selected(tree, count, now=now, **options)
    end_notice(make_notice(entries, tree.manager, now=now))
    move_to(entries[0].cycle, "conferral")
    with system_scope("factory"):
        return [Entry.objects.get(pk=e.pk) for e in entries]


def make_decision(cycle: Cycle, actor: Actor, *, now: dt.datetime | None = None, **words: Any) -> Conferral:
    """A decision in draft."""
    now = now or timezone.now()
    number = next(_numbers)
    values = {
        "title": "关于命名优秀成果的决定",
        "document_number": f"津工测〔{now.year}〕{number}号",
        "decided_on": local_date(now),
        "body": "经研究，决定命名下列成果。",
    }
    with system_scope("factory"):
        cycle = Cycle.objects.select_related("programme", "blueprint", "owner").get(pk=cycle.pk)
        return draft_conferral(cycle=cycle, actor=actor, now=now, **(values | words))


def make_conferred(tree: Tree, count: int = 2, *, now: dt.datetime | None = None, **options: Any) -> list[Entry]:
    """Named by an issued decision; certificates are numbered, honours registered."""
    entries = make_confirmed(tree, count, now=now, **options)
    conferral = make_decision(entries[0].cycle, tree.manager, now=now)
    with scope(scope_of(tree.manager)):
        issue_conferral(conferral=conferral, actor=tree.manager, now=now or timezone.now())
    with system_scope("factory"):
        if entries[0].cycle.stages.filter(kind="showcase").exists():
            move_to(entries[0].cycle, "showcase")
        return [Entry.objects.get(pk=e.pk) for e in entries]


def bundle_behind(notice: Notice) -> ResultBundle:
    """An approved round with an empty bundle, for notices of entries that no round has selected."""
    with system_scope("factory"):
        stage = CycleStage.objects.get(cycle=notice.cycle_id, kind="selection")
        round_ = SelectionRound.objects.create(stage=stage, number=1, status=RoundStatus.APPROVED, sha256="0" * 64)
        return ResultBundle.objects.create(round=round_, text="{}", sha256="0" * 64, made_at=timezone.now())


def take_back(entry: Entry, actor: Actor, *, reason: str = "弄虚作假", now: dt.datetime | None = None) -> Entry:
    """撤销, by a decision of the same day."""
    now = now or timezone.now()
    return revoke_honour(
        entry=entry, grounds="fraud", document_number="津工发〔2026〕20号", decided_on=local_date(now), reason=reason,
        actor=actor, now=now,
    )  # fmt: skip


def make_revoked(tree: Tree) -> Entry:
    entry = make_conferred(tree, 1)[0]
    with system_scope("factory"):
        return take_back(entry, tree.manager)
