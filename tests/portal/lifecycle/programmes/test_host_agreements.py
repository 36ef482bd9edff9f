"""联合主办: the owner agrees on rights, the co-host confirms; another municipal root sees exactly what was agreed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.models import Membership, Organisation
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import may
from portal.core.scoping import ScopedModel, scope, scope_condition, system_scope
from portal.lifecycle.clearance.models import Clearance
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.content import answers_of, first_person
from portal.lifecycle.entries.models import SHOWN_TO_HOSTS, Attachment, ConsentRecord, Entry, EntryVersion
from portal.lifecycle.programmes.announcement_models import CycleAnnouncement
from portal.lifecycle.programmes.domain.copying import copy_cycle
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.programmes.hosts import domain, queries
from portal.lifecycle.programmes.hosts.domain import Agreement
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, QuotaAllocation
from portal.lifecycle.worklist.queries import work_of
from tests.factories.entries import definition_of, make_attachment, make_cycle, make_entry
from tests.factories.hosts import BUREAU, as_guest, make_bureau, make_host
from tests.factories.people import make_actor

pytestmark = pytest.mark.django_db
WHY = "经主席办公会研究"


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "small-work")


@pytest.fixture
def bureau(tianjin):
    return make_bureau(tianjin)


def desk_of(actor) -> Organisation:
    return Organisation.objects.get(pk=actor.desk.organisation_id)


def add(tree, cycle, actor, *rights, **fields):
    agreement = Agreement(fields.pop("name", "") or desk_of(actor).name, desk_of(actor), rights, **fields)
    return domain.add_host(cycle=cycle, agreement=agreement, actor=tree.manager, now=timezone.now(), reason=WHY)


# --- agreeing ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("all_rows")
def test_added_host_is_named_by_the_rules_audited_and_told(tianjin, cycle, bureau):
    host = add(tianjin, cycle, bureau, "clear")
    assert (host.can_see, host.can_clear, host.can_decide) == (True, True, False)
    fresh = Cycle.objects.get(pk=cycle.pk)
    assert [(h.name, [str(r) for r in h.rights]) for h in fresh.rules.hosts] == [(BUREAU, ["see", "clear"])]
    event = AuditEvent.objects.get(action="lifecycle.host.added")
    assert event.data["reason"] == WHY
    assert event.after["rights"] == ["see", "clear"]
    told = CycleAnnouncement.objects.get(cycle=cycle, kind="hosts")
    assert told.recipients.filter(organisation_id=bureau.desk.organisation_id).exists()
    assert not told.is_public


@pytest.mark.usefixtures("all_rows")
def test_experts_are_not_told_who_hosts(tianjin, cycle, bureau):
    stage = cycle.stages.get(kind="review")
    panel = stage.panels.create(name="综合评审组")
    panel.members.create(expert=tianjin.expert.user)
    add(tianjin, cycle, bureau, "see")
    told = CycleAnnouncement.objects.get(cycle=cycle, kind="hosts")
    assert told.recipients.exists()
    assert not told.recipients.exclude(user=None).exists()


@pytest.mark.usefixtures("all_rows")
def test_changed_rights_ask_for_another_confirmation(tianjin, cycle, bureau):
    host = add(tianjin, cycle, bureau, "see")
    assert list(queries.unacknowledged(actor=bureau)) == [host]
    domain.acknowledge(host=host, actor=bureau, now=timezone.now())
    domain.acknowledge(host=host, actor=bureau, now=timezone.now())
    assert AuditEvent.objects.filter(action="lifecycle.host.acknowledged").count() == 1
    assert not queries.unacknowledged(actor=bureau).exists()
    agreement = Agreement(BUREAU, desk_of(bureau), ("see", "decide"))
    changed = domain.change_host(
        host=host, agreement=agreement, actor=tianjin.manager, now=timezone.now(), reason=WHY
    )  # fmt: skip
    assert changed.can_decide
    assert changed.acknowledged_at is None
    with pytest.raises(Invalid, match="没有需要保存的改动"):
        domain.change_host(host=changed, agreement=agreement, actor=tianjin.manager, now=timezone.now(), reason=WHY)


@pytest.mark.usefixtures("all_rows")
def test_ended_host_sees_nothing_more_and_may_come_back(tianjin, cycle, bureau):
    host = add(tianjin, cycle, bureau, "see")
    make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
    with scope(scope_of(bureau)):
        assert Entry.objects.count() == 1
    domain.end_host(host=host, actor=tianjin.manager, now=timezone.now(), reason=WHY)
    with scope(scope_of(bureau)):
        assert Entry.objects.count() == 0
    assert Cycle.objects.get(pk=cycle.pk).rules.hosts == ()
    with pytest.raises(Conflict):
        domain.end_host(host=host, actor=tianjin.manager, now=timezone.now(), reason=WHY)
    add(tianjin, cycle, bureau, "see")
    with scope(scope_of(bureau)):
        assert Entry.objects.count() == 1


@pytest.mark.usefixtures("all_rows")
@pytest.mark.parametrize("wrong", ["name", "same_name", "same_desk", "desk", "reason"])
def test_agreement_is_refused_beside_the_field(tianjin, cycle, bureau, wrong):
    add(tianjin, cycle, bureau, "see")
    other = make_bureau(tianjin, "市发展和改革委员会")
    name, desk, reason, field = {
        "name": (" ", desk_of(other), WHY, "name"),
        "same_name": (BUREAU, desk_of(other), WHY, "name"),
        "same_desk": ("另一名称", desk_of(bureau), WHY, "organisation"),
        "desk": ("东区总工会", tianjin.district, WHY, "organisation"),
        "reason": ("市发展和改革委员会", desk_of(other), " ", "reason"),
    }[wrong]
    with pytest.raises(Invalid) as caught:
        domain.add_host(
            cycle=cycle, agreement=Agreement(name, desk, ("see",)), actor=tianjin.manager, now=timezone.now(),
            reason=reason,
        )  # fmt: skip
    assert field in caught.value.fields
    assert CycleHost.objects.filter(cycle=cycle).count() == 1


@pytest.mark.usefixtures("all_rows")
def test_only_the_owners_manager_agrees_and_only_while_the_cycle_lives(tianjin, hebei, cycle, bureau):
    for actor in (tianjin.checker, tianjin.district_manager, tianjin.supervisor, hebei.manager, bureau):
        assert not may(actor, "joint.manage", cycle)
        with pytest.raises(Refused):
            domain.add_host(
                cycle=cycle, agreement=Agreement("甲局"), actor=actor, now=timezone.now(), reason=WHY
            )  # fmt: skip
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.FINISHED)
    with pytest.raises(Conflict):
        add(tianjin, cycle, bureau, "see")


@pytest.mark.usefixtures("all_rows")
def test_opening_a_cycle_never_matches_another_root_by_its_name(tianjin, hebei):
    definition = definition_of("small-work") | {"hosts": [{"name": hebei.municipal.name, "rights": ["see", "decide"]}]}
    definition["programme"] = definition["programme"] | {"code": "three-places"}
    cycle = make_cycle(tianjin, definition)
    host = CycleHost.objects.get(cycle=cycle)
    assert host.organisation is None
    assert host.can_decide
    assert hebei.municipal in queries.possible_desks(cycle)
    assert tianjin.municipal not in queries.possible_desks(cycle)


@pytest.mark.usefixtures("all_rows")
def test_next_cycle_takes_the_agreement_over_and_asks_for_confirmation(tianjin, hebei, cycle, bureau):
    add(tianjin, cycle, bureau, "see", "clear", is_awaited=False)
    ended = add(tianjin, cycle, hebei.manager, "see")
    domain.end_host(host=ended, actor=tianjin.manager, now=timezone.now(), reason=WHY)
    CycleHost.objects.update(acknowledged_at=timezone.now())
    following = copy_cycle(
        cycle=Cycle.objects.get(pk=cycle.pk), year=cycle.year + 1, start_date=dt.date(cycle.year + 1, 3, 2),
        actor=tianjin.manager, now=timezone.now(),
    )  # fmt: skip
    (host,) = CycleHost.objects.filter(cycle=following)
    assert (host.organisation_id, host.can_clear, host.is_awaited) == (bureau.desk.organisation_id, True, False)
    assert host.acknowledged_at is None
    assert [h.name for h in following.rules.hosts] == [BUREAU]
    assert CycleHost.objects.filter(cycle=cycle, ended_at=None).count() == 1


# --- two trees -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", EntryState)
def test_other_root_sees_exactly_the_agreed_cycles_agreed_states(tianjin, hebei, cycle, state):
    with system_scope("test"):
        make_host(cycle, hebei.manager, "see")
        shared = make_entry(cycle, tianjin.filer, state)
        make_entry(make_cycle(tianjin, "five-small-top20"), tianjin.filer, state)  # not agreed
    expected = [shared.pk] if state in SHOWN_TO_HOSTS else []
    with as_guest(hebei.manager):
        assert list(Entry.objects.values_list("pk", flat=True)) == expected
        assert set(EntryVersion.objects.values_list("entry_id", flat=True)) <= set(expected)
        assert set(Attachment.objects.values_list("entry_id", flat=True)) <= set(expected)
    with scope(scope_of(hebei.manager)):  # its own pages never show the other tree
        assert not Entry.objects.exists()


def test_other_root_sees_nothing_else_of_the_tree(tianjin, hebei, cycle):
    with system_scope("test"):
        make_host(cycle, hebei.manager, "see", "clear", "decide")
        make_host(cycle, make_bureau(tianjin), "see")
        entry = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
        Clearance.objects.create(entry=entry, key="check", title="审查")
        QuotaAllocation.objects.create(cycle=cycle, organisation=tianjin.district, count=3)
        hidden = (Clearance, ConsentRecord, QuotaAllocation, AuditEvent, Cycle, CycleStage)
        for model in hidden:
            assert model.objects.exists(), model
    for kind in (scope_of(hebei.manager), scope_of(hebei.manager, as_guest=True)):
        with scope(kind):
            for model in hidden:
                assert not model.objects.exists(), model
            assert not Organisation.objects.filter(path__startswith=tianjin.municipal.path).exists()
            assert not Membership.objects.filter(organisation__path__startswith=tianjin.municipal.path).exists()
            assert CycleHost.objects.count() == 1  # its own agreement, not the bureau's


def test_only_desks_of_the_other_root_itself_are_guests(tianjin, hebei, cycle):
    """A district of the other root, its units and its experts get nothing by the agreement."""
    with system_scope("test"):
        make_host(cycle, hebei.manager, "see")
        make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
    for name, actor in hebei.actors.items():
        with as_guest(actor):
            at_root = actor.path == hebei.municipal.path and actor.desk.role != Role.EXPERT
            assert Entry.objects.exists() == at_root, name


def test_owner_looks_at_the_joint_pages_as_a_guest_too(tianjin, cycle):
    with system_scope("test"):
        make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
    with as_guest(tianjin.manager):
        assert not Entry.objects.exists()


def test_no_condition_of_other_desks_mentions_hosts(tianjin):
    models = {m for m in _all(ScopedModel) if not m._meta.abstract and m.__name__ in {"Entry", "SelectionRound"}}
    for actor in tianjin.actors.values():
        for model in models:
            assert "hosts" not in str(scope_condition(model, scope_of(actor)))


def _all(cls):
    return {sub for child in cls.__subclasses__() for sub in ({child} | _all(child))}


# --- pages ---------------------------------------------------------------------------------------------------------


def test_joint_pages_of_another_root_show_the_agreed_cycle_only(tianjin, hebei, cycle, desk_client):
    with system_scope("test"):
        host = make_host(cycle, hebei.manager, "see")
        other = make_cycle(tianjin, "five-small-top20")
        foreign = make_host(other, make_bureau(tianjin), "see")
        entry = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED, title="三地共看的成果")
        elsewhere = make_entry(other, tianjin.filer, EntryState.RECOMMENDED, title="不给看的成果")
    client = desk_client(hebei.manager)
    listed = client.get(reverse("lifecycle:joint.list")).content.decode()
    assert str(cycle) in listed
    assert str(other) not in listed
    assert client.get(host.get_absolute_url()).status_code == 200
    assert client.get(foreign.get_absolute_url()).status_code == 404
    url = reverse("lifecycle:joint.entries", kwargs={"pk": host.pk})
    assert "三地共看的成果" in client.get(url).content.decode()
    page = client.get(reverse("lifecycle:joint.entry", kwargs={"pk": host.pk, "code": entry.code}))
    assert page.status_code == 200
    hidden = reverse("lifecycle:joint.entry", kwargs={"pk": host.pk, "code": elsewhere.code})
    assert client.get(hidden).status_code == 404
    assert client.get(reverse("lifecycle:joint.entries", kwargs={"pk": foreign.pk})).status_code == 404
    # the owner's own pages of the same entry stay closed
    assert client.get(entry.get_absolute_url()).status_code == 404
    for name in ("cycle.hosts", "cycle.detail"):
        assert client.get(reverse(f"lifecycle:{name}", kwargs={"pk": cycle.pk})).status_code == 404
    for name in ("entry.list", "worklist.home"):
        assert "三地共看的成果" not in client.get(reverse(f"lifecycle:{name}")).content.decode()


def test_co_host_reads_numbers_masked(tianjin, hebei, cycle, desk_client):
    with system_scope("test"):
        host = make_host(cycle, hebei.manager, "see", "clear")
        entry = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
        number = first_person(cycle.rules, answers_of(entry))
    assert len(number) == 18
    client = desk_client(hebei.manager)
    page = client.get(reverse("lifecycle:joint.entry", kwargs={"pk": host.pk, "code": entry.code})).content.decode()
    assert number not in page
    assert number[:4] in page
    reveal = reverse("lifecycle:entry.reveal", kwargs={"code": entry.code})
    assert client.post(reveal).status_code == 404


def test_co_host_opens_the_agreed_entrys_files_only(tianjin, hebei, cycle, desk_client):
    with system_scope("test"):
        host = make_host(cycle, hebei.manager, "see")
        entry = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
        draft = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED)
        file, hidden = entry.attachments.first(), draft.attachments.first()
    client = desk_client(hebei.manager)
    kwargs = {"pk": host.pk, "code": entry.code, "file": file.pk}
    assert client.get(reverse("lifecycle:joint.file", kwargs=kwargs)).status_code == 200
    for code, pk in ((draft.code, hidden.pk), (entry.code, hidden.pk)):
        wrong = {"pk": host.pk, "code": code, "file": pk}
        assert client.get(reverse("lifecycle:joint.file", kwargs=wrong)).status_code == 404


def test_sealed_scans_show_numbers_in_clear_and_stay_hidden_from_co_hosts(tianjin, hebei, bureau, cycle, desk_client):
    with system_scope("test"):
        host, own = make_host(cycle, hebei.manager, "see"), make_host(cycle, bureau, "see")
        entry = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
        sealed = make_attachment(entry, tianjin.filer, "sealed_form", "盖章申报表.png")
    for actor, hosting in ((hebei.manager, host), (bureau, own)):
        client, kwargs = desk_client(actor), {"pk": hosting.pk, "code": entry.code}
        page = client.get(reverse("lifecycle:joint.entry", kwargs=kwargs)).content.decode()
        assert "现场照片.png" in page
        assert "盖章申报表.png" not in page
        url = reverse("lifecycle:joint.file", kwargs=kwargs | {"file": sealed.pk})
        assert client.get(url).status_code == 404
    client, kwargs = desk_client(bureau), {"code": entry.code}
    for name in ("detail", "attachments", "files"):
        url = reverse(f"lifecycle:entry.{name}", kwargs=kwargs)
        assert "盖章申报表.png" not in client.get(url).content.decode(), name
    url = reverse("lifecycle:entry.attachment", kwargs=kwargs | {"pk": sealed.pk})
    assert client.get(url).status_code == 404
    assert desk_client(tianjin.manager).get(url).status_code == 200


def test_owner_agrees_in_the_browser_and_the_other_root_confirms(tianjin, hebei, cycle, desk_client):
    owner, guest = desk_client(tianjin.manager), desk_client(hebei.manager)
    assert "本届由本会单独主办" in owner.get(reverse("lifecycle:cycle.hosts", kwargs={"pk": cycle.pk})).content.decode()
    data = {"name": "河北省总工会", "organisation": hebei.municipal.pk, "rights": ["see", "clear"], "reason": WHY}
    url = reverse("lifecycle:cycle.host_add", kwargs={"pk": cycle.pk})
    assert owner.post(url, data | {"reason": ""}).status_code == 422
    assert owner.post(url, data).status_code == 302
    with system_scope("test"):
        host = CycleHost.objects.get(cycle=cycle)
    with scope(scope_of(hebei.manager)):
        work = work_of(hebei.manager, now=timezone.now())
    assert {kind.source.key for kind in work.kinds} == {"joint.acknowledge"}
    assert guest.post(reverse("lifecycle:joint.acknowledge", kwargs={"pk": host.pk})).status_code == 302
    assert "已确认" in owner.get(reverse("lifecycle:cycle.hosts", kwargs={"pk": cycle.pk})).content.decode()
    edit = reverse("lifecycle:cycle.host_edit", kwargs={"pk": host.pk})
    assert owner.post(edit, data | {"rights": ["see", "clear", "decide"]}).status_code == 302
    assert owner.post(reverse("lifecycle:cycle.host_end", kwargs={"pk": host.pk}), {"reason": WHY}).status_code == 302
    assert guest.get(host.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_lists_of_a_co_host_cost_the_same_however_long(tianjin, bureau, desk_client, django_assert_num_queries, n):
    with system_scope("test"):
        for year in range(2026, 2026 + n):
            cycle = make_cycle(tianjin, "small-work", year=year)
            host = make_host(cycle, bureau, "see", "clear", "decide")
            for _ in range(n):
                make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
    client = desk_client(bureau)
    urls = (reverse("lifecycle:joint.list"), reverse("lifecycle:joint.entries", kwargs={"pk": host.pk}))
    for url, queries_needed in zip(urls, (3, 4), strict=True):
        client.get(url)
        with django_assert_num_queries(queries_needed):
            assert client.get(url).status_code == 200


def test_empty_list_says_what_will_be_here(tianjin, desk_client):
    page = desk_client(tianjin.manager).get(reverse("lifecycle:joint.list")).content.decode()
    assert "还没有联合主办的届次" in page
    assert (
        desk_client(make_actor(tianjin.district, Role.MANAGER)).get(reverse("lifecycle:joint.list")).status_code == 403
    )
