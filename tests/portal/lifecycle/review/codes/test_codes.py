"""Codes by lot: each table for one officer, marks under the last code, decoding by two, nothing joined before."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, DomainError, Invalid, Refused
from portal.core.scoping import scope, system_scope
from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.structure import BlueprintInvalid
from portal.lifecycle.review.codes import domain, drawing, marking, queries
from portal.lifecycle.review.codes.models import CodeApproval, CodedMark, CodeTable
from portal.lifecycle.review.imported import domain as results
from portal.lifecycle.review.imported.models import ContestResult
from portal.web.work import sources_for
from tests.factories.codes import MARKS, Contest, coded_shape
from tests.factories.people import make_actor
from tests.factories.review import make_entry_in_review, make_expert

pytestmark = pytest.mark.integration


@pytest.fixture
def contest(tianjin):
    return Contest(tianjin)


# --- the lot ---

subjects = st.sets(st.text(min_size=1, max_size=6), max_size=40)


@given(subjects, subjects, st.text(min_size=1, max_size=20))
def test_codes_are_a_bijection_and_appending_keeps_old_ones(early, late, seed):
    first = drawing.first_codes(seed, early, {})
    assert set(first) == early
    assert len(set(first.values())) == len(early)
    grown = drawing.first_codes(seed, early | late, first)
    assert {key: grown[key] for key in early} == first
    assert len(set(grown.values())) == len(early | late)
    seats = drawing.benches(seed, first.values(), {})
    assert sorted(seats.values()) == [f"{n:03d}" for n in range(1, len(early) + 1)]
    more = drawing.benches(seed, grown.values(), seats)
    assert {key: more[key] for key in seats} == seats
    assert sorted(more.values()) == [f"{n:03d}" for n in range(1, len(grown) + 1)]


# --- drawing ---


def test_log_holds_the_fingerprint_and_not_the_seed_before_decoding(contest):
    first, _second = contest.draw_both()
    with system_scope("test"):
        events = list(AuditEvent.objects.filter(action="lifecycle.codes.drawn").order_by("pk"))
        with connection.cursor() as cursor:
            cursor.execute("select content, seed from lifecycle_codetable")
            raw = str(cursor.fetchall())
    assert events[0].data["commitment"] == drawing.commitment(first.seed)
    stored = str([event.data for event in events]) + raw
    assert first.seed not in stored
    for entry, code in contest.content(1).items():
        assert entry not in stored
        assert code not in stored


def test_second_layer_needs_another_officer_and_the_first_layer(contest):
    with pytest.raises(Conflict, match="还没有一次加密"):
        contest.act(domain.draw, contest.b, layer=2)
    contest.act(domain.draw, contest.a, layer=1)
    with pytest.raises(Refused):
        contest.act(domain.draw, contest.a, layer=2)


def test_redraw_needs_a_reason_voids_what_builds_on_it_and_ends_with_the_first_mark(contest):
    contest.draw_both()
    with pytest.raises(Invalid, match="须写明原因"):
        contest.act(domain.draw, contest.c, layer=1)
    contest.act(domain.draw, contest.c, layer=1, reason="保管人临时调离")
    with system_scope("test"):
        assert {row.layer: row.holder_id for row in queries.tables(contest.stage).values()} == {1: contest.c.user_id}
        assert CodeTable.objects.filter(stage=contest.stage).count() == 3
    contest.act(domain.draw, contest.b, layer=2)
    contest.mark(contest.codes()[0])
    with pytest.raises(Conflict, match="已经录入成绩"):
        contest.act(domain.draw, contest.b, layer=2, reason="再抽一次")


def test_late_entry_gets_codes_without_changing_others(contest):
    contest.draw_both()
    before = contest.content(1), contest.content(2)
    with system_scope("fixture"):
        late = make_entry_in_review(contest.cycle, contest.tree.filer, title="迟到")
    assert contest.act(domain.append, contest.a) == 1
    assert contest.act(domain.append, contest.b) == 1
    after = contest.content(1), contest.content(2)
    assert late.code in after[0]
    for old, new in zip(before, after, strict=True):
        assert old.items() <= new.items()
    with pytest.raises(Conflict, match="没有需要补抽"):
        contest.act(domain.append, contest.a)


# --- marks and decoding ---


def test_results_under_names_are_refused_before_decoding(contest):
    with scope(scope_of(contest.c)), pytest.raises(Conflict, match="抽签加密"):
        results.record_result(
            actor=contest.c, entry=contest.entries[0], typed=MARKS, absent=False, note="", now=timezone.now()
        )


def test_two_holders_decode_and_every_entry_gets_the_marks_of_its_bench(contest):
    contest.draw_both()
    contest.mark_all()
    first, second = contest.content(1), contest.content(2)
    with system_scope("test"), pytest.raises(PermissionError):
        queries.joined(contest.stage)
    assert contest.act(domain.approve, contest.a) is False
    with pytest.raises(Conflict, match="已锁定"):
        contest.mark(contest.codes()[0])
    with pytest.raises(Conflict, match="另一人"):
        contest.act(domain.approve, contest.a)
    assert contest.act(domain.approve, contest.b) is True
    with system_scope("test"):
        marks = {row.code: row.marks for row in CodedMark.objects.filter(stage=contest.stage)}
        for entry in contest.entries:
            found = ContestResult.objects.get(entry=entry)
            assert found.marks == marks[second[first[entry.code]]]
            assert (found.recorded_by_id, found.confirmed_by_id) == (contest.c.user_id, contest.d.user_id)
            assert found.is_confirmed
        event = AuditEvent.objects.get(action="lifecycle.codes.decoded")
        seeds = event.data["seeds"]
    assert drawing.first_codes(seeds["1"], first, {}) == first
    assert drawing.benches(seeds["2"], second, {}) == second


def test_decoding_waits_for_every_mark_and_code(contest):
    contest.draw_both()
    contest.mark(contest.codes()[0])
    with pytest.raises(Conflict, match="没有成绩"):
        contest.act(domain.approve, contest.a)
    for code in contest.codes():
        contest.mark(code)
    with pytest.raises(Conflict, match="没有由第二人复核"):
        contest.act(domain.approve, contest.a)
    contest.mark_all()
    with system_scope("fixture"):
        make_entry_in_review(contest.cycle, contest.tree.filer, title="迟到")
    with pytest.raises(Conflict, match="没有抽到码"):
        contest.act(domain.approve, contest.a)


def test_lost_holder_is_replaced_with_a_reason_by_manager_or_supervisor_only(contest):
    contest.draw_both()
    contest.mark_all()
    with system_scope("fixture"):
        other = make_actor(contest.tree.municipal, Role.CHECKER, "旁人")
    with pytest.raises(Refused):
        contest.act(domain.approve, other, reason="代")
    with pytest.raises(Invalid, match="写明原因"):
        contest.act(domain.approve, contest.tree.supervisor)
    assert contest.act(domain.approve, contest.a) is False
    assert contest.act(domain.approve, contest.tree.supervisor, reason="保管人住院") is True


def test_one_layer_keeps_its_holder_from_the_marks_and_needs_a_second_person(tianjin):
    contest = Contest(tianjin, layers=1)
    contest.act(domain.draw, contest.a, layer=1)
    with pytest.raises(Refused):
        contest.mark(contest.codes()[0], actor=contest.a)
    contest.mark_all()
    assert contest.act(domain.approve, contest.c) is False
    assert contest.act(domain.approve, contest.a) is True


def test_codes_are_for_contests_with_one_or_two_layers():
    with pytest.raises(BlueprintInvalid, match="二次加密"):
        loader.from_definition(coded_shape(3))


# --- nothing leaks ---


def pages(stage):
    here = [stage.pk]
    names = (
        "codes.page",
        "codes.table",
        "codes.print",
        "codes.marks",
        "codes.decode",
        "result.list",
        "result.template",
    )
    fixed = ("codes.stages", "result.stages", "review.stages", "entry.list")
    found = [reverse(f"lifecycle:{name}", args=here) for name in names]
    return found + [reverse(f"lifecycle:{name}") for name in fixed]


def test_no_page_joins_a_bench_with_its_entry_before_decoding(contest, desk_client):
    contest.draw_both()
    contest.mark_all()
    first, second = contest.content(1), contest.content(2)
    with system_scope("test"):
        expert = make_expert(contest.tree, "评委")
    own = {contest.a.user_id: 1, contest.b.user_id: 2}
    people = (
        contest.a,
        contest.b,
        contest.c,
        contest.tree.supervisor,
        contest.tree.auditor,
        contest.tree.filer,
        expert,
    )
    for actor in people:
        client = desk_client(actor)
        for url in pages(contest.stage):
            response = client.get(url)
            if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
                continue
            text = response.content.decode()
            sees_entries = any(entry.code in text or entry.title in text for entry in contest.entries)
            if any(code in text for code in first.values()):
                assert own.get(actor.user_id) in {1, 2}, (actor, url)
                assert url.endswith(("/table/", "/print/"))
                assert sees_entries is (own[actor.user_id] == 1)
            if any(f">{bench}<" in text for bench in second.values()):
                assert not sees_entries, (actor, url)
        opened = client.get(reverse("lifecycle:codes.table", args=[contest.stage.pk])).status_code
        assert (opened == 200) is (actor.user_id in own)


def test_decoded_page_shows_codes_with_entries(contest, desk_client):
    contest.draw_both()
    contest.mark_all()
    contest.act(domain.approve, contest.a)
    contest.act(domain.approve, contest.b)
    page = desk_client(contest.c).get(reverse("lifecycle:codes.page", args=[contest.stage.pk])).content.decode()
    for entry in contest.entries:
        assert entry.code in page
        assert contest.content(1)[entry.code] in page


def test_pages_of_drawing_marking_and_decoding_work(contest, desk_client):
    def post(actor, name, *more, **data):
        url = reverse(f"lifecycle:codes.{name}", args=[contest.stage.pk, *more])
        assert desk_client(actor).get(url).status_code in {200, 405}
        return desk_client(actor).post(url, data).status_code

    assert post(contest.a, "draw", 1) == 302
    assert post(contest.b, "draw", 2) == 302
    for code in contest.codes():
        assert post(contest.c, "mark", code, mark_theory="70", mark_practice="80") == 302
    assert post(contest.d, "confirm", checked="on") == 302
    assert post(contest.a, "decode") == 302
    assert post(contest.b, "decode") == 302
    with system_scope("test"):
        assert queries.is_decoded(contest.stage)


# --- at once ---


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_follow_one_another(tianjin):
    contest = Contest(tianjin)
    outcomes = []

    def run(function, actor, **payload):
        try:
            outcomes.append(contest.act(function, actor, **payload))
        except DomainError as error:
            outcomes.append(error)
        finally:
            connection.close()

    def both(*calls):
        outcomes.clear()
        threads = [threading.Thread(target=run, args=call[:2], kwargs=call[2]) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    both((domain.draw, contest.a, {"layer": 1}), (domain.draw, contest.c, {"layer": 1}))
    assert sorted(isinstance(row, DomainError) for row in outcomes) == [False, True]
    contest.act(domain.draw, contest.b, layer=2)
    contest.mark_all()
    with system_scope("test"):
        holder = contest.a if queries.tables(contest.stage)[1].holder_id == contest.a.user_id else contest.c
    both((domain.approve, holder, {}), (domain.approve, contest.b, {}))
    assert sorted(outcomes) == [False, True]
    with system_scope("test"):
        assert CodeApproval.objects.filter(stage=contest.stage).count() == 2
        assert ContestResult.objects.filter(entry__cycle=contest.cycle).count() == 4


# --- the work list ---


def waits_for(contest, actor):
    """Keys of the work that the codes have for somebody, each with its title."""
    found = {}
    with scope(scope_of(actor)):
        for source in sources_for(actor):
            if source.key.startswith(("codes.", "result.")):
                for row in source.rows(actor, timezone.now()):
                    found[source.key] = str(source.item(row, timezone.now()).title)
    return found


def test_work_list_names_the_next_act_for_those_who_may_do_it(contest):
    a, b, c, d = contest.a, contest.b, contest.c, contest.d
    assert all(set(waits_for(contest, actor)) == {"codes.draw"} for actor in (a, b, c))
    assert waits_for(contest, contest.tree.supervisor) == {}
    contest.act(domain.draw, a, layer=1)
    assert set(waits_for(contest, b)) == {"codes.draw_second"}
    assert waits_for(contest, a) == {}
    contest.act(domain.draw, b, layer=2)
    assert "4 个码待录入" in waits_for(contest, c)["codes.mark"]
    for code in contest.codes():
        contest.mark(code)
    assert waits_for(contest, c) == {}
    assert "4 个码的成绩待您复核" in waits_for(contest, d)["codes.confirm"]
    contest.act(marking.confirm_marks, d)
    assert waits_for(contest, c) == waits_for(contest, d) == {}
    assert set(waits_for(contest, a)) == set(waits_for(contest, b)) == {"codes.decode"}
    contest.act(domain.approve, a)
    assert waits_for(contest, a) == {}
    contest.act(domain.approve, b)
    assert waits_for(contest, b) == {}


def test_work_list_keeps_marks_from_the_holder_of_the_only_layer(tianjin):
    contest = Contest(tianjin, layers=1)
    contest.act(domain.draw, contest.a, layer=1)
    assert waits_for(contest, contest.a) == {}
    contest.mark_all()
    assert set(waits_for(contest, contest.a)) == set(waits_for(contest, contest.tree.supervisor)) == {"codes.decode"}
    assert waits_for(contest, contest.d) == {}


def test_pages_of_codes_take_the_same_queries_for_one_and_for_many(contest, desk_client):
    contest.draw_both()
    contest.mark(contest.codes()[0])
    client, counts = desk_client(contest.c), []
    for is_second in (False, True):
        if is_second:
            contest.mark_all()
        for name in ("page", "marks"):
            with CaptureQueriesContext(connection) as queries_made:
                client.get(reverse(f"lifecycle:codes.{name}", args=[contest.stage.pk]))
            counts.append(len(queries_made))
    assert counts[2] <= counts[0]
    assert counts[3] <= counts[1]
