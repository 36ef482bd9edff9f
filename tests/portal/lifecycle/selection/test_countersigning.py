"""会签: no list is approved before every co-host that decides too has agreed to exactly this list."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.policies import may
from portal.core.scoping import scope, system_scope
from portal.lifecycle.clearance.domain import request_clearances
from portal.lifecycle.clearance.models import Clearance
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.models import Assignment, Score
from portal.lifecycle.selection import domain
from portal.lifecycle.selection.countersigning.domain import answer_refusal, countersign
from portal.lifecycle.selection.countersigning.models import Countersignature
from portal.lifecycle.selection.countersigning.queries import signing_of
from portal.lifecycle.selection.models import RoundStatus, Selection, SelectionRound
from portal.lifecycle.worklist.queries import work_of
from tests.factories.entries import make_cycle, make_entry
from tests.factories.hosts import as_guest, make_bureau, make_host
from tests.factories.people import Tree, make_actor
from tests.factories.rounds import Case
from tests.factories.shapes import shape

NOTE = "主席办公会审议通过"


@pytest.fixture
def case(tianjin):
    return Case(tianjin)


@pytest.fixture
def bureau(tianjin):
    return make_bureau(tianjin)


def host(case, actor, *rights):
    with system_scope("fixture"):
        return make_host(case.cycle, actor, *rights)


def sign(actor, round_, verdict="agreed", reason="", seen=None):
    with as_guest(actor):
        seen = round_.list_sha256 if seen is None else seen
        return countersign(
            round_=round_, verdict=verdict, reason=reason, seen=seen, actor=actor, now=timezone.now()
        )  # fmt: skip


def approve(case, round_):
    return case.act(domain.approve_round, round_=round_, note=NOTE)


def kinds(actor):
    with scope(scope_of(actor)):
        return {kind.source.key for kind in work_of(actor, now=timezone.now()).kinds}


def test_round_is_approved_only_when_every_deciding_co_host_agreed(case, hebei, bureau):
    host(case, bureau, "see", "decide")
    host(case, hebei.manager, "see", "decide")
    host(case, make_bureau(case.tree, "市应急管理局"), "see", "clear")  # no say in the decision
    with system_scope("fixture"):
        make_host(case.cycle, None, "see", "decide", name="市发展和改革委员会")  # signs on paper
    round_ = case.produce()
    assert "joint.sign" in kinds(bureau)
    assert "joint.sign" in kinds(hebei.manager)
    with pytest.raises(Conflict, match=r"尚未会签"):
        approve(case, round_)
    sign(bureau, round_)
    assert "joint.sign" not in kinds(bureau)
    with pytest.raises(Conflict, match="河北省总工会"):
        approve(case, round_)
    assert case.states() == [EntryState.REVIEWED] * 4
    sign(hebei.manager, round_)
    assert approve(case, round_).status == RoundStatus.APPROVED
    with system_scope("test"):
        events = AuditEvent.objects.filter(action="lifecycle.countersign.agreed")
        assert {event.actor_id for event in events} == {bureau.user_id, hebei.manager.user_id}
        assert {event.data["list_sha256"] for event in events} == {round_.list_sha256}


def test_round_without_deciding_co_hosts_needs_nobody(case, bureau):
    host(case, bureau, "see", "clear")
    assert approve(case, case.produce()).status == RoundStatus.APPROVED


def test_refusal_stops_the_round_until_the_co_host_reconsiders(case, bureau):
    host(case, bureau, "see", "decide")
    round_ = case.produce()
    with pytest.raises(Invalid) as caught:
        sign(bureau, round_, "refused")
    assert "reason" in caught.value.fields
    refusal = sign(bureau, round_, "refused", "第二名有安全事故")
    with pytest.raises(Conflict, match="第二名有安全事故"):
        approve(case, round_)
    assert "countersign.answer" in kinds(case.tree.manager)
    assert "joint.sign" not in kinds(bureau)
    with pytest.raises(Invalid):
        case.act(answer_refusal, signature=refusal, answer=" ")
    case.act(answer_refusal, signature=refusal, answer="事故调查认定该单位无责")
    assert "countersign.answer" not in kinds(case.tree.manager)
    assert "joint.sign" in kinds(bureau)
    with pytest.raises(Conflict):  # an answer alone is no agreement
        approve(case, round_)
    with pytest.raises(Refused):
        case.act(answer_refusal, signature=refusal, answer="再答一次")
    sign(bureau, round_)
    assert approve(case, round_).status == RoundStatus.APPROVED


def test_co_host_may_change_its_word_until_the_approval(case, bureau):
    host(case, bureau, "see", "decide")
    round_ = case.produce()
    sign(bureau, round_)
    with pytest.raises(Conflict, match="已经代表"):
        sign(bureau, round_)
    sign(bureau, round_, "refused", "收到新的举报")
    with pytest.raises(Conflict, match="收到新的举报"):
        approve(case, round_)
    sign(bureau, round_)
    approve(case, round_)
    with pytest.raises(Refused, match="不能会签"):
        sign(bureau, round_, "refused", "太晚了")


def test_another_round_needs_other_countersignatures(case, bureau):
    host(case, bureau, "see", "decide")
    first = case.produce()
    sign(bureau, first)
    second = case.produce(number=2)
    with pytest.raises(Conflict, match="尚未会签"):
        approve(case, second)
    with pytest.raises(Conflict, match="变动或被取代"):
        sign(bureau, first, "refused", "旧的一轮")


def test_decision_on_a_line_voids_what_was_signed(tianjin, bureau):
    with system_scope("fixture"):
        cycle = make_cycle(tianjin, shape("batch_without_review"), stage="selection")
        entries = [make_entry(cycle, tianjin.filer, EntryState.RECOMMENDED) for _ in range(2)]
        for entry in entries:
            request_clearances(entry=entry)
        Clearance.objects.update(opinion="agreed")
        make_host(cycle, bureau, "see", "decide")
        stage = CycleStage.objects.select_related("cycle__owner").get(cycle=cycle, kind="selection")
    with scope(scope_of(tianjin.manager)):
        now = timezone.now()
        round_ = domain.produce_round(actor=tianjin.manager, stage_id=stage.pk, number=1, now=now)
        with as_guest(bureau):  # an unfinished list is not shown
            assert not SelectionRound.objects.exists()

        def decide(codes, outcome):
            return domain.decide_lines(
                actor=tianjin.manager, round_=round_, codes=codes, outcome=outcome, reason="会议研究", now=now
            )

        decided = decide([e.code for e in entries], "selected")
        sign(bureau, decided)
        changed = decide([entries[1].code], "not_selected")
        assert changed.list_sha256 != decided.list_sha256
        (line,) = signing_of(changed).lines
        assert line.signature is None
        assert line.void.verdict == "agreed"
        with pytest.raises(Conflict, match="尚未会签"):
            domain.approve_round(actor=tianjin.manager, round_=changed, note=NOTE, now=now)
        back = decide([entries[1].code], "selected")  # the very list that was signed
        assert back.list_sha256 == decided.list_sha256
        assert signing_of(back).lines[0].is_agreed
    with pytest.raises(Conflict, match="有变动"):
        sign(bureau, back, seen=changed.list_sha256)


def test_row_changed_behind_the_portal_cannot_be_signed_or_approved(case, bureau):
    host(case, bureau, "see", "decide")
    round_ = case.produce()
    sign(bureau, round_)
    with system_scope("test"):
        row = Selection.objects.filter(round=round_).order_by("rank").last()
        Selection.objects.filter(pk=row.pk).update(outcome="selected", order=3)
    with pytest.raises(Conflict, match="指纹不符"):
        approve(case, round_)
    with pytest.raises(Conflict, match="有变动"):
        sign(bureau, round_, "refused", "名单不对")


def test_who_may_countersign(case, hebei, bureau):
    agreed = host(case, bureau, "see", "decide")
    host(case, hebei.manager, "see", "clear")
    round_ = case.produce()
    with system_scope("test"):
        checker = make_actor(agreed.organisation, Role.CHECKER)
        round_ = SelectionRound.objects.select_related("stage__cycle__owner").get(pk=round_.pk)
        assert may(bureau, "countersign.sign", round_)
        assert may(checker, "countersign.view", round_)
        for actor in (checker, hebei.manager, *case.tree.actors.values()):
            assert not may(actor, "countersign.sign", round_), actor
        assert not may(bureau, "round.approve", round_)
        assert not may(bureau, "round.view", round_)


def test_guest_sees_complete_and_approved_lists_and_no_marks(case, hebei, bureau, desk_client):
    host(case, bureau, "see", "decide")
    with_sight = host(case, hebei.manager, "see")
    round_ = case.produce()
    with as_guest(bureau):
        assert list(SelectionRound.objects.all()) == [round_]
        assert Selection.objects.count() == 4
        for model in (Score, Assignment):
            assert not model.objects.exists()
    with as_guest(hebei.manager):
        assert not SelectionRound.objects.exists()
        assert not Selection.objects.exists()
    page = desk_client(bureau).get(reverse("lifecycle:joint.round", kwargs={"pk": round_.pk})).content.decode()
    assert case.entries[0].title in page
    for expert in case.experts:
        assert str(expert) not in page
    client = desk_client(hebei.manager)
    assert client.get(reverse("lifecycle:joint.round", kwargs={"pk": round_.pk})).status_code == 404
    assert client.get(reverse("lifecycle:joint.rounds", kwargs={"pk": with_sight.pk})).status_code == 404
    assert desk_client(bureau).get(reverse("lifecycle:round.detail", kwargs={"pk": round_.pk})).status_code == 404
    with system_scope("test"):
        SelectionRound.objects.update(status=RoundStatus.BLOCKED)
    with as_guest(bureau):
        assert not SelectionRound.objects.exists()


def test_pages_from_the_refusal_to_the_approval(case, hebei, desk_client):
    hosting = host(case, hebei.manager, "see", "decide")
    round_ = case.produce()
    owner, guest = desk_client(case.tree.manager), desk_client(hebei.manager)
    detail = reverse("lifecycle:round.detail", kwargs={"pk": round_.pk})
    page = owner.get(detail).content.decode()
    assert "联合主办单位会签" in page
    assert "尚未会签" in page
    assert "第1轮" in guest.get(reverse("lifecycle:joint.rounds", kwargs={"pk": hosting.pk})).content.decode()
    url = reverse("lifecycle:joint.sign", kwargs={"pk": round_.pk})
    assert guest.get(url).status_code == 200
    data = {"verdict": "refused", "reason": "", "seen": round_.list_sha256}
    assert guest.post(url, data).status_code == 422
    assert guest.post(url, data | {"reason": "名次有疑问"}).status_code == 302
    assert guest.post(url, data | {"verdict": "agreed", "seen": "0" * 64}).status_code == 409
    assert "名次有疑问" in owner.get(detail).content.decode()
    with system_scope("test"):
        signature = Countersignature.objects.get()
    answer = reverse("lifecycle:round.answer", kwargs={"pk": signature.pk})
    assert owner.post(answer, {"answer": "复核无误，名次不变"}).status_code == 302
    assert "复核无误" in guest.get(url).content.decode()
    assert guest.post(url, data | {"verdict": "agreed"}).status_code == 302
    assert "已会签同意" in owner.get(detail).content.decode()
    assert owner.post(reverse("lifecycle:round.approve", kwargs={"pk": round_.pk}), {"note": NOTE}).status_code == 302
    assert "主办工会已审定" in guest.get(reverse("lifecycle:joint.round", kwargs={"pk": round_.pk})).content.decode()


@pytest.mark.parametrize("n", [1, 3])
def test_list_of_lines_costs_the_same_however_long(tianjin, bureau, desk_client, django_assert_num_queries, n):
    case = Case(tianjin, shares=(0.95, 0.9, 0.85)[:n])
    host(case, bureau, "see", "decide")
    round_ = case.produce()
    client = desk_client(bureau)
    url = reverse("lifecycle:joint.round", kwargs={"pk": round_.pk})
    client.get(url)
    with django_assert_num_queries(10):
        assert client.get(url).status_code == 200


# --- races ---------------------------------------------------------------------------------------------------------


def race(*works):
    barrier, results = threading.Barrier(len(works)), []

    def run(work):
        try:
            barrier.wait()
            results.append(work())
        except Exception as error:  # noqa: BLE001 -- the test looks at what came out
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_people_of_one_co_host_sign_once():
    with system_scope("fixture"):
        tree = Tree("天津市")
        first = make_bureau(tree)
    case = Case(tree)
    hosting = host(case, first, "see", "decide")
    with system_scope("fixture"):
        second = make_actor(hosting.organisation, Role.MANAGER)
    round_ = case.produce()
    results = race(lambda: sign(first, round_), lambda: sign(second, round_))
    assert sum(isinstance(r, Countersignature) for r in results) == 1
    (refused,) = [r for r in results if not isinstance(r, Countersignature)]
    assert isinstance(refused, Conflict)
    assert "已经代表" in refused.message
    with system_scope("test"):
        assert Countersignature.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_refusing_and_approving_at_the_same_moment_never_approves_what_was_refused():
    with system_scope("fixture"):
        tree = Tree("天津市")
        bureau = make_bureau(tree)
    case = Case(tree)
    host(case, bureau, "see", "decide")
    round_ = case.produce()
    sign(bureau, round_)
    race(lambda: sign(bureau, round_, "refused", "不同意"), lambda: approve(case, round_))
    with system_scope("test"):
        round_.refresh_from_db()
        refused = Countersignature.objects.filter(verdict="refused").exists()
    assert refused != (round_.status == RoundStatus.APPROVED)
