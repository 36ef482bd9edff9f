"""评选规则演练: 400 candidates for 20 places under five binding shares and a cap, as a draft that people can question.

Entries are written in bulk, because nobody would wait for 400 of them to be filled in page by page; the round and the trials of
other rules come from the same domain functions that people use.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from portal.core.crypto import encrypt
from portal.core.dates import local_date
from portal.core.text import normalise_title
from portal.demo import numbers, words
from portal.demo.answers import answers_for
from portal.demo.federation import Federation, Unit
from portal.lifecycle.blueprints.fields import map_sensitive
from portal.lifecycle.blueprints.loader import definition_from_toml, programme_files
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.domain import load_blueprint, open_cycle
from portal.lifecycle.programmes.models import Cycle, StageStatus
from portal.lifecycle.review.models import Assignment, AssignmentState, Panel, PanelMember, Score
from portal.lifecycle.selection.domain import produce_round, settle_tie, simulate_round
from portal.lifecycle.selection.models import SelectionRound
from portal.lifecycle.selection.snapshot import quota_of

CODE, CANDIDATES, EXPERTS = "innovation-star", 400, 5
LABEL = "评选规则演练（400名候选人）"
# Post, share of the candidates, and by how much experts tend to value their files: the better written ones win.
POSTS = (
    ("leader", 16, 0.02),
    ("manager", 24, 0.015),
    ("technical", 20, 0.01),
    ("industrial", 22, 0.0),
    ("frontline", 18, 0.0),
)
TEMPLATES = 24  # people whose answers are written out; the others differ in what the shares ask about


def rehearse(federation: Federation, rng: random.Random) -> Iterator[str]:
    """The rehearsal's cycle with its draft round, and two trials in its log: one with two more places, one without a list."""
    cycle = _cycle(federation)
    drill = Drill(federation, cycle, federation.now - dt.timedelta(days=20), rng)
    drill.fill()
    round_ = drill.rank()
    frozen = quota_of(round_.snapshot)
    _try(federation, round_, replace(frozen, places=(frozen.places or 0) + 2))
    wanted = {"frontline": Decimal(90), "leaders": Decimal(15)}
    shares = tuple(replace(s, at_least=wanted[s.code], at_most=None) if s.code in wanted else s for s in frozen.shares)
    _try(federation, round_, replace(frozen, shares=shares))
    yield LABEL


def _try(federation: Federation, round_: SelectionRound, rule: Any) -> None:
    simulate_round(actor=federation.manager, round_=round_, rule=rule, now=federation.now - dt.timedelta(hours=5))


def _cycle(federation: Federation) -> Cycle:
    """A cycle of the programme with its shares made binding, standing in the selection."""
    path = next(path for path in programme_files() if path.stem == CODE)
    definition = definition_from_toml(path.read_text(encoding="utf-8"))
    definition["ratios"] = [ratio | {"enforce": "block", "applies": "selection"} for ratio in definition["ratios"]]
    now, manager = federation.now, federation.manager
    loaded = load_blueprint(
        definition=definition,
        owner=federation.municipal,
        actor=manager,
        now=now,
        reason="结构比例经确认，评选时必须满足。",
    )
    start = (now - dt.timedelta(days=120)).date()
    cycle = open_cycle(
        programme=loaded.programme, year=local_date(now).year - 1, actor=manager, now=now, start_date=start
    )
    Cycle.objects.filter(pk=cycle.pk).update(label=LABEL)
    for stage in cycle.stages.order_by("position"):
        before = stage.kind in {"application", "recommendation", "clearance", "review"}
        days = 30 - stage.position * 4
        stage.opens_at, stage.closes_at = now - dt.timedelta(days=days), now - dt.timedelta(days=days - 3)
        if before:
            stage.status = StageStatus.CLOSED
        else:
            later = 10 * (stage.position - 3)
            stage.status = StageStatus.OPEN if stage.kind == "selection" else StageStatus.PENDING
            stage.opens_at = now - dt.timedelta(days=2) + dt.timedelta(days=later * (stage.kind != "selection"))
            stage.closes_at = stage.opens_at + dt.timedelta(days=9)
        stage.save()
    return Cycle.objects.get(pk=cycle.pk)


