"""The order of stages in lists: what runs first, then what comes next, then what is over."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.scoping import system_scope
from portal.lifecycle.programmes.models import CycleStage, StageStatus
from portal.lifecycle.programmes.queries import in_turn
from tests.factories.entries import make_cycle

pytestmark = pytest.mark.django_db


def test_open_stages_come_first_then_the_next_then_the_latest_closed(tianjin, desk_client):
    now, day = timezone.now(), dt.timedelta(days=1)
    wanted = [
        (StageStatus.OPEN, 3), (StageStatus.OPEN, 9),
        (StageStatus.PENDING, 20), (StageStatus.PENDING, 400),
        (StageStatus.CLOSED, -5), (StageStatus.CLOSED, -300),
    ]  # fmt: skip
    with system_scope("test"):
        cycle = make_cycle(tianjin, stage="review")
        template = CycleStage.objects.get(cycle=cycle, kind="review")
        made = {}
        for position, (status, days) in enumerate(reversed(wanted), 50):
            row = CycleStage.objects.create(
                cycle=cycle, kind="review", title=f"{status}{days}", position=position, status=status,
                opens_at=now + (days - 1) * day, closes_at=now + days * day, params=template.params,
            )  # fmt: skip
            made[row.pk] = (status, days)
        rows = in_turn(CycleStage.objects.filter(pk__in=made)).order_by("turn", "pk")
        assert [made[row.pk] for row in rows] == wanted
    client = desk_client(tianjin.manager)
    for name in ("review.stages", "visit.stages", "vote.stages", "presentation.stages", "result.stages", "round.list"):
        assert client.get(reverse(f"lifecycle:{name}")).status_code == 200
