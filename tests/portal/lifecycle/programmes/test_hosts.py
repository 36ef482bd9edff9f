"""联合主办: who is named, and that a department's desk sees what was agreed and nothing else."""

from __future__ import annotations

import copy

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Membership
from portal.accounts.policies import is_municipal
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.context import Actor
from portal.core.policies import may
from portal.core.scoping import OrgScope, ScopedModel, scope, scope_condition, system_scope
from portal.lifecycle.blueprints.loader import from_definition
from portal.lifecycle.blueprints.structure import BlueprintInvalid
from portal.lifecycle.clearance.models import Clearance
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import SHOWN_TO_HOSTS, Attachment, ConsentRecord, Entry, EntryVersion
from portal.lifecycle.programmes.host_models import CycleHost
from tests.factories.editions import make_edition
from tests.factories.entries import definition_of, make_cycle, make_entry
from tests.factories.people import make_actor, make_organisation

pytestmark = pytest.mark.django_db
NAME = "市人力资源和社会保障局"


def hosted(**host):
    definition = copy.deepcopy(definition_of("small-work"))
    definition["programme"]["code"] = "hosted-work"
    definition["hosts"] = [{"name": NAME, "rights": ["see"]} | host, {"name": "市发展和改革委员会", "rights": []}]
    return definition


@pytest.fixture
def bureau(tianjin) -> Actor:
    organisation = make_organisation(OrganisationKind.DEPARTMENT, NAME, tianjin.municipal)
    return make_actor(organisation, Role.MANAGER)


@pytest.fixture
def cycle(tianjin, bureau):
    return make_cycle(tianjin, hosted())


def counts(actor, model):
    with scope(scope_of(actor)):
        return model.objects.count()


@pytest.mark.parametrize(
    ("hosts", "path"),
    [
        ([{"name": " "}], "hosts[0].name"),
        ([{"name": "甲局"}, {"name": "甲局"}], "hosts[1].name"),
        ([{"name": "甲局", "rights": ["pay"]}], "hosts[0].rights[0]"),
    ],
)
def test_hosts_table_is_checked_with_its_path(hosts, path):
    definition = hosted() | {"hosts": hosts}
    with pytest.raises(BlueprintInvalid) as caught:
        from_definition(definition)
    assert path in {problem.path for problem in caught.value.errors}


@pytest.mark.row(99)
def test_opening_a_cycle_names_the_hosts_and_finds_their_desks(cycle, bureau):
    with system_scope("test"):
        rows = list(CycleHost.objects.filter(cycle=cycle).values_list("name", "organisation_id", "can_see"))
    assert rows == [(NAME, bureau.desk.organisation_id, True), ("市发展和改革委员会", None, False)]


@pytest.mark.row(34)
def test_opening_a_cycle_takes_over_each_right_and_whether_the_opinion_is_awaited(tianjin, bureau):
    with system_scope("test"):
        make_cycle(tianjin, hosted(rights=["clear", "decide"], awaited=False))
        host = CycleHost.objects.get(name=NAME)
        other = CycleHost.objects.exclude(name=NAME).get()
    assert (host.can_see, host.can_clear, host.can_decide, host.is_awaited) == (True, True, True, False)
    assert (other.can_see, other.can_clear, other.can_decide, other.is_awaited) == (False, False, False, True)


@pytest.mark.parametrize("state", EntryState)
def test_host_sees_entries_from_the_federations_desk_on(tianjin, cycle, bureau, state):
    with system_scope("test"):
        make_entry(cycle, tianjin.filer, state)
    expected = int(state in SHOWN_TO_HOSTS)
    assert counts(bureau, Entry) == expected
    assert counts(bureau, EntryVersion) == expected
    assert (counts(bureau, Attachment) > 0) == bool(expected)


