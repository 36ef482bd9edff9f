"""The demo's year of contests, by the functions people use."""

from __future__ import annotations

import random

import pytest
from django.core.management import call_command
from django.utils import timezone

from competitions.contests import queries
from competitions.contests.models import Contest, ContestAppeal, Promotion
from competitions.marking.models import Marking
from portal.demo.city import SMALL
from portal.demo.contests import contests_of_the_year
from portal.demo.federation import build
from portal.demo.marking import marking_of_the_year


@pytest.mark.django_db
@pytest.mark.usefixtures("all_rows")
@pytest.mark.row(100)
def test_year_has_the_trades_of_the_plan_in_every_state():
    call_command("load_codes", verbosity=0)
    federation = build(now=timezone.now(), rng=random.Random(1), size=SMALL)
    assert list(contests_of_the_year(federation))
    counts = queries.plan_counts(timezone.localdate().year)
    assert counts["planned"] >= 110
    assert counts["done"] >= 1
    states = set(Contest.objects.values_list("state", flat=True))
    assert {"draft", "registration", "running", "published", "confirmed", "cancelled"} <= states
    assert Promotion.objects.exists()
    assert list(marking_of_the_year(federation))
    running = Marking.objects.get(contest__isnull=False)
    assert running.contest == Contest.objects.get(state="running").pk
    assert running.benches.count() == 31
    assert ContestAppeal.objects.filter(ruling="").count() == 1
    assert sum(line["total"] for line in queries.matrix(timezone.localdate().year)) == counts["contests"]
