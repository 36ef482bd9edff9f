"""The audit log as people read it."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit.domain import record
from portal.core.scoping import system_scope
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db


def moved_up(tree, entry) -> None:
    """An event without words of its own: the changed values are listed."""
    place = {"before": {"at_organisation": tree.district.pk}, "after": {"at_organisation": tree.municipal.pk}}
    with system_scope("test"), transaction.atomic():
        record("lifecycle.entry.endorsed", entry, actor=tree.manager, now=timezone.now(), **place)


def test_keys_of_other_things_are_shown_by_their_names(tianjin, desk_client):
    with system_scope("test"):
        entry = make_entry(make_cycle(tianjin, "small-work"), tianjin.filer, "submitted", files=False)
    moved_up(tianjin, entry)
    page = desk_client(tianjin.auditor).get(reverse("accounts:audit.log")).content.decode()
    assert f"{tianjin.district} → {tianjin.municipal}" in page


@pytest.mark.parametrize("n", [1, 3])
def test_names_cost_the_same_however_many_events(tianjin, desk_client, django_assert_max_num_queries, n):
    with system_scope("test"):
        cycle = make_cycle(tianjin, "small-work")
        entries = [make_entry(cycle, tianjin.filer, "submitted", files=False) for _ in range(n)]
    for entry in entries:
        moved_up(tianjin, entry)
    client = desk_client(tianjin.auditor)
    client.get(reverse("accounts:audit.log"))
    with django_assert_max_num_queries(14):
        client.get(reverse("accounts:audit.log"))