@dataclass
class Drill:
    federation: Federation
    cycle: Cycle
    clock: dt.datetime
    rng: random.Random
    level: dict[str, float] = field(default_factory=dict)  # how good an entry is, by its review code

    def fill(self) -> None:
        """400 reviewed entries with five sheets each."""
        self.written = [answers_for(self.cycle.rules, self.rng, {}) for _ in range(TEMPLATES)]
        self.tracks = list(self.cycle.tracks.all())
        entries = Entry.objects.bulk_create(self._entry(number) for number in range(CANDIDATES))
        experts = [expert.user for expert in self.federation.experts[:EXPERTS]]
        panel = Panel.objects.create(stage=self.cycle.stages.get(kind="review"), name="演练评审组")
        PanelMember.objects.bulk_create(PanelMember(panel=panel, expert=expert) for expert in experts)
        sheets = Assignment.objects.bulk_create(
            Assignment(
                panel=panel, entry=entry, expert=expert, state=AssignmentState.SUBMITTED, submitted_at=self.clock
            )
            for entry in entries
            for expert in experts
        )
        Score.objects.bulk_create(self._scores(sheets), batch_size=4000)

    def _entry(self, number: int) -> Entry:
        unit: Unit = self.rng.choice(self.federation.units)
        answers, name = self._answers(number)
        track = self.rng.choice(self.tracks) if self.tracks else None
        if track is not None and "track" in answers:
            answers["track"] = track.code
        return Entry(
            code=f"YL{self.cycle.pk:03d}{number + 1:04d}",
            cycle=self.cycle,
            track=track,
            organisation=unit.organisation,
            nominating=self._nominating(unit),
            route_path=unit.organisation.parent.path,
            title=name,
            title_key=normalise_title(name),
            answers=answers,
            state=EntryState.REVIEWED,
            state_changed_at=self.clock,
            review_code=f"YL{number + 1:04d}",
            created_by=unit.filer.user,
            submitted_at=self.clock - dt.timedelta(minutes=number),
        )

    def _nominating(self, unit: Unit) -> Any:
        above = unit.organisation.parent
        while above.parent_id and above.parent_id != self.federation.municipal.pk:
            above = above.parent
        return above

    def _answers(self, number: int) -> tuple[dict[str, Any], str]:
        """Answers of one of the written-out people, with a name and group facts of one's own."""
        name = words.person(self.rng)
        post, _weight, bonus = self.rng.choices(POSTS, weights=[weight for _post, weight, _bonus in POSTS])[0]
        woman, nonpublic = self.rng.random() < 0.22, self.rng.random() < 0.3
        migrant = post in {"industrial", "frontline"} and self.rng.random() < 0.25
        self.level[f"YL{number + 1:04d}"] = (
            self.rng.uniform(0.7, 0.9) + bonus - 0.01 * nonpublic - 0.01 * woman - 0.01 * migrant
        )
        facts = {
            "name": name, "id_number": numbers.citizen_id(self.rng), "phone": numbers.mobile(self.rng),
            "sex": "2" if woman else "1", "post_category": post, "is_nonpublic": nonpublic, "is_migrant": migrant,
        }  # fmt: skip
        return map_sensitive(self.cycle.rules, self.written[number % TEMPLATES] | facts, encrypt), name

    def _scores(self, sheets: list[Assignment]) -> Iterator[Score]:
        rubric = self.cycle.rules.stage("review").params.rubric
        for sheet in sheets:
            level = self.level[sheet.entry.review_code]
            for criterion in rubric:
                ratio = min(1.0, max(0.61, self.rng.gauss(level, 0.04)))
                half = Decimal(int(float(criterion.max_score) * ratio * 2)) / 2
                yield Score(assignment=sheet, criterion=criterion.code, value=half)

    def rank(self) -> SelectionRound:
        """The draft round; ties across a place are settled, so that only the approval is open."""
        stage = self.cycle.stages.get(kind="selection")
        manager, now = self.federation.manager, self.federation.now - dt.timedelta(days=1)
        round_ = produce_round(actor=manager, stage_id=stage.pk, now=now)
        while ties := [q for q in round_.needs_decision if q["kind"] in {"place", "reserve"}]:
            codes = sorted(ties[0]["codes"])
            round_ = settle_tie(actor=manager, round_=round_, codes=codes, reason="经评审组集体投票议定。", now=now)
        return round_
