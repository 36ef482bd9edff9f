"""The union tree: any depth, several roots side by side, moves, merges."""

from __future__ import annotations

import random
import threading

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.domain.organisations import (
    MAX_DEPTH,
    OrganisationFacts,
    change_organisation,
    close_organisation,
    create_organisation,
    merge_organisation,
    move_organisation,
    path_of,
    reopen_organisation,
)
from portal.accounts.enums import LEVEL_OF_KIND, OrganisationKind, Role, UnionLevel, may_stand_below
from portal.accounts.models import Employer, Membership, Organisation, ReportingLine, UnionCoverage
from portal.accounts.queries.organisations import ancestor_at_level, ancestors, children, search, subtree
from portal.accounts.signals import organisation_merged, organisation_moved
from portal.audit.models import AuditEvent
from portal.audit.queries import history_of
from portal.core.context import system_actor
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from tests.factories.accounts import UNION_CODE, grow
from tests.factories.people import make_actor, make_employer, make_membership, make_organisation

K = OrganisationKind
pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def paths_hold(root: Organisation) -> bool:
    """Every path is its parent's path and the own number, from the root down."""
    rows = {o.pk: o for o in Organisation.objects.filter(path__startswith=root.path)}
    return all(o.path == path_of(rows.get(o.parent_id), o.pk) for o in rows.values())


# --- creating ------------------------------------------------------------------------------------------------------


@pytest.mark.row(27)
@pytest.mark.row(166)
@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (K.ZONE, UnionLevel.SUBDISTRICT),
        (K.STREET, UnionLevel.SUBDISTRICT),
        (K.TOWNSHIP, UnionLevel.SUBDISTRICT),
        (K.JOINT, UnionLevel.GRASSROOTS),
    ],
)
def test_district_manager_creates_zones_streets_and_townships_below_the_district(tianjin, in_scope, kind, level):
    with in_scope(tianjin.district_manager):
        new = grow(tianjin.district, "新设工会", kind, actor=tianjin.district_manager)
        assert (new.level, new.path) == (level, f"{tianjin.district.path}{new.pk:07d}/")
        event = history_of(new).get()
    assert event.action == "accounts.organisation.created"
    assert event.after["name"] == "新设工会"


@pytest.mark.row(166)
def test_building_unions_stand_below_streets_and_industry_unions_below_the_federation(tianjin, all_rows):
    street = grow(tianjin.district, "中心街道总工会", K.STREET)
    building = grow(street, "云江大厦楼宇工会", K.BUILDING)
    industry = grow(tianjin.municipal, "建设行业工会", K.INDUSTRY)
    assert building.path.startswith(street.path)
    assert industry.level == UnionLevel.DISTRICT


def test_depth_is_free_until_the_path_is_full(tianjin, all_rows):
    parent = tianjin.unit
    while parent.path.count("/") < MAX_DEPTH:
        parent = grow(parent, "分厂工会")
    with pytest.raises(Invalid) as error:
        grow(parent, "再下一层")
    assert "层次过深" in error.value.fields["parent"][0]


@pytest.mark.parametrize(
    ("kind", "parent_kind", "allowed"),
    [
        (K.DISTRICT, K.MUNICIPAL, True),
        (K.DEPARTMENT, K.MUNICIPAL, True),
        (K.DEPARTMENT, K.DISTRICT, False),
        (K.GRASSROOTS, K.MUNICIPAL, True),
        (K.BUILDING, K.STREET, True),
        (K.SECTION, K.GRASSROOTS, True),
        (K.TEAM, K.SECTION, True),
        (K.DISTRICT, K.DISTRICT, False),
        (K.STREET, K.GRASSROOTS, False),
        (K.MUNICIPAL, K.MUNICIPAL, False),
        (K.TEAM, K.TEAM, False),
        (K.GRASSROOTS, K.DEPARTMENT, False),
    ],
)
def test_place_in_the_tree_follows_the_level(kind, parent_kind, allowed):
    assert may_stand_below(kind, parent_kind) is allowed


def test_every_kind_has_a_level_and_a_place():
    for kind in K:
        assert LEVEL_OF_KIND[kind] in UnionLevel
        assert kind == K.MUNICIPAL or any(may_stand_below(kind, other) for other in K)


def test_only_the_system_makes_roots(tianjin, all_rows):
    facts = OrganisationFacts(name="北京市总工会", code="BJ")
    with pytest.raises(Invalid):
        create_organisation(actor=tianjin.manager, parent=None, kind=K.MUNICIPAL, facts=facts, now=timezone.now())
    root = create_organisation(
        actor=system_actor("seed"), parent=None, kind=K.MUNICIPAL, facts=facts, now=timezone.now()
    )
    assert root.path == f"{root.pk:07d}/"


