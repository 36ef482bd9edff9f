"""Marking a contest: entries that arrive once, re-discussion, conflicts, confirmation, versions, paper, totals, board."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings

from competitions.marking import published, queries, scoring, sheet
from competitions.marking.domain import boards, closing, paper, schemes
from competitions.marking.domain.judges import name_judges, seat_judges
from competitions.marking.domain.totals import recompute
from competitions.marking.enums import BoardState, PartState
from competitions.marking.models import BenchTotal, Judge, Mark, Seat
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from tests.factories.marked import Marked, make_judge
from tests.factories.marking import changed, marked_schemes, small_scheme

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("all_rows")]


@pytest.fixture
def marked(tianjin) -> Marked:
    return Marked(tianjin, NOW)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def cell(marked: Marked, judge: int, code: str, bench: int) -> dict:
    part = marked.part(code.split(".", maxsplit=1)[0])
    aspects = {marked.aspect(code).pk: marked.aspect(code)}
    with_seat = Seat.objects.filter(part=part, judge__user=marked.judges[judge].user).first()
    cells = sheet.cells_of(part, aspects, with_seat.number if with_seat else None)
    return cells.get(sheet.key_of(marked.aspect(code).pk, marked.benches[bench].pk), {"state": "empty"})


# --- entries --------------------------------------------------------------------------------------


def test_same_entry_sent_twice_is_one(marked):
    entry = marked.entry("A2.01", 0, 2)
    assert [o.status for o in marked.mark(0, entry, entry)] == ["saved", "saved"]
    assert [o.status for o in marked.mark(0, entry)] == ["saved"]
    assert Mark.objects.filter(aspect__code="A2.01").count() == 1
    assert AuditEvent.objects.filter(action="competitions.marks.saved").count() == 1


def test_number_of_another_entry_is_refused(marked):
    entry = marked.entry("A2.01", 0, 2)
    marked.mark(0, entry)
    assert [o.status for o in marked.mark(1, replace(entry, figure=Decimal(3)))] == ["invalid"]


def test_others_scores_stay_hidden_until_all_three_are_in(marked):
    marked.mark(0, marked.entry("A2.01", 0, 2))
    marked.mark(1, marked.entry("A2.01", 0, 3))
    assert cell(marked, 2, "A2.01", 0) == {"state": "empty", "round": 1, "entered": 2}
    assert "scores" not in cell(marked, 0, "A2.01", 0)
    marked.mark(2, marked.entry("A2.01", 0, 2))
    assert cell(marked, 2, "A2.01", 0)["scores"] == [2, 3, 2]
    assert cell(marked, 2, "A2.01", 0)["mark"] == "14"


def test_scores_that_differ_by_more_than_one_are_scored_again_by_all_three(marked):
    first = [marked.entry("A2.01", 0, n) for n in (0, 2, 3)]
    for judge, entry in enumerate(first):
        marked.mark(judge, entry)
    assert cell(marked, 0, "A2.01", 0)["state"] == "discuss"
    marked.mark(0, marked.entry("A2.01", 0, 2, first[0].client_id))
    assert cell(marked, 0, "A2.01", 0)["state"] == "waiting"
    assert cell(marked, 1, "A2.01", 0)["state"] == "rescore"
    for judge in (1, 2):
        # the same score as before also has to be given again
        marked.mark(judge, marked.entry("A2.01", 0, first[judge].figure, first[judge].client_id))
    assert cell(marked, 1, "A2.01", 0)["scores"] == [2, 2, 3]
    rounds = Mark.objects.filter(aspect__code="A2.01").order_by("pk").values_list("round", "is_current")
    assert list(rounds) == [(1, False)] * 3 + [(2, True)] * 3


def test_entry_over_what_was_not_seen_is_a_conflict_and_changes_nothing(marked):
    first = marked.entry("A1.01", 0, "25.01")
    marked.mark(0, first)
    (outcome,) = marked.mark(0, marked.entry("A1.01", 0, "25.04"))
    assert (outcome.status, outcome.current.client_id) == ("conflict", first.client_id)
    (again,) = marked.mark(0, marked.entry("A1.01", 0, "25.04", first.client_id))
    assert again.status == "saved"
    current = Mark.objects.get(aspect__code="A1.01", is_current=True)
    assert current.value == Decimal("25.04")


def test_several_corrections_made_offline_arrive_in_order(marked):
    first = marked.entry("A2.01", 0, 1)
    second = marked.entry("A2.01", 0, 2, first.client_id)
    third = marked.entry("A2.01", 0, 3, second.client_id)
    assert {o.status for o in marked.mark(0, first, second, third)} == {"saved"}
    assert Mark.objects.get(aspect__code="A2.01", is_current=True).score == 3
    assert Mark.objects.filter(aspect__code="A2.01").count() == 3


@pytest.mark.parametrize(
    ("code", "figure"), [("A2.01", "4"), ("A2.01", "1.5"), ("A1.01", "99"), ("A1.02", "2"), ("B1.02", "0.5")]
)
def test_figure_that_cannot_be_is_refused(marked, code, figure):
    assert [o.status for o in marked.mark(0, marked.entry(code, 0, figure))] == ["invalid"]
    assert not Mark.objects.exists()


def test_judge_without_seat_is_refused(marked):
    assert [o.status for o in marked.mark(3, marked.entry("A2.01", 0, 2))] == ["refused"]


def test_absent_bench_takes_no_marks(marked):
    marked.benches[0].is_absent = True
    marked.benches[0].save()
    assert [o.status for o in marked.mark(0, marked.entry("A2.01", 0, 2))] == ["invalid"]


def test_database_keeps_one_current_mark_and_one_kind(marked):
    marked.mark(0, marked.entry("A2.01", 0, 2))
    there = Mark.objects.get()
    for fields in (
        {"score": 1, "seat": 1},
        {"value": Decimal(1), "seat": 1},
        {"score": 2, "value": Decimal(1), "seat": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.create(
                aspect=there.aspect,
                bench=there.bench,
                entered_by=there.entered_by,
                made_at=NOW,
                received_at=NOW,
                **fields,
            )


# --- judges ---------------------------------------------------------------------------------------


def test_judge_from_a_competitors_unit_is_refused_with_the_reason(marked, tianjin):
    colleague = make_judge(tianjin, "同事", tianjin.unit)
    users = [j.user_id for j in Judge.objects.all()]
    with pytest.raises(Invalid, match="须回避"):
        name_judges(
            actor=tianjin.manager, marking=marked.marking, users=[*users, colleague.user_id],
            chief=marked.chief.user_id, now=NOW,
        )  # fmt: skip


def test_seat_that_has_marked_cannot_change(marked, tianjin):
    marked.mark(0, marked.entry("A2.01", 0, 2))
    part, fourth = marked.part("A2"), Judge.objects.get(user=marked.judges[3].user)
    with pytest.raises(Conflict, match="不能换人"):
        seat_judges(actor=tianjin.manager, scheme=part.scheme, seats={(part.pk, 1): fourth.pk}, now=NOW)
    seat_judges(actor=tianjin.manager, scheme=part.scheme, seats={(part.pk, 3): fourth.pk}, now=NOW)
    assert Seat.objects.get(part=part, number=3).judge == fourth


# --- confirmation ---------------------------------------------------------------------------------


def test_part_is_confirmed_by_another_person_and_locked_by_the_chief(marked):
    part = marked.part("A2")
    marked.mark(0, marked.entry("A2.01", 0, 2))
    with pytest.raises(Invalid, match="还没有评完"):
        closing.confirm_part(actor=marked.judges[3], part=part, now=NOW)
    Mark.objects.all().delete()
    marked.mark_all("A2")
    with pytest.raises(Refused, match="须由另一人复核"):
        closing.confirm_part(actor=marked.judges[0], part=part, now=NOW)
    closing.confirm_part(actor=marked.judges[3], part=part, now=NOW)
    assert [o.status for o in marked.mark(0, marked.entry("A2.01", 0, 3), part="A2")] == ["refused"]
    with pytest.raises(Refused, match="裁判长"):
        closing.lock_part(actor=marked.judges[3], part=part, now=NOW)
    assert closing.lock_part(actor=marked.chief, part=part, now=NOW).state == PartState.LOCKED
    opened = closing.reopen_part(actor=marked.chief, part=part, reason="工位01第2项录错", now=NOW)
    assert (opened.state, opened.confirmed_by, opened.locked_by) == (PartState.OPEN, None, None)


def test_red_cell_keeps_a_part_from_being_confirmed(marked):
    marked.mark_all("A2")
    there = Mark.objects.get(aspect__code="A2.01", bench=marked.benches[1], seat=1)
    marked.mark(0, marked.entry("A2.01", 1, 0, there.client_id))
    with pytest.raises(Invalid, match=r"A2\.01（02）"):
        closing.confirm_part(actor=marked.judges[3], part=marked.part("A2"), now=NOW)


# --- versions -------------------------------------------------------------------------------------


def test_new_version_carries_unchanged_marks_and_confirmation(marked, tianjin):
    for code in ("A1", "A2"):
        marked.mark_all(code)
        closing.confirm_part(actor=marked.judges[3], part=marked.part(code), now=NOW)
    scheme = changed(changed(small_scheme(), "A2.01", max=Decimal(17)), "A2.02", max=Decimal(13))
    draft = schemes.store_scheme(actor=tianjin.manager, marking=marked.marking, scheme=scheme, file_name="", now=NOW)
    with pytest.raises(Invalid, match="变更原因"):
        schemes.replace_scheme(actor=tianjin.manager, scheme=draft, reason=" ", now=NOW)
    schemes.replace_scheme(actor=tianjin.manager, scheme=draft, reason="技术文件勘误", now=NOW)
    assert [marked.part(c).state for c in ("A1", "A2", "B1")] == ["confirmed", "open", "open"]
    assert Mark.objects.filter(aspect__part=marked.part("A1"), is_current=True).count() == 6
    assert not Mark.objects.filter(aspect__part=marked.part("A2")).exists()
    recompute(marked.marking, now=NOW)
    assert {t.mark for t in BenchTotal.objects.all()} == {Decimal("40.00")}


def test_same_version_again_is_a_conflict(marked, tianjin):
    with pytest.raises(Conflict, match="没有变化"):
        schemes.store_scheme(
            actor=tianjin.manager, marking=marked.marking, scheme=small_scheme(), file_name="", now=NOW
        )


# --- paper ----------------------------------------------------------------------------------------


def test_paper_sheet_counts_only_when_two_people_typed_the_same(marked, tianjin):
    part, aspect = marked.part("A2"), marked.aspect("A2.01")
    a, b = marked.benches[0].pk, marked.benches[1].pk
    typed = {"part": part, "aspect": aspect.pk, "seat": 1, "now": NOW}
    first = paper.type_sheet(actor=tianjin.manager, figures={a: Decimal(2), b: Decimal(3)}, **typed)
    assert (first.first, Mark.objects.count()) == ([a, b], 0)
    assert paper.waiting(aspect, 1, tianjin.checker) == {}
    second = paper.type_sheet(actor=tianjin.checker, figures={a: Decimal(2), b: Decimal(1)}, **typed)
    assert (second.agreed, second.differs) == ([a], [b])
    third = paper.type_sheet(actor=tianjin.manager, figures={b: Decimal(1)}, **typed)
    assert third.agreed == [b]
    assert sorted(Mark.objects.values_list("score", "source")) == [(1, "paper"), (2, "paper")]


# --- totals and board -----------------------------------------------------------------------------


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=marked_schemes())
def test_statement_gives_what_the_pure_function_gives(tianjin, case):
    scheme, entered = case
    with transaction.atomic(), system_scope("test"):
        marked = Marked(tianjin, NOW, benches=1, scheme=scheme)
        for aspect in scheme.aspects:
            given_now = entered[aspect.code]
            scores = given_now if isinstance(given_now, list) else [] if given_now is None else [given_now]
            for judge, figure in enumerate(scores):
                marked.mark(judge, marked.entry(aspect.code, 0, figure))
        recompute(marked.marking, now=NOW)
        row = BenchTotal.objects.get()
        assert (row.all_mark, row.all_possible) == scoring.total(scheme, entered)
        assert (row.mark, row.possible) == (0, 0)
        transaction.set_rollback(True)


def confirm_all(marked: Marked) -> None:
    for code in ("A1", "A2", "B1"):
        marked.mark_all(code)
        closing.confirm_part(actor=marked.judges[3], part=marked.part(code), now=NOW)


@pytest.mark.row(193)
def test_board_follows_confirmations_freezes_and_is_revealed(marked, tianjin):
    later, hour = NOW + dt.timedelta(hours=2), NOW + dt.timedelta(hours=1)
    boards.turn_board(actor=tianjin.manager, marking=marked.marking, step="show", now=NOW, freezes_at=hour)
    marked.mark_all("A1")
    boards.publish(marked.marking, now=NOW)
    assert {line["mark"] for line in published.read(marked.marking.pk).data["lines"]} == {"0.00"}, "nothing confirmed"
    closing.confirm_part(actor=marked.judges[3], part=marked.part("A1"), now=NOW)
    boards.publish(marked.marking, now=NOW)
    board = published.read(marked.marking.pk).data
    assert {line["mark"] for line in board["lines"]} == {"40.00"}
    assert "张建国" not in str(board)
    assert {line["union"] for line in board["lines"]} == {tianjin.district.name, tianjin.group.name}
    marked.mark_all("A2")
    closing.confirm_part(actor=marked.judges[3], part=marked.part("A2"), now=later)
    boards.publish(marked.marking, now=later)
    frozen = published.read(marked.marking.pk).data
    assert (frozen["state"], frozen["lines"], frozen["parts_done"]) == (BoardState.FROZEN, board["lines"], 1)
    marked.marking.refresh_from_db()
    boards.turn_board(actor=tianjin.manager, marking=marked.marking, step="reveal", now=later)
    boards.publish(marked.marking, now=later)
    final = published.read(marked.marking.pk).data
    assert (final["state"], {line["mark"] for line in final["lines"]}) == (BoardState.REVEALED, {"60.00"})
    assert published.read(published.UNIONS).data["unions"][0]["people"] >= 1
    boards.turn_board(actor=tianjin.manager, marking=marked.marking, step="hide", now=later)
    boards.publish(marked.marking, now=later)
    assert published.read(marked.marking.pk) is None


def test_board_that_says_the_same_keeps_its_etag(marked, tianjin):
    boards.turn_board(actor=tianjin.manager, marking=marked.marking, step="show", now=NOW)
    boards.publish(marked.marking, now=NOW)
    before = published.read(marked.marking.pk).etag
    boards.publish(marked.marking, now=NOW + dt.timedelta(minutes=5))
    assert published.read(marked.marking.pk).etag == before


# --- races ----------------------------------------------------------------------------------------


def together(*acts) -> list:
    """Runs the acts at once, each in its own connection; what they returned or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, act):
        try:
            with system_scope("test"):
                barrier.wait()
                results[n] = act()
        except Exception as error:  # noqa: BLE001 -- handed to the test
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_same_entry_sent_twice_at_once_is_one(tianjin):
    marked = Marked(tianjin, NOW)
    entry = marked.entry("A2.01", 0, 2)
    results = together(*[lambda: marked.mark(0, entry)] * 3)
    assert [r[0].status for r in results] == ["saved"] * 3
    assert Mark.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_three_judges_at_once_all_arrive_and_two_devices_of_one_conflict(tianjin):
    marked = Marked(tianjin, NOW)
    acts = [lambda n=n: marked.mark(n, marked.entry("A2.01", 0, n)) for n in range(3)]
    assert [r[0].status for r in together(*acts)] == ["saved"] * 3
    assert cell(marked, 0, "A2.01", 0)["state"] == "discuss"
    acts = [lambda v=v: marked.mark(0, marked.entry("A1.01", 0, v)) for v in ("25.01", "25.03")]
    assert sorted(r[0].status for r in together(*acts)) == ["conflict", "saved"]


@pytest.mark.django_db(transaction=True)
def test_marks_while_the_part_is_confirmed_are_in_before_or_refused(tianjin):
    marked = Marked(tianjin, NOW)
    marked.mark_all("A2")
    there = Mark.objects.get(aspect__code="A2.01", bench=marked.benches[0], seat=1)
    entry = marked.entry("A2.01", 0, 3, there.client_id)
    outcome, part = together(
        lambda: marked.mark(0, entry, part="A2"),
        lambda: closing.confirm_part(actor=marked.judges[3], part=marked.part("A2"), now=NOW),
    )
    assert part.state == PartState.CONFIRMED
    arrived = Mark.objects.filter(client_id=entry.client_id).exists()
    assert outcome[0].status == ("saved" if arrived else "refused")


def test_queries_of_judges_never_read_who_is_at_a_bench(marked, django_assert_max_num_queries):
    with django_assert_max_num_queries(1) as caught:
        assert [b.code for b in queries.benches_of(marked.marking.pk)] == ["01", "02", "03"]
    assert '"name"' not in caught.captured_queries[0]["sql"]
