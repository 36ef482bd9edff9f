"""联审: a co-host speaks for itself; the owner sees who is missing and goes on against a refusal only with a reason."""

from __future__ import annotations

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Invalid, Refused
from portal.core.policies import may
from portal.core.scoping import scope, system_scope
from portal.lifecycle.clearance.domain import Answer, record_opinions, request_clearances
from portal.lifecycle.clearance.guards import clearance_of
from portal.lifecycle.clearance.opinions.domain import HostAnswer, give_opinion, overrule
from portal.lifecycle.clearance.opinions.models import HostOpinion
from portal.lifecycle.clearance.queries import entries_in_clearance
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.worklist.queries import work_of
from tests.factories.entries import PDF, make_cycle, make_entry
from tests.factories.hosts import BUREAU, as_guest, make_bureau, make_host
from tests.factories.people import Tree, make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(tianjin):
    return make_bureau(tianjin)


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "five-small-top20", stage="clearance")


@pytest.fixture
def entry(tianjin, cycle):
    entry = make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED)
    request_clearances(entry=entry)
    return entry


def say(actor, entry, verdict="agreed", note="", **fields):
    with as_guest(actor):
        answer = HostAnswer(verdict, note, **fields)
        return give_opinion(entry=entry, answer=answer, actor=actor, now=timezone.now())


def agree_to_checks(tree, entry):
    """The owner's own checks are all fine."""
    with scope(scope_of(tree.manager)):
        answers = {row.key: Answer("agreed") for row in entry.clearances.all()}
        record_opinions(entry=Entry.objects.get(pk=entry.pk), answers=answers, actor=tree.manager, now=timezone.now())


def decision(entry):
    with system_scope("test"):
        return clearance_of(Entry.objects.select_related("cycle").get(pk=entry.pk))


def kinds(actor):
    with scope(scope_of(actor)):
        return {kind.source.key for kind in work_of(actor, now=timezone.now()).kinds}


def test_entry_waits_until_the_co_host_has_spoken(tianjin, bureau, cycle, entry):
    with system_scope("test"):
        make_host(cycle, bureau, "see", "clear")
        cycle.stages.filter(kind="review").update(status="open", opens_at=timezone.now())
    agree_to_checks(tianjin, entry)
    assert "还没有出具意见" in decision(entry).message
    with scope(scope_of(tianjin.manager)), pytest.raises(Refused, match=BUREAU):
        perform(entry.pk, "begin_review", actor=tianjin.manager, now=timezone.now())
    opinion = say(bureau, entry, "unknown")
    assert decision(entry)
    with scope(scope_of(tianjin.manager)):
        assert perform(entry.pk, "begin_review", actor=tianjin.manager, now=timezone.now()).state == "in_review"
    with system_scope("test"):
        event = AuditEvent.objects.get(action="lifecycle.opinion.given")
    assert event.object_id == opinion.pk
    assert (event.after["verdict"], event.actor_id) == ("unknown", bureau.user_id)


@pytest.mark.parametrize("who", ["not awaited", "no desk", "only sight", "ended"])
def test_entry_waits_for_nobody_else(tianjin, bureau, cycle, entry, who):
    with system_scope("test"):
        match who:
            case "not awaited":
                make_host(cycle, bureau, "see", "clear", is_awaited=False)
            case "no desk":
                make_host(cycle, None, "see", "clear")
            case "only sight":
                make_host(cycle, bureau, "see")
            case "ended":
                make_host(cycle, bureau, "see", "clear", ended_at=timezone.now())
    agree_to_checks(tianjin, entry)
    assert decision(entry)


