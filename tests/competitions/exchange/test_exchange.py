"""Cases, events with places, visits, and the duty of holders to share."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from competitions.exchange import queries
from competitions.exchange.domain import cases, events
from competitions.exchange.enums import BookingState, CaseState, PlaceState
from competitions.exchange.models import CaseFile, EventRegistration, ExchangeCase, ExchangeEvent, OpenDay
from competitions.exchange.places import fits, promoted
from competitions.exchange.sheets import CASES, EVENTS
from competitions.exchange.sources import _bookings, _cases, _events, _reminders
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused

NOW = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def case_facts(**changes):
    return {
        "title": "班前一题", "kind": "unit", "saving": "", "subject": "team", "model_name": "焊接一班", "honour": "", "field": "安全", "practice": "每天一题。",
        "effect": "违章归零。", "hint": "", "tags": [],
    } | changes  # fmt: skip


def event_facts(**changes):
    return {
        "title": "焊接观摩", "kind": "visit", "starts_at": NOW + 9 * DAY, "ends_at": NOW + 9 * DAY + dt.timedelta(hours=3),
        "register_until": NOW + 7 * DAY, "place": "一车间", "link": "", "capacity": 5, "agenda": "看现场。",
    } | changes  # fmt: skip


def opened(tianjin, **changes):
    row = events.plan_event(actor=tianjin.filer, facts=event_facts(**changes), now=NOW)
    return events.open_event(actor=tianjin.unit_checker, event=row, now=NOW)


def join(actor, event, people, later=0):
    now = NOW + dt.timedelta(minutes=later)
    return events.register(actor=actor, event=event, people=people, contact="某某", now=now)


@pytest.mark.django_db
@pytest.mark.row(114)
def test_case_is_checked_by_the_union_above_before_others_read_it(tianjin, all_rows, desk_client):
    row = cases.draft_case(actor=tianjin.filer, owner=tianjin.unit, facts=case_facts(), now=NOW)
    paper = SimpleUploadedFile("题卡.pdf", PDF, content_type="application/pdf")
    file = cases.add_file(actor=tianjin.filer, case=row, upload=paper, now=NOW)
    fake = SimpleUploadedFile("题卡.pdf", b"MZ", content_type="application/pdf")
    with pytest.raises(Invalid):
        cases.add_file(actor=tianjin.filer, case=row, upload=fake, now=NOW)
    detail = reverse("competitions:case.detail", kwargs={"pk": row.pk})
    download = reverse("competitions:case.file", kwargs={"pk": file.pk})
    stranger, above = desk_client(tianjin.group_filer), desk_client(tianjin.zone_checker)
    assert above.get(detail).status_code == above.get(download).status_code == 404  # a draft is its writer's only
    row = cases.submit_case(actor=tianjin.filer, case=row, now=NOW)
    assert list(_cases(tianjin.zone_checker, NOW)) == [row]
    with pytest.raises(Refused):
        cases.publish_case(actor=tianjin.unit_checker, case=row, now=NOW)
    with pytest.raises(Invalid):
        cases.return_case(actor=tianjin.zone_checker, case=row, reason=" ", now=NOW)
    row = cases.return_case(actor=tianjin.zone_checker, case=row, reason="请补数据", now=NOW)
    row = cases.change_case(actor=tianjin.filer, case=row, facts=case_facts(effect="由六起到零起。"), now=NOW)
    row = cases.submit_case(actor=tianjin.filer, case=row, now=NOW)
    assert stranger.get(detail).status_code == 404
    row = cases.publish_case(actor=tianjin.zone_checker, case=row, now=NOW)
    page = stranger.get(detail)
    assert "由六起到零起" in page.content.decode()
    saved = stranger.get(download)
    assert saved["Content-Disposition"].startswith("attachment")
    with pytest.raises(Refused):
        cases.remove_file(actor=tianjin.filer, file=file, now=NOW)
    assert [line[0] for line in CASES.rows(tianjin.manager, 2026)] == [row.title]
    row = cases.withdraw_case(actor=tianjin.zone_checker, case=row, reason="已过时", now=NOW)
    assert (row.state, row.shown_path) == (CaseState.WITHDRAWN, "")
    assert stranger.get(download).status_code == 404
    assert AuditEvent.objects.filter(action__startswith="competitions.case.").count() == 8
    assert CaseFile.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.row(115)
def test_event_fills_waits_moves_up_and_is_told(tianjin, all_rows, in_scope, desk_client):
    for wrong, field in (
        ({"ends_at": NOW}, "ends_at"), ({"register_until": NOW + 10 * DAY}, "register_until"), ({"place": ""}, "place"),
        ({"kind": "online"}, "link"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            events.plan_event(actor=tianjin.filer, facts=event_facts(**wrong), now=NOW)
        assert field in caught.value.fields
    planned = events.plan_event(actor=tianjin.filer, facts=event_facts(), now=NOW)
    with in_scope(tianjin.group_filer):
        assert not ExchangeEvent.objects.exists()
    with pytest.raises(Refused):
        events.open_event(actor=tianjin.filer, event=planned, now=NOW)
    event = events.open_event(actor=tianjin.unit_checker, event=planned, now=NOW)
    with pytest.raises(Refused):
        join(tianjin.filer, event, 1)  # the host's own
    first = join(tianjin.group_filer, event, 4)
    with pytest.raises(Conflict):
        join(tianjin.group_filer, event, 1)
    with pytest.raises(Invalid):
        join(tianjin.zone_checker, event, 6)
    second = join(tianjin.zone_checker, event, 2, later=1)
    third = join(tianjin.district_checker, event, 1, later=2)
    assert [r.state for r in (first, second, third)] == [
        PlaceState.REGISTERED,
        PlaceState.WAITING,
        PlaceState.REGISTERED,
    ]
    with in_scope(tianjin.filer):  # the host sees them all, a stranger its own only
        assert EventRegistration.objects.count() == 3
    with in_scope(tianjin.group_filer):
        assert list(EventRegistration.objects.all()) == [first]
    with in_scope(tianjin.group_filer):
        events.leave(actor=tianjin.group_filer, registration=first, now=NOW + DAY)
    second.refresh_from_db()
    assert second.state == PlaceState.REGISTERED
    with pytest.raises(Conflict):
        events.register(actor=tianjin.group_filer, event=event, people=1, contact="某某", now=NOW + 8 * DAY)
    after = NOW + 10 * DAY
    assert list(_events(tianjin.filer, after)) == [event]
    came = {second.pk: 2, third.pk: 0}
    with pytest.raises(Invalid):
        events.hold(actor=tianjin.filer, event=event, came=came, minutes="好", now=NOW)
    events.hold(actor=tianjin.filer, event=event, came=came, minutes="看了现场。", now=after)
    second.refresh_from_db()
    third.refresh_from_db()
    with pytest.raises(Refused):  # nobody of it came
        events.give_feedback(actor=tianjin.district_checker, registration=third, score=5, words="", now=after)
    events.give_feedback(actor=tianjin.zone_checker, registration=second, score=5, words="能用", now=after)
    page = desk_client(tianjin.filer).get(event.get_absolute_url()).content.decode()
    assert "能用" in page
    assert [line[-1] for line in EVENTS.rows(tianjin.manager, 2026)] == [2]
    with pytest.raises(Refused):
        events.cancel_event(actor=tianjin.unit_checker, event=event, reason="晚了", now=after)


@pytest.mark.django_db
@pytest.mark.row(115)
def test_visit_is_asked_answered_within_the_capacity_and_recorded(tianjin, all_rows, in_scope, desk_client):
    facts = {
        "topic": "数字车间",
        "on": (NOW + 9 * DAY).date(),
        "hours": "下午",
        "place": "东门",
        "capacity": 10,
        "notes": "",
    }
    with pytest.raises(Invalid):
        events.offer_day(actor=tianjin.filer, facts=facts | {"on": NOW.date()}, now=NOW)
    day = events.offer_day(actor=tianjin.filer, facts=facts, now=NOW)

    def ask(actor, people):
        return events.book(actor=actor, day=day, people=people, contact="某某", purpose="看产线", now=NOW)

    first, second = ask(tianjin.group_filer, 6), ask(tianjin.zone_checker, 5)
    with pytest.raises(Conflict):
        ask(tianjin.group_filer, 1)
    assert _bookings(tianjin.filer, NOW).count() == 2
    with in_scope(tianjin.district_checker):  # sees what its own tree asked, not the group's
        assert [b.pk for b in queries.bookings()] == [second.pk]

    def answer(row, *, accept, words="", actor=tianjin.filer):
        return events.answer_booking(actor=actor, booking=row, accept=accept, words=words, now=NOW)

    with pytest.raises(Refused):
        answer(first, accept=True, actor=tianjin.group_filer)
    with pytest.raises(Invalid):
        answer(first, accept=False)
    answer(first, accept=True, words="东门集合")
    with pytest.raises(Invalid):
        answer(second, accept=True)
    answer(second, accept=False, words="人数已满")
    with pytest.raises(Invalid):
        events.record_visit(actor=tianjin.filer, booking=first, came=6, words="看了", now=NOW)
    done = events.record_visit(actor=tianjin.filer, booking=first, came=6, words="看了看板", now=NOW + 9 * DAY)
    assert done.state == BookingState.DONE
    page = desk_client(tianjin.group_filer).get(day.get_absolute_url()).content.decode()
    assert "看了看板" in page
    assert "人数已满" not in page
    events.close_day(actor=tianjin.filer, day=day, now=NOW)
    assert OpenDay.objects.get().is_closed


@pytest.mark.django_db
@pytest.mark.row(114)
def test_holders_are_listed_reminded_once_and_done_by_a_case(tianjin, all_rows, desk_client):
    from tests.factories.entries import make_cycle, make_entry  # noqa: PLC0415 -- heavy, this test only

    entry = make_entry(make_cycle(tianjin), tianjin.filer, state="conferred")
    _confer(entry)
    found = queries.holders(2026).get()
    assert (found.shared, found.reminded) == (0, False)
    with pytest.raises(Refused):
        remind(tianjin.filer, entry)
    assert remind(tianjin.district_checker, entry) == (1, 0)
    assert remind(tianjin.manager, entry) == (0, 1)
    waiting = _reminders(tianjin.filer, NOW).get()
    assert waiting.due_on == (NOW + 20 * DAY).date()
    row = cases.draft_case(actor=tianjin.filer, owner=tianjin.unit, facts=case_facts(), now=NOW)
    row = cases.submit_case(actor=tianjin.filer, case=row, now=NOW)
    assert not _reminders(tianjin.filer, NOW).exists()
    cases.publish_case(actor=tianjin.zone_checker, case=row, now=NOW)
    found = queries.holders(2026).get()
    assert (found.case_count, found.shared, found.reminded) == (1, 1, False)
    page = desk_client(tianjin.manager).get(reverse("competitions:sharing.list") + "?year=2026")
    assert page.status_code == 200
    assert found.title in page.content.decode()


def remind(actor, entry):
    due = (NOW + 20 * DAY).date()
    return cases.remind_holders(actor=actor, entries=[entry], words="请交流", due_on=due, now=NOW)


def _confer(entry):
    from portal.lifecycle.conferral.models import Conferral, ConferralItem  # noqa: PLC0415 -- this test only

    decision = Conferral.objects.create(
        cycle=entry.cycle, status="issued", title="命名决定", document_number="津工〔2026〕9号",
        decided_on=(NOW - 30 * DAY).date(), body="决定命名。", issued_at=NOW - 30 * DAY,
    )  # fmt: skip
    ConferralItem.objects.create(conferral=decision, entry=entry, serial=1)


@pytest.mark.django_db
def test_lists_ask_a_constant_number_of_queries(tianjin, all_rows, desk_client):
    client, counts = desk_client(tianjin.group_filer), []
    for number in (1, 2, 3):
        opened(tianjin, title=f"观摩{number}")
        ExchangeCase.objects.create(
            owner=tianjin.unit, checked_at=tianjin.zone, state="published", published_at=NOW,
            shown_path=tianjin.municipal.path, **case_facts(title=f"案例{number}"),
        )  # fmt: skip
        events.offer_day(
            actor=tianjin.filer, now=NOW,
            facts={"topic": f"开放{number}", "on": dt.date(2026, 7, number), "hours": "下午", "place": "东门", "capacity": 9, "notes": ""},
        )  # fmt: skip
        if number == 2:
            continue
        pages = [reverse(f"competitions:{name}") for name in ("exchange.list", "case.list", "openday.list")]
        client.get(pages[0])
        with CaptureQueriesContext(connection) as asked:
            bodies = [client.get(page).content.decode() for page in pages]
        counts.append(len(asked))
        assert all(f"{word}{number}" in body for word, body in zip(("观摩", "案例", "开放"), bodies, strict=True))
    assert counts[0] == counts[1]


@given(st.integers(1, 60), st.lists(st.integers(1, 20), max_size=12), st.integers(0, 60))
@settings(max_examples=80)
def test_moving_up_never_overfills_and_leaves_nobody_who_fits(capacity, waiting, taken):
    taken = min(taken, capacity)
    rows = list(enumerate(waiting))
    moved = promoted(capacity, taken, rows)
    full = taken + sum(waiting[key] for key in moved)
    assert full <= capacity
    assert moved == sorted(moved)
    assert all(not fits(capacity, full, people) for key, people in rows if key not in moved)
