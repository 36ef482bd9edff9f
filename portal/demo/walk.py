"""``programmes simulate``: one programme from its first draft to its end, by the pages people use.

Nothing is written past the views; only time is helped along (a notice's days pass at once) and background jobs, which
wait for a commit that never comes, run where they were started.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.scoping import system_scope
from portal.demo import walk_review, walk_selection
from portal.demo.desk import Desk, PageProblem
from portal.demo.federation import Federation, build_small
from portal.demo.walk_entries import enter
from portal.demo.walk_recommendation import recommend
from portal.jobs.models import JobRun, JobState
from portal.jobs.tasks import run_job
from portal.lifecycle.blueprints.loader import definition_from_toml
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.models import Notice
from portal.lifecycle.programmes.domain import load_blueprint
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, Programme

ENTRIES = 3


@dataclass
class Outcome:
    """Of one programme: how many entries ended in which state, and how long it took."""

    title: str
    states: Counter[str]
    seconds: float

    @property
    def line(self) -> str:
        order = list(EntryState.values)
        ends = sorted(self.states.items(), key=lambda item: order.index(item[0]))
        words = "、".join(f"{EntryState(state).label} {count}" for state, count in ends)
        return f"{self.title}：{words}（{self.seconds:.1f} 秒）"


@dataclass
class Walk:
    """The state of a walk; ``cycle`` and everybody's desks. Steps live in the ``walk_*`` modules."""

    federation: Federation
    programme: Programme
    rng: random.Random
    entries: int = ENTRIES
    desks: dict[int, Desk] = field(default_factory=dict)
    cycle: Cycle = None
    last_refusal: PageProblem | None = None  # of a ranking; told when nothing arrives in the end
    looked: bool = False  # pages that look the same for every entry were seen once
    sit: Callable[[Actor | None], Desk] = Desk  # by requests, or in a browser

    def desk(self, actor: Actor) -> Desk:
        key = actor.desk.membership_id
        if key not in self.desks:
            self.desks[key] = self.sit(actor)
        return self.desks[key]

    @property
    def manager(self) -> Desk:
        return self.desk(self.federation.manager)

    @property
    def city_checker(self) -> Desk:
        return self.desk(self.federation.city_checker)

    def checker(self, organisation_id: int) -> Desk:
        own = {unit.organisation.pk: unit.checker for unit in self.federation.units}
        return self.desk(own.get(organisation_id) or self.federation.checker_of(organisation_id))

    def stage(self, kind: str) -> CycleStage | None:
        return self.cycle.stages.filter(kind=kind).first()

    def in_state(self, *states: str) -> list[Entry]:
        return list(Entry.objects.filter(cycle=self.cycle, state__in=states).order_by("pk"))

    def open_stage(self, kind: str) -> bool:
        """False when the programme has no such stage."""
        stage = self.stage(kind)
        if stage is None:
            return False
        if stage.status == "pending":
            self.manager.press("lifecycle:stage.open", stage.pk)
            self.work_off_jobs()
        return True

    def close_stage(self, kind: str) -> None:
        stage = self.stage(kind)
        if stage is not None and stage.status == "open":
            self.manager.press("lifecycle:stage.close", stage.pk)

    def let_notices_end(self) -> None:
        far = dt.timedelta(days=60)
        moments = [f.name for f in Notice._meta.concrete_fields if f.get_internal_type() == "DateTimeField"]
        rows = Notice.objects.filter(cycle=self.cycle)
        rows.update(**{moment: F(moment) - far for moment in moments})

    def work_off_jobs(self) -> None:
        """Runs what the pages have started, as the worker would after the commit."""
        path = self.federation.municipal.path
        for run in JobRun.objects.filter(state=JobState.QUEUED, organisation_path__startswith=path).order_by("pk"):
            run_job(run.pk)
            run.refresh_from_db()
            if run.state != JobState.SUCCEEDED:
                raise PageProblem(f"后台任务 {run.title}", run.message)


def simulate(
    toml: str, *, entries: int = ENTRIES, now: dt.datetime | None = None, sit: Callable[[Actor | None], Desk] = Desk
) -> Outcome:
    """Walks a programme file; the caller rolls back. Raises PageProblem with the page that stopped it."""
    started, now = time.monotonic(), now or timezone.now()
    rng = random.Random(1)  # noqa: S311 -- repeatable, not secret
    with system_scope("simulation"):
        with transaction.atomic():
            federation = build_small(now=now, rng=rng)
            loaded = load_blueprint(
                definition=definition_from_toml(toml), owner=federation.municipal, actor=federation.manager, now=now
            )
        walk = Walk(federation, loaded.programme, rng, entries, sit=sit)
        _open_cycle(walk, now)
        enter(walk)
        recommend(walk)
        _clear(walk)
        walk_review.review(walk)
        walk_selection.select(walk)
        walk_selection.show(walk)
        walk_selection.confer(walk)
        walk_selection.exhibit(walk)
        return _finished(walk, time.monotonic() - started)


def _open_cycle(walk: Walk, now: dt.datetime) -> None:
    walk.manager.fill_in(
        "lifecycle:cycle.create",
        programme=walk.programme.pk,
        year=local_date(now).year,
        start_date=timezone.localdate(now).isoformat(),
    )
    walk.cycle = Cycle.objects.select_related("programme", "blueprint", "owner").get(programme=walk.programme)
    walk.manager.open("lifecycle:cycle.detail", walk.cycle.pk)


def _clear(walk: Walk) -> None:
    """Checks and departments agree to everything."""
    if not walk.open_stage("clearance"):
        return
    for entry in walk.in_state(EntryState.RECOMMENDED, EntryState.SUBMITTED):
        page = walk.city_checker.open("lifecycle:clearance.record", entry.code)
        if page.names("opinion"):
            walk.city_checker.press("lifecycle:clearance.record", entry.code, **(page.form() | {"all_agreed": "1"}))
    walk.close_stage("clearance")


def _finished(walk: Walk, seconds: float) -> Outcome:
    """Raises PageProblem unless the cycle is over and somebody has arrived where the programme leads."""
    cycle = Cycle.objects.get(pk=walk.cycle.pk)
    states = Counter(Entry.objects.filter(cycle=cycle).values_list("state", flat=True))
    left = [stage.title for stage in cycle.stages.exclude(status="closed")]
    if cycle.status != CycleStatus.FINISHED:
        raise PageProblem(str(cycle), f"届次没有结束，还有：{'、'.join(left)}；申报件：{dict(states)}")
    ends = [EntryState.CONFERRED] if walk.stage("conferral") else _ends_without_conferral(walk)
    if not any(states[end] for end in ends):
        raise PageProblem(str(cycle), f"没有一件走到终点；申报件：{dict(states)}　{walk.last_refusal or ''}")
    walk.manager.open("lifecycle:cycle.history", cycle.pk)
    return Outcome(walk.programme.title, states, seconds)


def _ends_without_conferral(walk: Walk) -> list[str]:
    if walk.stage("notice"):
        return [EntryState.CONFIRMED]
    if walk.stage("selection"):
        return [EntryState.SELECTED]
    if walk.stage("review"):
        return [EntryState.REVIEWED]
    return [EntryState.RECOMMENDED, EntryState.SUBMITTED]
