"""Plays cycles through their stages by the same domain functions that people use, at dates in the past."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.errors import DomainError
from portal.demo import meeting, words
from portal.demo.answers import answers_for
from portal.demo.coded import mark_by_code
from portal.demo.federation import Federation, Unit
from portal.demo.files import upload
from portal.demo.places import allot
from portal.demo.sheets import PROOF, typed_items
from portal.lifecycle.blueprints.conditions import is_required, visible_fields
from portal.lifecycle.blueprints.stages import ReviewParams
from portal.lifecycle.blueprints.vocabulary import ReviewMethod, SelectionRule
from portal.lifecycle.clearance.domain import Answer, record_opinions, request_clearances
from portal.lifecycle.clearance.models import Opinion
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.content import answers_of
from portal.lifecycle.entries.domain.attachments import add_attachment
from portal.lifecycle.entries.domain.drafts import create_entry, save_draft
from portal.lifecycle.entries.domain.submission import submit_entry
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice import domain as notices
from portal.lifecycle.notice.drafts import local_days, suggested
from portal.lifecycle.notice.models import NoticeKind
from portal.lifecycle.programmes.domain import close_stage, open_stage
from portal.lifecycle.programmes.models import Cycle, Track
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.recommendation.domain import endorse_sheet, save_ranking
from portal.lifecycle.review.checklist.domain import save_self_marks
from portal.lifecycle.review.checklist.views import typed_in
from portal.lifecycle.review.domain.assigning import accept_proposal
from portal.lifecycle.review.domain.marking import save_marks, submit_sheet
from portal.lifecycle.review.domain.panels import save_panel
from portal.lifecycle.review.imported.domain import confirm_all, record_result
from portal.lifecycle.review.models import Assignment, Panel
from portal.lifecycle.review.queries.proposal import propose
from portal.lifecycle.review.visits.domain import add_photo, file_visit, plan_visits, save_visit
from portal.lifecycle.review.visits.models import Conclusion
from portal.lifecycle.selection.domain.approval import approve_round
from portal.lifecycle.selection.domain.rounds import produce_round
from portal.lifecycle.selection.domain.settling import decide_lines, settle_tie
from portal.lifecycle.selection.models import Outcome, Selection, SelectionRound

DAY = dt.timedelta(days=1)
NOTHING: Mapping[str, Any] = {}


class Story:
    """One cycle. ``clock`` is the moment at which the next act happens; acts move it forward."""

    def __init__(self, federation: Federation, cycle: Cycle, clock: dt.datetime, rng: random.Random) -> None:
        self.federation, self.cycle, self.clock, self.rng = federation, cycle, clock, rng

    # --- entries -----------------------------------------------------------------------------------
    def draft(self, unit: Unit, *, share: float = 1.0, fixed: Mapping[str, Any] = NOTHING) -> Entry:
        """A draft with the first ``share`` of its sections filled and, when complete, all files; ``fixed`` answers are given."""
        rules = self.cycle.rules
        track = self._track()
        title = fixed.get("title") or self._title()
        entry = create_entry(actor=unit.filer, cycle=self.cycle, now=self.clock, title=title, track=track)
        given = {k: v for k, v in answers_of(entry).items() if v not in (None, "", [])}
        if track is not None and any(f.code == "track" for f in rules.fields):
            given["track"] = track.code
        answers = answers_for(rules, self.rng, given) | self._named(unit, track) | fixed
        sections = rules.sections[: max(1, round(len(rules.sections) * share))]
        for section in sections:  # saved one by one, as pages do
            typed = {f.code: answers[f.code] for f in section.fields if f.is_answer and f.code in answers}
            if typed:
                entry = save_draft(
                    actor=unit.filer, entry=entry, section=section.code, answers=typed, now=self.clock
                ).entry
        if share >= 1:
            for spec in rules.attachments:
                wanted = is_required(spec, answers) or spec.code in {"pictures", "form_scan"}
                if spec.code in visible_fields(rules, answers) and wanted:
                    file = upload(spec.label, spec.accept, self.rng, f"{entry.code}-{spec.code}")
                    add_attachment(actor=unit.filer, entry=entry, field=spec.code, upload=file, now=self.clock)
        return Entry.objects.get(pk=entry.pk)

    def submit(self, unit: Unit, *, fixed: Mapping[str, Any] = NOTHING) -> Entry:
        entry = self.draft(unit, fixed=fixed)
        review = self.cycle.rules.stage("review")
        if review is not None and review.params.checklist is not None and review.params.checklist.self_mark:
            typed = typed_in(typed_items(review.params.checklist, PROOF))
            save_self_marks(actor=unit.filer, entry=entry, typed=typed, now=self.clock)
        return submit_entry(actor=unit.filer, entry=entry, now=self.clock)

    def without_holders(self, units: list[Unit]) -> list[Unit]:
        """Units that nothing bars: of programmes for units those that hold the honour already do not enter again, nor
        those that go another way to it this year.
        """
        programme, rules = self.cycle.programme, self.cycle.rules
        if str(rules.programme.subject) != "unit":
            return units
        barred = Q(cycle__programme__code__in=rules.limits.one_path, cycle__year=self.cycle.year)
        if rules.honour.repeat_years:
            barred |= Q(cycle__programme=programme, state=EntryState.CONFERRED)
        holders = set(Entry.objects.filter(barred).values_list("organisation", flat=True))
        return [unit for unit in units if unit.organisation.pk not in holders]

    def _named(self, unit: Unit, track: Any) -> dict[str, str]:
        """A unit enters under its own name, not under one drawn for works."""
        programme = self.cycle.rules.programme
        if str(programme.subject) != "unit" or programme.subject_field not in {"candidate", "unit_name"}:
            return {}
        return {programme.subject_field: unit.employer_name} if track is None or "单位" in str(track) else {}

    def _title(self) -> str:
        subject = str(self.cycle.rules.programme.subject)
        if subject == "person":
            return words.person(self.rng)
        if subject == "unit":
            return ""
        if subject == "team":
            return f"{self.rng.choice(words.WORKSHOPS)}{self.rng.choice(words.TEAMS)}"
        if subject == "project":
            return f"{self.rng.choice(words.PLACES + words.MORE_PLACES)}{self.rng.choice(words.PROJECTS)}"
        return words.work_title(self.rng)

    def _track(self) -> Track | None:
        tracks = list(self.cycle.tracks.all())
        return self.rng.choice(tracks) if tracks else None

    # --- recommendation ----------------------------------------------------------------------------
    def show_locally(self, *, publish_only: bool = False) -> None:
        """Every union that holds entries and has to show them publishes, and eight days later ends, its notice."""
        held = defaultdict(list)
        for entry in Entry.objects.filter(cycle=self.cycle, state=EntryState.SUBMITTED).select_related(
            "at_organisation"
        ):
            held[entry.at_organisation].append(entry)
        running = []
        for organisation, entries in held.items():
            if local_days(self.cycle, organisation.level):
                actor = self._checker(organisation.pk)
                words_ = suggested(self.cycle, organisation, NoticeKind.LOCAL)
                notice = notices.draft_notice(cycle=self.cycle, organisation=organisation, kind=NoticeKind.LOCAL,
                                              entries=entries, actor=actor, now=self.clock, **words_)  # fmt: skip
                running.append((notices.publish_notice(notice=notice, actor=actor, now=self.clock), actor))
        if not publish_only:
            self.clock = max([self.clock, *(notice.closes_at for notice, _actor in running)]) + dt.timedelta(hours=1)
            for notice, actor in running:
                notices.close_notice(notice=notice, actor=actor, now=self.clock)

    def forward(self) -> int:
        """Every union ranks what it holds and sends on as much as its places allow; returns how many went up."""
        sent = 0
        holders = Entry.objects.filter(cycle=self.cycle, state=EntryState.SUBMITTED).values_list(
            "at_organisation", flat=True
        )
        for organisation_id in sorted(set(holders)):
            actor = self._checker(organisation_id)
            rows = Entry.objects.filter(cycle=self.cycle, state=EntryState.SUBMITTED, at_organisation=organisation_id)
            tracks = list({entry.track: None for entry in rows.select_related("track").order_by("pk")})
            for track in tracks:
                ids = list(
                    rows.filter(**({"track": track} if track else {})).order_by("pk").values_list("pk", flat=True)
                )
                sent += self._send(actor, ids, track)
        return sent

    def _send(self, actor: Actor, ids: list[int], track: Track | None) -> int:
        while ids:
            try:
                save_ranking(cycle=self.cycle, actor=actor, now=self.clock, order=ids, track=track)
                break
            except DomainError:
                ids = ids[:-1]  # more than the places: the last one stays
        result = endorse_sheet(
            cycle=self.cycle,
            actor=actor,
            now=self.clock,
            opinion="情况属实，同意推荐。",
            vetoes_checked=True,
            track=track,
        )
        if result.refused and not result.endorsed:
            raise RuntimeError("；".join(f"{entry.code}：{reason}" for entry, reason in result.refused[:3]))
        return len(result.endorsed)

    def _checker(self, organisation_id: int) -> Actor:
        for unit in self.federation.units:
            if unit.organisation.pk == organisation_id:
                return unit.checker
        return self.federation.checker_of(organisation_id)

    def recommend(self) -> None:
        """Up through every level to the city."""
        allot(self.federation, self.cycle, self.clock)
        for _level in range(6):
            if not Entry.objects.filter(cycle=self.cycle, state=EntryState.SUBMITTED).exists():
                return
            self.show_locally()
            if not self.forward():
                return

    # --- the city ----------------------------------------------------------------------------------
    def close(self, kind: str) -> None:
        stage = self.cycle.stages.filter(kind=kind).first()
        if stage is not None and stage.status == "open":
            close_stage(stage=stage, actor=self.federation.manager, now=self.clock)

    def open(self, kind: str) -> None:
        stage = self.cycle.stages.filter(kind=kind).first()
        if stage is not None and stage.status == "pending":
            last = stage.closes_at - dt.timedelta(hours=1)  # local notices may take longer than a short call allows
            self.clock = min(max(self.clock, stage.opens_at), last)
            open_stage(stage=stage, actor=self.federation.manager, now=self.clock)

    def decline_rest(self) -> None:
        """What found no place is declined, so that the stage can end."""
        for entry in Entry.objects.filter(cycle=self.cycle, state=EntryState.SUBMITTED):
            actor = self._checker(entry.at_organisation_id)
            perform(entry, "decline", actor=actor, now=self.clock, reason="本级推荐名额已满，未列入推荐。")

    def clear(self, *, share: float = 1.0) -> None:
        rows = list(Entry.objects.filter(cycle=self.cycle, state=EntryState.RECOMMENDED).order_by("pk"))
        for entry in rows[: round(len(rows) * share)]:
            request_clearances(entry=entry)
            keys = entry.clearances.values_list("key", flat=True)
            answers = {key: Answer(Opinion.AGREED) for key in keys}
            if answers:
                record_opinions(entry=entry, answers=answers, actor=self.federation.manager, now=self.clock)

    def assign(self, name: str = "综合评审组") -> Panel:
        stage = self.cycle.stages.get(kind="review")
        members = [expert.user.pk for expert in self.federation.experts]
        manager = self.federation.manager
        panel = save_panel(
            actor=manager,
            stage=stage,
            name=name,
            members=members,
            chair=members[0],
            due_at=stage.closes_at,
            now=self.clock,
        )
        plan = propose(panel, seed="demo")
        if not plan.plan.is_complete:
            raise RuntimeError("; ".join(shortage.sentence for shortage in plan.plan.shortages[:3]))
        accept_proposal(actor=manager, panel=panel, seed="demo", fingerprint=plan.fingerprint, now=self.clock)
        return panel

    def mark(self, *, share: float = 1.0, lean: Sequence[float] = (), order: str = "expert") -> None:
        """Experts mark; with a share below one the last of them are still at it (or, by entry, the last entries open).

        ``lean``: how far the first experts stand from the others, as a part of the full mark.
        """
        experts = {expert.user.pk: expert for expert in self.federation.experts}
        criteria = self.cycle.rules.stage("review").params.rubric
        quality: dict[int, float] = {}
        rows = list(Assignment.objects.filter(panel__stage__cycle=self.cycle, state="open").order_by(order, "pk"))
        leans = dict(zip(experts, lean, strict=False))
        for assignment in rows[: round(len(rows) * share)]:
            level = quality.setdefault(assignment.entry_id, self.rng.uniform(0.68, 0.95))
            typed = {}
            for criterion in criteria:
                ratio = min(1.0, max(0.61, self.rng.gauss(level, 0.05) + leans.get(assignment.expert_id, 0)))
                typed[criterion.code] = str(int(float(criterion.max_score) * ratio))
            actor = experts[assignment.expert_id]
            save_marks(actor=actor, assignment=assignment, typed=typed, abstained={}, now=self.clock)
            submit_sheet(actor=actor, assignment=assignment, now=self.clock)

    def review(self, *, share: float = 1.0) -> None:
        """What the method asks for; with a share below one it is still going on."""
        params = params_of(self.cycle.stages.get(kind="review"))
        if params.visit is not None:
            self.visit(params, share=share)
        if params.method == ReviewMethod.RUBRIC_PANEL:
            self.assign()
            self.clock += DAY
            self.mark(share=share)
        elif params.codes is not None:
            mark_by_code(self, params, share=share)
        elif params.method == ReviewMethod.IMPORTED_MARKS:
            self.record_results(params, share=share)

    def visit(self, params: ReviewParams, *, share: float) -> None:
        """Two people of the city go to every unit; with a share below one the last visits are still planned."""
        rows = list(Entry.objects.filter(cycle=self.cycle, state=EntryState.IN_REVIEW).order_by("pk"))
        if not rows:
            return
        manager, checker = self.federation.manager, self.federation.city_checker
        visits = plan_visits(
            actor=manager, entries=rows, planned_on=self.today, visitors=[manager.user, checker.user],
            others=["陈思源"], agenda="听取汇报、查阅台账、现场察看、职工座谈、反馈意见。", now=self.clock,
        )  # fmt: skip
        findings = {item.code: "现场情况与申报材料一致，台账齐全。" for item in params.visit.items}
        for visit in visits[: round(len(visits) * share)]:
            for number in range(max(1, params.visit.photos_min)):
                photo = upload(f"现场{number + 1}", ("jpg",), self.rng, "")
                add_photo(actor=manager, visit=visit, upload=photo, now=self.clock)
            written = save_visit(
                actor=manager, visit=visit, visited_on=self.today, findings=findings, summary="现场核实，符合申报条件。",
                conclusion=Conclusion.values[0], now=self.clock,
            )  # fmt: skip
            file_visit(actor=manager, visit=written, now=self.clock)

    def record_results(self, params: ReviewParams, *, share: float) -> None:
        """The contest's office types results, the manager confirms; with a share below one some are missing."""
        rows = list(Entry.objects.filter(cycle=self.cycle, state=EntryState.IN_REVIEW).order_by("pk"))
        for entry in rows[: round(len(rows) * share)]:
            level = self.rng.uniform(0.7, 0.97)
            typed = {c.code: str(int(float(c.max_score) * level)) for c in params.rubric}
            record_result(
                actor=self.federation.city_checker, entry=entry, typed=typed, absent=False, note="", now=self.clock
            )
        if share >= 1:
            confirm_all(actor=self.federation.manager, stage=self.cycle.stages.get(kind="review"), now=self.clock)

    def complete_review(self) -> None:
        for entry in Entry.objects.filter(cycle=self.cycle, state=EntryState.IN_REVIEW).order_by("pk"):
            perform(entry, "complete_review", actor=self.federation.manager, now=self.clock)
        self.close("review")

    def select(self) -> SelectionRound:
        self.complete_review()
        self.open("selection")
        stage = self.cycle.stages.get(kind="selection")
        round_ = produce_round(actor=self.federation.manager, stage_id=stage.pk, now=self.clock)
        return self.decide(round_) if params_of(stage).rule == SelectionRule.BATCH else round_

    def decide(self, round_: SelectionRound) -> SelectionRound:
        """A batch: the meeting takes four of five as far as the binding shares allow it, with a reason for every line."""
        rows = Selection.objects.filter(round=round_).exclude(details__cause="ineligible").order_by("rank", "pk")
        lines = list(rows.select_related("entry"))
        chosen = [row.entry.code for row in meeting.taken(round_, lines, max(1, len(lines) * 4 // 5))]
        others = [row.entry.code for row in lines if row.entry.code not in chosen]
        for part, outcome, reason in (
            (chosen, Outcome.SELECTED, "事迹突出，符合条件，经会议研究同意列入。"),
            (others, Outcome.NOT_SELECTED, "成效尚待巩固，建议下一批再报。"),
        ):
            if part:
                manager = self.federation.manager
                round_ = decide_lines(
                    actor=manager, round_=round_, codes=part, outcome=outcome, reason=reason, now=self.clock
                )
        return round_

    def approve(self, round_: SelectionRound) -> None:
        """Open ties are settled as a meeting would: by a vote that the round records."""
        while round_.needs_decision:
            codes = sorted(round_.needs_decision[0]["codes"])
            round_ = settle_tie(
                actor=self.federation.manager,
                round_=round_,
                codes=codes,
                reason="经评审组集体投票议定。",
                now=self.clock,
            )
        approve_round(actor=self.federation.manager, round_=round_, note="经主席办公会审议通过。", now=self.clock)
        self.close("selection")

    def publish(self):
        self.open("notice")
        city, manager = self.federation.municipal, self.federation.manager
        entries = list(
            Entry.objects.filter(cycle=self.cycle, state=EntryState.SELECTED).order_by("track__position", "final_rank")
        )
        texts = suggested(self.cycle, city, NoticeKind.SELECTION)
        notice = notices.draft_notice(cycle=self.cycle, organisation=city, kind=NoticeKind.SELECTION, entries=entries,
                                      actor=manager, now=self.clock, **texts)  # fmt: skip
        return notices.publish_notice(notice=notice, actor=manager, now=self.clock)

    @property
    def today(self) -> dt.date:
        return local_date(self.clock)
