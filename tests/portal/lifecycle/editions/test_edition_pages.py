"""The pages of editions: offers, opening with the free parts only, winners and their way up."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.core.scoping import system_scope
from portal.lifecycle.editions.models import Forwarding
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.worklist.queries import work_of
from tests.factories.editions import edition_definition, make_edition, make_offered
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db


def test_district_opens_an_edition_from_the_offer(tianjin, desk_client):
    with system_scope("test"):
        programme = make_offered(tianjin)
    client = desk_client(tianjin.district_manager)
    assert programme.title in client.get(reverse("lifecycle:edition.choose")).content.decode()
    url = reverse("lifecycle:edition.open", kwargs={"pk": programme.pk})
    data = {"year": 2026, "start_date": "2026-11-20", "places": 4, "reserves": 1, "tracks": "", "contact": ""}
    bad = client.post(url, data | {"tracks": "焊接"})
    assert bad.status_code == 422
    assert "代码 名称" in bad.content.decode()
    assert client.post(url, data).status_code == 302
    with system_scope("test"):
        cycle = Cycle.objects.get(owner=tianjin.district)
        assert cycle.rules.stage("selection").params.places == 4


def test_form_asks_only_for_what_is_free(tianjin, desk_client):
    with system_scope("test"):
        programme = make_offered(tianjin, free=["dates", "panels"])
    url = reverse("lifecycle:edition.open", kwargs={"pk": programme.pk})
    page = desk_client(tianjin.district_manager).get(url).content.decode()
    assert 'name="start_date"' in page
    assert 'name="places"' not in page
    assert 'name="tracks"' not in page


def test_winner_goes_up_through_the_pages_and_both_records_say_so(tianjin, desk_client, in_scope):
    now = timezone.now()
    with system_scope("test"):
        edition = make_edition(tianjin, tianjin.district_manager, now=now)
        winner = make_entry(edition, tianjin.filer, EntryState.CONFIRMED, title="可上报的成果", final_rank=1)
        make_cycle(tianjin, edition_definition())
    with in_scope(tianjin.district_manager):
        kinds = [kind.source.key for kind in work_of(tianjin.district_manager, now=now).kinds]
    assert "edition.forward" in kinds
    client = desk_client(tianjin.district_manager)
    detail = reverse("lifecycle:edition.detail", kwargs={"pk": edition.pk})
    forward = reverse("lifecycle:edition.forward", kwargs={"code": winner.code})
    assert forward in client.get(detail).content.decode()
    assert client.get(forward).status_code == 200
    refused = client.post(forward, {"opinion": "写好的推荐意见"})
    assert refused.status_code == 403
    assert "写好的推荐意见" in refused.content.decode()  # what still stands against it is read beside what was typed
    assert client.post(forward, {"opinion": "同意", "vetoes_checked": "on"}).status_code == 302
    with system_scope("test"):
        sent = Forwarding.objects.select_related("entry").get(origin=winner)
    assert sent.entry.code in client.get(detail).content.decode()
    city = desk_client(tianjin.manager).get(sent.entry.get_absolute_url()).content.decode()
    assert "来自下级届次" in city
    unit = desk_client(tianjin.filer).get(winner.get_absolute_url()).content.decode()
    assert "已上报上级届次" in unit