def test_refusal_needs_a_reason_and_the_owners_answer_before_the_entry_goes_on(tianjin, bureau, cycle, entry):
    with system_scope("test"):
        make_host(cycle, bureau, "see", "clear")
    agree_to_checks(tianjin, entry)
    with pytest.raises(Invalid) as caught:
        say(bureau, entry, "refused")
    assert "note" in caught.value.fields
    opinion = say(bureau, entry, "refused", "近三年有欠薪记录")
    assert "主办工会写明理由后方可继续" in decision(entry).message
    assert "opinion.overrule" in kinds(tianjin.manager)
    with scope(scope_of(tianjin.manager)):
        with pytest.raises(Invalid):
            overrule(opinion=opinion, actor=tianjin.manager, now=timezone.now(), reason=" ")
        overrule(opinion=opinion, actor=tianjin.manager, now=timezone.now(), reason="欠薪已于去年结清，有证明")
        assert AuditEvent.objects.get(action="lifecycle.opinion.overruled").data["reason"].startswith("欠薪已于")
        with pytest.raises(Refused):  # once is enough
            overrule(opinion=opinion, actor=tianjin.manager, now=timezone.now(), reason="再说一次")
    assert decision(entry)
    assert "opinion.overrule" not in kinds(tianjin.manager)
    say(bureau, entry, "refused", "证明不实")  # another word takes the owner's answer back
    assert not decision(entry)


def test_saying_the_same_again_writes_nothing(tianjin, bureau, cycle, entry):
    with system_scope("test"):
        make_host(cycle, bureau, "see", "clear")
    first = say(bureau, entry)
    again = say(bureau, entry)
    assert first.pk == again.pk
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.opinion.given").count() == 1


def test_scan_is_checked_by_its_content_and_served_to_both_sides(tianjin, hebei, cycle, entry, desk_client):
    with system_scope("test"):
        host = make_host(cycle, hebei.manager, "see", "clear")
    fake = SimpleUploadedFile("意见.pdf", b"<html>not a pdf</html>")
    with pytest.raises(Invalid) as caught:
        say(hebei.manager, entry, upload=fake)
    assert "scan" in caught.value.fields
    guest = desk_client(hebei.manager)
    url = reverse("lifecycle:joint.entry", kwargs={"pk": host.pk, "code": entry.code})
    scan = SimpleUploadedFile("意见.pdf", PDF, content_type="application/pdf")
    assert guest.post(url, {"verdict": "agreed", "note": "", "scan": scan}).status_code == 302
    with system_scope("test"):
        opinion = HostOpinion.objects.get()
    assert opinion.file_name == "意见.pdf"
    assert guest.get(reverse("lifecycle:joint.scan", kwargs={"pk": opinion.pk})).status_code == 200
    owner_scan = reverse("lifecycle:clearance.scan", kwargs={"pk": opinion.pk})
    assert desk_client(tianjin.checker).get(owner_scan).status_code == 200
    for actor in (tianjin.district_manager, tianjin.filer):
        assert desk_client(actor).get(owner_scan).status_code in {403, 404}


def test_who_may_speak(tianjin, hebei, bureau, cycle, entry):
    with system_scope("test"):
        make_host(cycle, bureau, "see", "clear")
        make_host(cycle, hebei.manager, "see")
        here = CycleHost.objects.get(organisation_id=bureau.desk.organisation_id).organisation
        checker, auditor = make_actor(here, Role.CHECKER), make_actor(here, Role.AUDITOR)
        entry = Entry.objects.select_related("cycle__owner").get(pk=entry.pk)
        assert may(bureau, "opinion.give", entry)
        assert may(checker, "opinion.give", entry)
        for actor in (auditor, hebei.manager, hebei.checker, *tianjin.actors.values()):
            assert not may(actor, "opinion.give", entry), actor
        entry.state = EntryState.SELECTED
        assert may(bureau, "opinion.give", entry).code == "closed"


def test_opinion_on_an_entry_that_is_not_shown_is_as_if_it_did_not_exist(tianjin, bureau, cycle):
    with system_scope("test"):
        make_host(cycle, bureau, "see", "clear")
        early = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED)
    with pytest.raises(Entry.DoesNotExist):
        say(bureau, early)