def test_manager_creates_only_below_the_own_organisation(tianjin, all_rows):
    with pytest.raises(Refused):
        grow(tianjin.group, "越权设立", actor=tianjin.district_manager)


def test_filer_creates_nothing(tianjin, all_rows):
    with pytest.raises(Refused):
        grow(tianjin.unit, "班组", K.TEAM, actor=tianjin.filer)


def test_credit_code_of_a_union_is_checked_and_unique_over_all_trees(tianjin, hebei, all_rows):
    one = grow(tianjin.zone, "甲工会", credit_code="81120101-MC000001-2M")
    assert one.credit_code == UNION_CODE
    with pytest.raises(Invalid) as error:
        grow(hebei.zone, "乙工会", credit_code=UNION_CODE)
    assert "已登记" in error.value.fields["credit_code"][0]
    with pytest.raises(Invalid) as error:
        grow(tianjin.zone, "丙工会", credit_code=UNION_CODE[:-1] + "X")
    assert "校验码" in error.value.fields["credit_code"][0]


def test_code_is_unique_and_made_when_left_empty(tianjin, all_rows):
    first = grow(tianjin.zone, "甲工会")
    assert first.code.startswith("ZZ")
    with pytest.raises(Invalid) as error:
        grow(tianjin.zone, "乙工会", code=first.code)
    assert list(error.value.fields) == ["code"]


# --- changing ------------------------------------------------------------------------------------------------------


def test_change_records_before_and_after_only_of_what_changed(tianjin, all_rows):
    facts = OrganisationFacts(name="精工厂联合工会", code=tianjin.unit.code, member_count=320)
    change_organisation(actor=tianjin.manager, organisation=tianjin.unit, kind=K.JOINT, facts=facts, now=timezone.now())
    event = history_of(tianjin.unit).get()
    assert event.before == {"kind": "grassroots", "member_count": 0, "name": "天津市精工厂工会"}
    assert event.after == {"kind": "joint", "member_count": 320, "name": "精工厂联合工会"}


def test_change_to_the_same_leaves_no_event(tianjin, all_rows):
    unit = tianjin.unit
    facts = OrganisationFacts(name=unit.name, code=unit.code)
    change_organisation(actor=tianjin.manager, organisation=unit, kind=unit.kind, facts=facts, now=timezone.now())
    assert not history_of(unit).exists()


def test_kind_must_fit_parent_and_children(tianjin, all_rows):
    facts = OrganisationFacts(name="开发区", code=tianjin.zone.code)
    with pytest.raises(Invalid) as error:
        change_organisation(
            actor=tianjin.manager, organisation=tianjin.zone, kind=K.TEAM, facts=facts, now=timezone.now()
        )
    assert "单独基层工会" in error.value.fields["kind"][0]
    with pytest.raises(Invalid):
        change_organisation(
            actor=tianjin.manager, organisation=tianjin.zone, kind=K.BUREAU, facts=facts, now=timezone.now()
        )


# --- moving --------------------------------------------------------------------------------------------------------


def test_move_rewrites_every_path_below_and_tells_the_others(tianjin, all_rows):
    section = grow(tianjin.unit, "一车间工会", K.SECTION)
    team = grow(section, "甲班", K.TEAM)
    old, heard = tianjin.unit.path, []

    def listen(sender, **kwargs):
        heard.append((kwargs["old_path"], kwargs["new_path"]))

    organisation_moved.connect(listen)
    try:
        moved = move_organisation(
            actor=tianjin.manager, organisation=tianjin.unit, parent=tianjin.group, now=timezone.now()
        )
    finally:
        organisation_moved.disconnect(listen)
    team.refresh_from_db()
    assert moved.path == f"{tianjin.group.path}{moved.pk:07d}/"
    assert team.path == f"{moved.path}{section.pk:07d}/{team.pk:07d}/"
    assert heard == [(old, moved.path)]
    assert paths_hold(tianjin.municipal)
    assert history_of(moved).first().after["parent_name"] == tianjin.group.name


def test_history_goes_along_with_the_organisation(tianjin, in_scope, all_rows):
    facts = OrganisationFacts(name="改名工会", code=tianjin.unit.code)
    change_organisation(
        actor=tianjin.manager, organisation=tianjin.unit, kind=tianjin.unit.kind, facts=facts, now=timezone.now()
    )
    group_manager = make_actor(tianjin.group, Role.MANAGER)
    with in_scope(group_manager):
        assert not AuditEvent.objects.filter(object_id=tianjin.unit.pk).exists()
    move_organisation(actor=tianjin.manager, organisation=tianjin.unit, parent=tianjin.group, now=timezone.now())
    with in_scope(group_manager):
        assert AuditEvent.objects.filter(action="accounts.organisation.changed").count() == 1


