"""Open entries of a merged union belong to, wait for and pass the one that took it in."""

from __future__ import annotations

import pytest
from django.utils import timezone

from portal.accounts.domain.organisations import merge_organisation
from portal.accounts.enums import OrganisationKind
from portal.lifecycle.entries.models import Entry
from tests.factories.accounts import grow
from tests.factories.entries import make_cycle, make_entry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_entry_that_waits_at_a_merged_union_waits_at_its_successor(tianjin, in_scope, all_rows):
    entry = make_entry(make_cycle(tianjin, "small-work"), tianjin.filer, "submitted")
    Entry.objects.filter(pk=entry.pk).update(at_organisation=tianjin.zone)
    successor = grow(tianjin.district, "新区总工会", OrganisationKind.ZONE)
    merge_organisation(actor=tianjin.manager, organisation=tianjin.zone, into=successor, now=timezone.now())
    entry = Entry.objects.get(pk=entry.pk)
    assert entry.at_organisation_id == successor.pk
    assert entry.route_path == successor.path
    assert [hop["organisation"] for hop in entry.route if hop["level"] == "subdistrict"] == [successor.pk]


def test_draft_of_a_merged_unit_goes_along_and_a_finished_entry_keeps_its_name(tianjin, all_rows):
    cycle = make_cycle(tianjin, "small-work")
    draft, finished = make_entry(cycle, tianjin.filer, "draft"), make_entry(cycle, tianjin.filer, "declined")
    successor = grow(tianjin.zone, "联合工会", OrganisationKind.JOINT)
    merge_organisation(actor=tianjin.manager, organisation=tianjin.unit, into=successor, now=timezone.now())
    assert Entry.objects.get(pk=draft.pk).organisation_id == successor.pk
    assert Entry.objects.get(pk=finished.pk).organisation_id == tianjin.unit.pk
