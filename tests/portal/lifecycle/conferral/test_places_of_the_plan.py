"""The plan's own numbers – 10 model units, 20 best achievements, 20 stars – from the marks to the register."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from awards.register.models import HonourRecord
from portal.accounts.enums import OrganisationKind
from portal.core.scoping import system_scope
from portal.lifecycle.conferral.domain import issue_conferral
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.notice.queries import entries_for_selection_notice
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.selection.domain import approve_round, produce_round
from tests.factories.entries import make_cycle
from tests.factories.notices import end_notice, make_decision, make_notice, move_to
from tests.factories.people import make_organisation
from tests.factories.review import assign, make_entry_in_review, make_expert, make_panel, mark

pytestmark = pytest.mark.django_db


def reviewed(cycle, tree, panel, experts, number, **fields):
    """Marks that all agree on: each entry one step below the one before, so that no two are equal."""
    entry = make_entry_in_review(cycle, tree.filer, state=EntryState.REVIEWED, files=False, **fields)
    rubric = params_of(panel.stage).rubric
    steps = [number // len(rubric) + (position < number % len(rubric)) for position in range(len(rubric))]
    marks = [c.max_score - (c.step or Decimal("0.5")) * step for c, step in zip(rubric, steps, strict=True)]
    for sheet in assign(panel, entry, *experts):
        mark(sheet, marks)
    return entry


def walk(tree, toml, count):
    """``count`` reviewed entries of eight nominating unions go through round, notice and decision of the real programme."""
    now = timezone.now()
    cycle = make_cycle(tree, toml, stage="selection")
    unions = [make_organisation(OrganisationKind.DISTRICT, f"第{n}区总工会", tree.municipal) for n in range(8)]
    experts = [make_expert(tree) for _ in range(7)]
    panel = make_panel(cycle, experts)
    entries = [reviewed(cycle, tree, panel, experts, n, nominating=unions[n % 8]) for n in range(count)]
    stage = CycleStage.objects.select_related("cycle__owner").get(cycle=cycle, kind="selection")
    round_ = produce_round(actor=tree.manager, stage_id=stage.pk, number=1, now=now)
    approve_round(actor=tree.manager, round_=round_, note="主席办公会审定。", now=now)
    move_to(cycle, "notice")
    shown = list(entries_for_selection_notice(cycle))
    end_notice(make_notice(shown, tree.manager))
    move_to(cycle, "conferral")
    issue_conferral(conferral=make_decision(cycle, tree.manager), actor=tree.manager, now=now)
    return entries, shown


@pytest.mark.parametrize(
    ("toml", "places", "reserves", "honour"),
    [
        pytest.param("nonpublic-top10", 10, 3, "非公劳动竞赛十大示范单位", marks=pytest.mark.row(31)),
        pytest.param("five-small-top20", 20, 5, "“五小”创新成果", marks=pytest.mark.row(45)),
        pytest.param("innovation-star", 20, 4, "新时代职工创新创业之星", marks=pytest.mark.row(46)),
    ],
)
def test_programme_names_exactly_as_many_as_the_plan_says(tianjin, toml, places, reserves, honour):
    with system_scope("test"):
        entries, shown = walk(tianjin, toml, places + reserves + 1)
        states = list(Entry.objects.filter(pk__in=[e.pk for e in entries]).values_list("state", flat=True))
        register = list(HonourRecord.objects.all())
    assert len(shown) == places
    assert states.count(EntryState.CONFERRED) == places
    assert states.count(EntryState.RESERVE) == reserves
    assert states.count(EntryState.NOT_SELECTED) == 1
    assert len(register) == places
    assert len({r.certificate_number for r in register}) == places
    assert all(honour in r.honour for r in register)
