"""Exactly one reporting parent for each scheme and year; the most specific line wins."""

from __future__ import annotations

import datetime as dt

import pytest

from portal.accounts.domain.reporting import clear_reporting_parent, set_reporting_parent
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import ReportingLine
from portal.accounts.queries.reporting import reporting_lines, reporting_parent, reporting_route
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from tests.factories.accounts import grow

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def test_home_parent_holds_without_a_line(tianjin, in_scope):
    with in_scope(tianjin.filer):
        assert reporting_parent(tianjin.unit, "five-small-top20", 2026) == tianjin.zone
        assert reporting_parent(tianjin.municipal, "five-small-top20", 2026) is None


def test_unit_is_nominated_through_its_group_whatever_desk_asks(tianjin, in_scope, all_rows):
    """An enterprise sits in a district and reports to its group (domain.md 0.2)."""
    set_reporting_parent(actor=tianjin.manager, organisation=tianjin.unit, parent=tianjin.group, now=NOW)
    with in_scope(tianjin.filer):
        route = reporting_route(tianjin.unit, "nonpublic-top10", 2026)
    assert route == [tianjin.unit, tianjin.group, tianjin.municipal]


def test_most_specific_line_wins(tianjin, all_rows):
    others = [grow(tianjin.municipal, f"集团{i}工会", OrganisationKind.GROUP) for i in range(4)]
    for parent, scheme, year in zip(others, ("", "", "s", "s"), (None, 2026, None, 2026), strict=True):
        set_reporting_parent(
            actor=tianjin.manager, organisation=tianjin.unit, parent=parent, scheme=scheme, year=year, now=NOW
        )
    asked = {
        ("t", 2025): others[0],
        ("t", 2026): others[1],
        ("s", 2025): others[2],
        ("s", 2026): others[3],
        ("s", None): others[2],
    }
    assert {key: reporting_parent(tianjin.unit, *key) for key in asked} == asked


def test_second_line_for_the_same_scheme_and_year_replaces_the_first(tianjin, all_rows):
    for parent in (tianjin.group, tianjin.municipal):
        set_reporting_parent(actor=tianjin.manager, organisation=tianjin.unit, parent=parent, year=2026, now=NOW)
    assert [line.parent for line in reporting_lines(tianjin.unit)] == [tianjin.municipal]
    event = AuditEvent.objects.filter(action="accounts.reporting_line.set").latest("pk")
    assert (event.before["parent_name"], event.data["year"]) == (tianjin.group.name, 2026)


def test_line_below_itself_downwards_or_into_another_tree_is_refused(tianjin, hebei, all_rows):
    for organisation, parent in (
        (tianjin.zone, tianjin.unit),
        (tianjin.zone, tianjin.zone),
        (tianjin.zone, tianjin.group_unit),
        (tianjin.zone, hebei.group),
    ):
        with pytest.raises(Invalid) as error:
            set_reporting_parent(actor=tianjin.manager, organisation=organisation, parent=parent, now=NOW)
        assert list(error.value.fields) == ["parent"]
    assert not ReportingLine.objects.exists()


def test_circle_of_lines_is_refused(tianjin, all_rows):
    set_reporting_parent(actor=tianjin.manager, organisation=tianjin.district, parent=tianjin.group, now=NOW)
    with pytest.raises(Invalid) as error:
        set_reporting_parent(actor=tianjin.manager, organisation=tianjin.group, parent=tianjin.district, now=NOW)
    assert "循环" in error.value.fields["parent"][0]
    assert reporting_parent(tianjin.group, "", 2026) == tianjin.municipal


def test_only_the_federation_sets_lines(tianjin, all_rows):
    with pytest.raises(Refused):
        set_reporting_parent(
            actor=tianjin.district_manager, organisation=tianjin.unit, parent=tianjin.district, now=NOW
        )


def test_cleared_line_gives_way_to_the_home_tree(tianjin, all_rows):
    line = set_reporting_parent(actor=tianjin.manager, organisation=tianjin.unit, parent=tianjin.group, now=NOW)
    clear_reporting_parent(actor=tianjin.manager, line=line, now=NOW)
    assert reporting_parent(tianjin.unit, "s", 2026) == tianjin.zone
    with pytest.raises(Conflict):
        clear_reporting_parent(actor=tianjin.manager, line=line, now=NOW)
