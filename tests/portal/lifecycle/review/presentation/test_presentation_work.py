"""What the work list says about presentations."""

from __future__ import annotations

from django.urls import reverse
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


def test_first_draw_asks_nothing_and_the_next_one_for_a_reason(tianjin, stage, desk_client):  # noqa: F811
    client, url = desk_client(tianjin.manager), reverse("lifecycle:presentation.draw", args=[stage.pk])
    page = client.get(url).content.decode()
    assert "5 件申报件随机抽签" in page
    assert "重新抽签原因" not in page
    assert client.post(url).status_code == 302
    assert "重新抽签原因" in client.get(url).content.decode()
    assert client.post(url).status_code in {200, 422}
    assert lines(tianjin.manager) == []
