"""Experts and staff: panels and sheets, results, and what else a review stage asks for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from portal.demo import walk_results
from portal.demo.desk import Desk, PageProblem
from portal.demo.files import upload
from portal.demo.sheets import AGREED, typed_items
from portal.lifecycle.blueprints.vocabulary import SHEET_METHODS, ReviewMethod, VoteAudience
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.models import Assignment, Panel
from portal.lifecycle.review.visits.models import Conclusion, Visit
from portal.lifecycle.review.vote.models import VoteWindow

if TYPE_CHECKING:
    from portal.demo.walk import Walk
    from portal.lifecycle.blueprints.stages import ReviewParams
    from portal.lifecycle.programmes.models import CycleStage


def review(walk: Walk) -> None:
    """From the recommended entries to the reviewed ones, whatever the method."""
    if not walk.open_stage("review"):
        return
    stage = walk.stage("review")
    params = params_of(stage)
    if not walk.in_state(EntryState.IN_REVIEW):
        states = Counter(Entry.objects.filter(cycle=walk.cycle).values_list("state", flat=True))
        raise PageProblem(str(stage), f"没有一件进入评审；申报件：{dict(states)}　{walk.last_refusal or ''}")
    if params.method in SHEET_METHODS:
        _assign(walk, stage.pk)
        for number, sheet in enumerate(Assignment.objects.filter(panel__stage=stage, state="open").order_by("pk")):
            _mark(walk, sheet, params, looks=not number)
    elif params.codes is not None:
        walk_results.by_code(walk, stage.pk, params)
    elif params.method == ReviewMethod.IMPORTED_MARKS:
        walk_results.by_name(walk, stage.pk, params)
    for step in EXTRAS:
        step(walk, stage, params)
    chosen = [entry.pk for entry in walk.in_state(EntryState.IN_REVIEW)]
    if chosen:
        walk.manager.press("lifecycle:review.complete", selected=chosen, confirmed="1")
    walk.close_stage("review")


def _assign(walk: Walk, stage: int) -> None:
    """One panel with everybody in the pool, and the proposal of the machine."""
    page = walk.manager.open("lifecycle:review.panel_create", stage)
    everybody = page.options("members")
    values = page.form() | {"name": "综合评审组", "members": everybody}
    walk.manager.press("lifecycle:review.panel_create", stage, **values)
    panel = Panel.objects.get(stage=stage)
    proposal = walk.manager.open("lifecycle:review.proposal", panel.pk)
    accept = proposal.form(reverse("lifecycle:review.accept", args=[panel.pk]))
    walk.manager.press("lifecycle:review.accept", panel.pk, **accept)


def _mark(walk: Walk, sheet: Assignment, params: ReviewParams, *, looks: bool) -> None:
    desk = _expert(walk, sheet)
    if looks:
        desk.open("lifecycle:review.desk")
        desk.open("lifecycle:review.sheet", sheet.pk)
    values = {f"mark-{criterion.code}": walk_results.points(walk, criterion) for criterion in params.rubric}
    values["comment"] = "资料齐全，效益核算清楚，推广条件具备。"
    if params.checklist is not None:
        values = typed_items(params.checklist, AGREED) | {"comment": values["comment"]}
        desk.press("lifecycle:checklist.save", sheet.pk, **values)
    else:
        desk.press("lifecycle:review.save", sheet.pk, **values)
    desk.press("lifecycle:review.submit", sheet.pk)


def _expert(walk: Walk, sheet: Assignment) -> Desk:
    return walk.desk(next(e for e in walk.federation.experts if e.user.pk == sheet.expert_id))


def _visit(walk: Walk, stage: CycleStage, params: ReviewParams) -> None:
    """Two people of the city go, write down what they found, file it with pictures."""
    chosen = [entry.pk for entry in walk.in_state(EntryState.IN_REVIEW)]
    if params.visit is None or not chosen:
        return
    today = timezone.localdate().isoformat()
    people = {"visitors": [walk.manager.actor.user.pk, walk.city_checker.actor.user.pk], "others": "陈思源"}
    walk.manager.press("lifecycle:visit.plan", selected=chosen, confirmed="1", planned_on=today, **people)
    for visit in Visit.objects.filter(entry__in=chosen):
        findings = {f"finding-{item.code}": "现场情况与申报材料一致，台账齐全。" for item in params.visit.items}
        photos = [upload(f"现场{n}", ("jpg",), walk.rng, "") for n in range(max(1, params.visit.photos_min))]
        walk.manager.open("lifecycle:visit.record", visit.pk)
        walk.manager.press(
            "lifecycle:visit.record", visit.pk, visited_on=today, conclusion=Conclusion.values[0],
            summary="现场核实，符合申报条件。", photos=photos, _file="1", **findings,
        )  # fmt: skip


def _present(walk: Walk, stage: CycleStage, params: ReviewParams) -> None:
    if params.presentation is not None and walk.in_state(EntryState.IN_REVIEW):
        walk.manager.fill_in("lifecycle:presentation.draw", stage.pk)
        walk.manager.open("lifecycle:presentation.order", stage.pk)


def _vote(walk: Walk, stage: CycleStage, params: ReviewParams) -> None:
    """Opened by the city; one voice each of two people, whose second ballot is refused; its days pass at once."""
    if params.vote is None or not walk.in_state(EntryState.IN_REVIEW):
        return
    walk.manager.press("lifecycle:vote.open", stage.pk)
    window = VoteWindow.objects.get(stage=stage)
    if window.audience == VoteAudience.PUBLIC:
        name, voters = "lifecycle:vote.public", [walk.sit(None), walk.sit(None)]
    else:
        name, voters = "lifecycle:vote.staff", [walk.manager, walk.city_checker]
    for voter in voters:
        choice = voter.open(name, window.token).options("candidate")[: window.votes_per_person]
        voter.press(name, window.token, candidate=choice)
        if voter.open(name, window.token).names("candidate"):
            raise PageProblem(str(window), "投过票的人还能再投")
    far = dt.timedelta(days=60)
    VoteWindow.objects.filter(pk=window.pk).update(opens_at=F("opens_at") - far, closes_at=F("closes_at") - far)
    walk.manager.open("lifecycle:vote.overview", stage.pk)


EXTRAS = (_visit, _present, _vote)
"""Steps that a review stage may ask for beside its method."""