def test_move_below_itself_or_into_another_tree_is_refused(tianjin, hebei, all_rows):
    inner = grow(tianjin.zone, "园区总工会", K.BUILDING)
    with pytest.raises(Invalid) as error:
        move_organisation(actor=tianjin.manager, organisation=tianjin.zone, parent=inner, now=timezone.now())
    assert "下级" in error.value.fields["parent"][0]
    with pytest.raises((Invalid, Refused)):
        move_organisation(actor=tianjin.manager, organisation=tianjin.zone, parent=hebei.district, now=timezone.now())
    with pytest.raises(Invalid):
        move_organisation(actor=system_actor("x"), organisation=tianjin.zone, parent=hebei.district, now=timezone.now())


def test_move_needs_both_places_in_the_own_part(tianjin, all_rows):
    with pytest.raises(Refused):
        move_organisation(
            actor=tianjin.district_manager, organisation=tianjin.unit, parent=tianjin.group, now=timezone.now()
        )


def test_move_under_the_present_parent_says_so(tianjin, all_rows):
    with pytest.raises(Invalid) as error:
        move_organisation(actor=tianjin.manager, organisation=tianjin.unit, parent=tianjin.zone, now=timezone.now())
    assert "已经是它的上级" in error.value.fields["parent"][0]


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_paths_hold_after_any_sequence_of_moves(tianjin, seed):
    """Whatever is moved wherever: refused moves change nothing, done ones keep path = parent's path + number."""
    pick = random.Random(seed)
    with system_scope("test"):
        nodes = list(subtree(tianjin.municipal))
        for number in range(12):
            parent = pick.choice(nodes)
            kinds = [k for k in K if may_stand_below(k, parent.kind)]
            if kinds:
                nodes.append(grow(parent, f"组织{number}", pick.choice(kinds)))
        for _step in range(25):
            node, parent = pick.choice(nodes), pick.choice(nodes)
            before = {o.pk: o.path for o in subtree(tianjin.municipal)}
            try:
                move_organisation(actor=tianjin.manager, organisation=node, parent=parent, now=timezone.now())
            except Invalid:
                assert {o.pk: o.path for o in subtree(tianjin.municipal)} == before
            assert paths_hold(tianjin.municipal)
        assert subtree(tianjin.municipal).count() == len(nodes)


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_never_make_a_circle(tianjin):
    """A under B and B under A in the same moment: one is done, the other refused."""
    with system_scope("test"):
        street = grow(tianjin.district, "甲街道", K.STREET)
        other = grow(tianjin.district, "乙街道", K.STREET)
    gate, outcomes = threading.Barrier(2), []

    def move(one, two):
        try:
            gate.wait()
            with system_scope("test"):
                move_organisation(actor=tianjin.manager, organisation=one, parent=two, now=timezone.now())
            outcomes.append("done")
        except Invalid:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in ((street, other), (other, street))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    with system_scope("test"):
        assert paths_hold(tianjin.municipal)


# --- merging and closing -------------------------------------------------------------------------------------------


def test_merge_hands_everything_over_and_keeps_the_closed_one_readable(tianjin, all_rows):
    target = grow(tianjin.zone, "联合工会", K.JOINT, member_count=10)
    section = grow(tianjin.unit, "一车间工会", K.SECTION)
    make_membership(tianjin.filer.user, target, Role.FILER)
    UnionCoverage.objects.create(organisation=tianjin.unit, employer=tianjin.group_employer)
    heard = []

    def listen(sender, **kwargs):
        heard.append((kwargs["organisation"].pk, kwargs["into"].pk))

    organisation_merged.connect(listen)
    try:
        closed = merge_organisation(actor=tianjin.manager, organisation=tianjin.unit, into=target, now=timezone.now())
    finally:
        organisation_merged.disconnect(listen)
    section.refresh_from_db()
    assert heard == [(tianjin.unit.pk, target.pk)]
    assert not closed.is_active
    assert closed.merged_into_id == target.pk
    assert closed.path.startswith(target.path)
    assert section.parent_id == target.pk
    assert Employer.objects.get(pk=tianjin.employer.pk).organisation_id == target.pk
    assert UnionCoverage.objects.get().organisation_id == target.pk
    staff = Membership.objects.filter(organisation=target, is_active=True)
    assert {(m.user_id, m.role) for m in staff} == {
        (tianjin.filer.user.pk, "filer"),
        (tianjin.unit_checker.user.pk, "checker"),
    }
    assert not Membership.objects.filter(organisation=tianjin.unit, is_active=True).exists()
    assert paths_hold(tianjin.municipal)


