"""Programmes from the first draft to their end by mouse: everything that ``programmes simulate`` does, clicked and typed.

Two programmes are walked with the other tests; ``WALKS=all`` (``make walks``) takes all of them.
"""

from __future__ import annotations

import io
import os

import pytest
from django.core.management import call_command
from django.urls import reverse

from portal.core.scoping import system_scope
from portal.demo.walk import simulate
from portal.lifecycle.blueprints import loader
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.models import Cycle
from tests.e2e.mouse import Map, MouseDesk

pytestmark = [pytest.mark.browser, pytest.mark.integration]
ALL = os.environ.get("WALKS") == "all"
EVERY_DAY = {"golden-idea", "haihe-craftsman-cup"}  # sheets of experts and a vote; marks by workbook
ENTRIES = 2 if ALL else 1
FILES = [path for path in loader.programme_files() if ALL or path.stem in EVERY_DAY]


@pytest.fixture(autouse=True)
def code_lists(transactional_db):
    with system_scope("code lists"):
        call_command("load_codes", verbosity=0, stdout=io.StringIO())


@pytest.fixture
def known():
    return Map()


@pytest.fixture
def sit(at_desk, known):
    """``sit(actor)``: a person at a browser of their own."""

    def places(actor):
        """Where people look for a button: at home, and on the cycle's page."""
        if actor is None:
            return [reverse("awards:public.home")]
        cycle = Cycle.objects.order_by("-pk").first()
        return [reverse("lifecycle:worklist.home")] + ([cycle.get_absolute_url()] if cycle else [])

    return lambda actor: MouseDesk(actor, at_desk(actor), known, lambda: places(actor))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_programme_is_clicked_from_its_draft_to_its_end(path, sit, known):
    outcome = simulate(path.read_text(encoding="utf-8"), entries=ENTRIES, sit=sit)
    assert sum(outcome.states.values()) == ENTRIES
    assert outcome.states[EntryState.DRAFT] == 0
    assert known.lost() == {}
