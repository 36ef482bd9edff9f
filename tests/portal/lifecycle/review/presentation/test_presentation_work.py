"""What the work list says about presentations."""

from __future__ import annotations

from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.scoping import scope
from portal.lifecycle.worklist.queries import work_of
from tests.portal.lifecycle.review.presentation.test_presentations import lots, stage  # noqa: F401 -- a fixture


def lines(actor):
    with scope(scope_of(actor)):
        work = work_of(actor, now=timezone.now(), kind="presentation.draw")
        return [line.item for group in work.groups for line in group.lines if work.chosen]


def test_order_to_be_drawn_waits_for_the_manager(tianjin, hebei, stage):  # noqa: F811
    (line,) = lines(tianjin.manager)
    assert "5 件待抽签" in str(line.title)
    assert lines(hebei.manager) == []
    lots(tianjin, stage)
    assert lines(tianjin.manager) == []