def test_host_sees_nothing_of_other_cycles_trees_or_rights(tianjin, hebei, cycle, bureau):
    with system_scope("test"):
        other = make_cycle(tianjin, "small-work")
        make_entry(other, tianjin.filer, EntryState.RECOMMENDED)
        make_entry(make_cycle(hebei, hosted()), hebei.filer, EntryState.RECOMMENDED)
        mine = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
        Clearance.objects.create(entry=mine, key="check", title="审查")
    with scope(scope_of(bureau)):
        assert list(Entry.objects.all()) == [mine]
    for model in (ConsentRecord, Clearance, Membership):
        with system_scope("test"):
            assert model.objects.count() > 0
        with scope(scope_of(bureau)):
            assert model.objects.exclude(**({"user": bureau.user} if model is Membership else {"pk": 0})).count() == 0
    with system_scope("test"):
        CycleHost.objects.update(can_see=False)
    assert counts(bureau, Entry) == 0
    assert counts(bureau, AuditEvent) == 0


def test_two_hosts_do_not_double_a_row(tianjin, cycle, bureau):
    with system_scope("test"):
        second = make_organisation(OrganisationKind.DEPARTMENT, "市发展和改革委员会", tianjin.municipal)
        CycleHost.objects.filter(organisation=None).update(organisation=second, can_see=True)
        make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
    assert counts(bureau, Entry) == 1


def all_subclasses(cls):
    return {sub for child in cls.__subclasses__() for sub in ({child} | all_subclasses(child))}


def test_guests_change_nothing_for_the_other_desks(tianjin):
    """For every tenant model the condition of a desk that is no guest is what it was before there were guests."""
    models = [m for m in all_subclasses(ScopedModel) if not m._meta.abstract]
    assert len(models) > 30
    guests = {m.__name__ for m in models if m.scope_guest and m._meta.app_label == "lifecycle"}
    assert guests == {
        "Attachment",
        "Countersignature",
        "CycleHost",
        "Entry",
        "EntryVersion",
        "HostOpinion",
        "Selection",
        "SelectionRound",
    }
    for actor in tianjin.actors.values():
        kind = scope_of(actor)
        assert not getattr(kind, "is_guest", False)
        for model in models:
            assert "hosts" not in str(scope_condition(model, kind))
    path = tianjin.municipal.path
    assert (
        str(scope_condition(Entry, OrgScope(path)))
        == f"(OR: ('organisation__path', '{path}'), ('route_path__startswith', '{path}'))"
    )


def test_host_stands_in_nobodys_place(tianjin, cycle, bureau):
    with system_scope("test"):
        entry = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
    assert not is_municipal(bureau)
    for action in ("entry.endorse", "entry.disqualify", "entry.reveal", "entry.edit", "cycle.run", "clearance.record"):
        assert not may(bureau, action, entry), action
    assert not may(bureau, "reference.holidays")


def test_host_reads_an_entry_at_its_own_desk(tianjin, cycle, bureau, desk_client):
    with system_scope("test"):
        shown = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED, title="联合主办可见的成果")
        hidden = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, title="还在推荐的成果")
    client = desk_client(bureau)
    page = client.get(shown.get_absolute_url())
    assert page.status_code == 200
    assert "联合主办可见的成果" in page.content.decode()
    assert client.get(hidden.get_absolute_url()).status_code == 404
    listed = client.get(reverse("lifecycle:entry.list")).content.decode()
    assert "联合主办可见的成果" in listed
    assert "还在推荐的成果" not in listed


@pytest.mark.row(99)
def test_call_names_all_hosts(cycle, client):
    page = client.get(reverse("awards:public.call", kwargs={"pk": cycle.pk})).content.decode()
    assert NAME in page
    assert "市发展和改革委员会" in page


@pytest.mark.usefixtures("all_rows")
def test_edition_of_a_union_below_does_not_borrow_the_hosts(tianjin):
    assert make_edition(tianjin, tianjin.district_manager, now=timezone.now()).rules.hosts == ()


def test_department_is_not_offered_to_open_cycles(bureau, desk_client):
    client = desk_client(bureau)
    assert "开设届次</span>" not in client.get(reverse("lifecycle:cycle.list")).content.decode()
    assert client.get(reverse("lifecycle:cycle.create")).status_code == 403