def test_many_entries_are_agreed_to_at_once(tianjin, bureau, cycle, desk_client):
    with system_scope("test"):
        host = make_host(cycle, bureau, "see", "clear")
        entries = [make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED) for _ in range(3)]
        late = make_entry(cycle, tianjin.filer, EntryState.SELECTED)
    client = desk_client(bureau)
    assert "joint.opinion" in kinds(bureau)
    data = {"selected": [e.pk for e in [*entries, late]]}
    preview = client.post(reverse("lifecycle:joint.agree"), data)
    assert preview.status_code == 200
    done = client.post(reverse("lifecycle:joint.agree"), data | {"confirmed": "1", "note": "经核，无异议"})
    assert done.url == reverse("lifecycle:joint.entries", kwargs={"pk": host.pk})
    with system_scope("test"):
        assert HostOpinion.objects.filter(verdict="agreed", note="经核，无异议").count() == 3
    assert "joint.opinion" not in kinds(bureau)
    waiting = client.get(done.url, {"verdict": "waiting"}).content.decode()
    assert "没有符合条件的记录" in waiting


def test_owner_sees_what_is_missing_in_list_and_at_the_entry(tianjin, bureau, cycle, entry, desk_client):
    with system_scope("test"):
        make_host(cycle, bureau, "see", "clear")
        make_host(cycle, make_bureau(tianjin, "市应急管理局"), "see", "clear")
    say(bureau, entry, "refused", "经核实有安全事故")
    client = desk_client(tianjin.manager)
    listed = client.get(reverse("lifecycle:clearance.list")).content.decode()
    assert "1/2 已出具，1 不同意" in listed
    for url in (reverse("lifecycle:clearance.record", kwargs={"code": entry.code}), entry.get_absolute_url()):
        page = client.get(url).content.decode()
        for text in ("市应急管理局", "待出具", "经核实有安全事故", str(bureau.user), "写明理由，继续办理"):
            assert text in page, text
    with scope(scope_of(tianjin.manager)):
        row = entries_in_clearance(actor=tianjin.manager).get()
    assert (row.hosts_asked, row.hosts_spoken, row.hosts_against) == (2, 1, 1)
    with system_scope("test"):
        opinion = HostOpinion.objects.get()
    url = reverse("lifecycle:clearance.overrule", kwargs={"pk": opinion.pk})
    assert client.post(url, {"reason": "事故责任已查清，与本项目无关"}).status_code == 302
    assert "事故责任已查清" in client.get(entry.get_absolute_url()).content.decode()


def test_unit_never_learns_what_a_co_host_said(tianjin, bureau, cycle, entry, desk_client):
    with system_scope("test"):
        make_host(cycle, bureau, "see", "clear")
    say(bureau, entry, "refused", "内部核查意见")
    for actor in (tianjin.filer, tianjin.district_checker):
        assert "内部核查意见" not in desk_client(actor).get(entry.get_absolute_url()).content.decode()


def test_joint_entries_of_a_desk_without_the_right_show_no_box(tianjin, hebei, cycle, entry, desk_client):
    with system_scope("test"):
        host = make_host(cycle, hebei.manager, "see")
    client = desk_client(hebei.manager)
    url = reverse("lifecycle:joint.entry", kwargs={"pk": host.pk, "code": entry.code})
    assert "本单位意见" not in client.get(url).content.decode()
    assert client.post(url, {"verdict": "agreed"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_people_of_one_co_host_leave_one_opinion():
    with system_scope("fixture"):
        tree = Tree("天津市")
        first = make_bureau(tree)
        cycle = make_cycle(tree, "five-small-top20", stage="clearance")
        host = make_host(cycle, first, "see", "clear")
        second = make_actor(host.organisation, Role.CHECKER)
        entry = make_entry(cycle, tree.filer, EntryState.RECOMMENDED)
    barrier, results = threading.Barrier(2), []

    def work(actor, verdict):
        try:
            barrier.wait()
            results.append(say(actor, entry, verdict, "经核实"))
        except Exception as error:  # noqa: BLE001 -- the test looks at what came out
            results.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=args) for args in ((first, "agreed"), (second, "refused"))
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({r.pk for r in results}) == 1
    with system_scope("test"):
        assert HostOpinion.objects.count() == 1
        assert AuditEvent.objects.filter(action="lifecycle.opinion.given").count() == 2
