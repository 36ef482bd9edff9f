"""The way from a unit to the organiser: levels, optional levels, reporting parents, moves of the tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import ReportingLine
from portal.accounts.signals import organisation_moved
from portal.lifecycle.entries import queries, routes
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.routes import LEVELS, Hop, Node, RouteIncomplete
from tests.factories.entries import make_cycle, make_entry
from tests.factories.people import make_actor, make_organisation

# --- the pure core -------------------------------------------------------------------------------------------------


@st.composite
def branches(draw):
    """A chain of organisations from the entering one to the organiser; levels may be absent or repeated."""
    present = draw(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=7))
    levels = sorted(present, key=LEVELS.index)
    path, nodes = "", []
    for number, level in enumerate(reversed(levels), 1):
        path += f"{number:07d}/"
        nodes.append(Node(number, f"工会{number}", level, path))
    return list(reversed(nodes))


subsets = st.lists(st.sampled_from(LEVELS), unique=True).map(lambda found: sorted(found, key=LEVELS.index))


@pytest.mark.unit
@given(branches(), subsets)
def test_route_with_everything_optional_is_ordered_without_repeats_and_inside_the_branch(line, levels):
    hops = routes.resolve(levels, levels, line)
    order = [LEVELS.index(hop.level) for hop in hops]
    assert order == sorted(set(order))
    assert {hop.level for hop in hops} == {level for level in levels if level in {node.level for node in line}}
    assert {hop.organisation for hop in hops} <= {node.pk for node in line}
    assert all(next(n for n in line if n.level == hop.level).pk == hop.organisation for hop in hops)


@pytest.mark.unit
@given(branches(), subsets, subsets)
def test_route_is_refused_exactly_when_a_demanded_level_between_is_missing(line, levels, optional):
    between = LEVELS[LEVELS.index(line[0].level) : LEVELS.index(line[-1].level) + 1]
    present = {node.level for node in line}
    missing = [lv for lv in levels if lv in between and lv not in present and lv not in optional]
    if missing:
        with pytest.raises(RouteIncomplete) as caught:
            routes.resolve(levels, optional, line)
        assert caught.value.level == missing[0]
    else:
        routes.resolve(levels, optional, line)


@pytest.mark.unit
@given(branches(), subsets)
def test_every_stop_above_the_unit_sees_the_entry_by_its_route_path(line, levels):
    hops = routes.resolve(levels, levels, line)
    path = routes.route_path(hops, line[-1].path)
    for hop in hops:
        if hop.level not in {"team", "grassroots"}:
            assert path.startswith(hop.path)


@pytest.mark.unit
@given(branches(), subsets)
def test_route_survives_storage_and_a_move_and_back(line, levels):
    hops = routes.resolve(levels, levels, line)
    assert routes.from_json(routes.to_json(hops)) == hops
    there = routes.moved(hops, "0000001/", "0000009/0000001/")
    assert routes.moved(there, "0000009/0000001/", "0000001/") == hops


@pytest.mark.unit
def test_next_hop_walks_to_the_end():
    hops = [Hop("grassroots", 1, "甲", "1/2/"), Hop("district", 2, "乙", "1/")]
    assert routes.next_hop(hops, "grassroots") == hops[1]
    assert routes.next_hop(hops, "district") is None
    assert routes.next_hop(hops, "municipal") is None


# --- with the tree -------------------------------------------------------------------------------------------------


def names(hops):
    return [hop.name for hop in hops]


@pytest.mark.django_db
@pytest.mark.row(27)
def test_functional_zone_is_a_stop_where_there_is_one_and_left_out_where_not(tianjin, all_rows):
    cycle = make_cycle(tianjin, "small-work")
    assert names(queries.route_of(tianjin.unit, cycle)) == [
        tianjin.unit.name,
        tianjin.zone.name,
        tianjin.district.name,
        tianjin.municipal.name,
    ]
    assert names(queries.route_of(tianjin.group_unit, cycle)) == [
        tianjin.group_unit.name,
        tianjin.group.name,
        tianjin.municipal.name,
    ]


@pytest.mark.django_db
def test_team_enters_through_its_grassroots_union(tianjin, in_scope, all_rows):
    cycle = make_cycle(tianjin, "small-work")
    section = make_organisation(OrganisationKind.SECTION, "一车间分工会", tianjin.unit)
    team = make_organisation(OrganisationKind.TEAM, "装配班", section)
    actor = make_actor(team, Role.FILER)
    with in_scope(actor):
        hops = queries.route_of(team, cycle)
    assert hops[0].name == tianjin.unit.name
    assert routes.route_path(hops, cycle.owner.path) == tianjin.zone.path


@pytest.mark.django_db
def test_reporting_line_of_this_programme_and_year_wins(tianjin, in_scope, all_rows):
    cycle = make_cycle(tianjin, "small-work", year=2026)
    line = {"organisation": tianjin.unit, "parent": tianjin.group}
    ReportingLine.objects.create(**line, scheme="small-work", year=2025)
    with in_scope(tianjin.filer):
        assert tianjin.zone.name in names(queries.route_of(tianjin.unit, cycle))
    ReportingLine.objects.create(**line, scheme="small-work", year=2026)
    with in_scope(tianjin.filer):
        hops = queries.route_of(tianjin.unit, cycle)
    assert names(hops) == [tianjin.unit.name, tianjin.group.name, tianjin.municipal.name]
    assert routes.route_path(hops, cycle.owner.path) == tianjin.group.path


@pytest.mark.django_db
def test_specific_line_wins_over_the_general_one(tianjin, all_rows):
    cycle = make_cycle(tianjin, "small-work", year=2026)
    ReportingLine.objects.create(organisation=tianjin.unit, parent=tianjin.group)
    ReportingLine.objects.create(organisation=tianjin.unit, parent=tianjin.district, scheme="small-work")
    assert names(queries.route_of(tianjin.unit, cycle))[1:] == [tianjin.district.name, tianjin.municipal.name]


@pytest.mark.django_db
def test_missing_demanded_level_is_said_by_name(tianjin, all_rows):
    cycle = make_cycle(tianjin, "small-work")
    direct = make_organisation(OrganisationKind.GRASSROOTS, "市直机关食堂工会", tianjin.municipal)
    with pytest.raises(RouteIncomplete) as caught:
        queries.route_of(direct, cycle)
    assert caught.value.level == "district"


@pytest.mark.django_db
def test_foreign_organiser_has_no_route(tianjin, hebei, all_rows):
    assert queries.line_of(hebei.unit, make_cycle(tianjin, "small-work")) == []


@pytest.mark.django_db
def test_entries_follow_when_a_part_of_the_tree_moves(tianjin, all_rows):
    entry = make_entry(make_cycle(tianjin, "small-work"), tianjin.filer, "submitted")
    old = tianjin.zone.path
    new = f"{tianjin.group.path}{tianjin.zone.pk:07d}/"
    for _twice in range(2):
        organisation_moved.send(sender=type(tianjin.zone), organisation=tianjin.zone, old_path=old, new_path=new)
    entry = Entry.objects.get(pk=entry.pk)
    assert entry.route_path == new
    assert [hop["path"] for hop in entry.route if hop["level"] == "subdistrict"] == [new]