def test_merge_is_refused_into_itself_another_level_or_something_closed(tianjin, all_rows):
    closed = make_organisation(K.JOINT, "停用工会", tianjin.zone, is_active=False)
    for into in (tianjin.unit, tianjin.zone, closed):
        with pytest.raises(Invalid):
            merge_organisation(actor=tianjin.manager, organisation=tianjin.unit, into=into, now=timezone.now())


def test_merge_moves_reporting_lines_to_the_new_union(tianjin, all_rows):
    other = grow(tianjin.municipal, "能源集团工会", K.GROUP)
    ReportingLine.objects.create(organisation=tianjin.unit, parent=tianjin.group)
    merge_organisation(actor=tianjin.manager, organisation=tianjin.group, into=other, now=timezone.now())
    assert ReportingLine.objects.get().parent_id == other.pk


def test_close_waits_for_the_organisations_below(tianjin, all_rows):
    with pytest.raises(Invalid) as error:
        close_organisation(actor=tianjin.manager, organisation=tianjin.zone, now=timezone.now())
    assert "还有1个" in error.value.message
    close_organisation(actor=tianjin.manager, organisation=tianjin.unit, now=timezone.now())
    close_organisation(actor=tianjin.manager, organisation=tianjin.zone, now=timezone.now())
    with pytest.raises(Conflict):
        close_organisation(actor=tianjin.manager, organisation=tianjin.zone, now=timezone.now())


def test_own_organisation_cannot_be_closed(tianjin, all_rows):
    with pytest.raises(Refused):
        close_organisation(actor=tianjin.manager, organisation=tianjin.municipal, now=timezone.now())


def test_nothing_is_created_below_a_closed_organisation_until_it_is_open_again(tianjin, all_rows):
    close_organisation(actor=tianjin.manager, organisation=tianjin.unit, now=timezone.now())
    with pytest.raises(Invalid):
        grow(tianjin.unit, "班组", K.TEAM)
    reopen_organisation(actor=tianjin.manager, organisation=tianjin.unit, now=timezone.now())
    assert grow(tianjin.unit, "班组", K.TEAM).is_active


def test_merged_organisation_stays_closed(tianjin, all_rows):
    target = grow(tianjin.zone, "联合工会", K.JOINT)
    merge_organisation(actor=tianjin.manager, organisation=tianjin.unit, into=target, now=timezone.now())
    with pytest.raises(Invalid):
        reopen_organisation(actor=tianjin.manager, organisation=tianjin.unit, now=timezone.now())


# --- reading -------------------------------------------------------------------------------------------------------


def test_ancestors_and_levels_are_found_whatever_the_depth(tianjin, all_rows):
    team = grow(grow(tianjin.unit, "一车间", K.SECTION), "甲班", K.TEAM)
    assert [o.pk for o in ancestors(team)][:3] == [tianjin.municipal.pk, tianjin.district.pk, tianjin.zone.pk]
    assert ancestor_at_level(team, UnionLevel.SUBDISTRICT) == tianjin.zone
    assert ancestor_at_level(tianjin.group_unit, UnionLevel.SUBDISTRICT) is None


@pytest.mark.parametrize("n", [1, 3])
def test_children_know_whether_more_is_below_in_one_query(tianjin, all_rows, n, django_assert_num_queries):
    for number in range(n):
        grow(tianjin.group, f"单位{number}")
    with django_assert_num_queries(1):
        rows = [(o.has_children, o.child_count) for o in children(tianjin.municipal)]
    assert rows == [(True, 1), (True, n + 1)]


def test_search_finds_names_and_codes_only_in_the_own_part(tianjin, hebei, in_scope):
    with in_scope(tianjin.manager):
        assert [o.name for o in search(actor=tianjin.manager, text="精工厂")] == ["天津市精工厂工会"]
        assert search(actor=tianjin.manager, text=tianjin.zone.code) == [tianjin.zone]
        assert search(actor=tianjin.manager, text="河北省") == []
    with in_scope(tianjin.district_manager):
        assert search(actor=tianjin.district_manager, text="电机厂") == []


def test_joint_union_covers_more_employers_than_its_own(tianjin, all_rows):
    """Union count and employer count differ (domain.md 0.2)."""
    joint = grow(tianjin.zone, "园区联合工会", K.JOINT)
    for number in range(3):
        make_employer(joint, f"小微企业{number}")
    UnionCoverage.objects.create(organisation=joint, employer=tianjin.employer)
    assert Employer.objects.filter(organisation=joint).count() == 3
    assert UnionCoverage.objects.filter(organisation=joint).count() == 1
