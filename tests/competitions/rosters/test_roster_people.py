"""People on rosters: once per competition, their own answer, leaving with everything, races."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from competitions.rosters.domain import consent, people, retention, rosters
from competitions.rosters.enums import Answer, ConsentState, Means, NewGroup, ParticipationState, RosterKind
from competitions.rosters.models import Consent, ConsentText, Participation, Worker
from competitions.rosters.persons import name_problem, number_problem
from portal.audit.models import AuditEvent
from portal.core.context import PUBLIC
from portal.core.errors import Conflict, DomainError, Invalid, Refused
from portal.core.scoping import system_scope
from tests.factories.rosters import NOW, enter, id_number, make_filing, make_roster, person, scan

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def roster(tianjin):
    return make_roster(tianjin.filer, make_filing(tianjin.district))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("120199199001010012", ""),
        ("１２０１９９１９９００１０１００１２", ""),  # full width, as pasted from a scan
        ("120199199001010013", "校验码"),
        ("12019919900101001", "17位"),
        ("120199199002300010", "不存在"),
        (id_number(1, born="20120101"), "不满16周岁"),
        (id_number(1, born="19200101"), "超过80周岁"),
        ("", "请填写"),
    ],
)
def test_citizen_number(number, words):
    found = number_problem("citizen", number, today=NOW.date(), allow_unassigned_area=True)
    assert (words in found) if words else not found


@pytest.mark.parametrize(
    ("name", "good"), [("张示范", True), ("阿依古丽·买买提", True), ("Li Na", True), ("张3", False), ("", False)]
)
def test_name(name, good):
    assert bool(name_problem(name)) != good


def test_number_is_encrypted_and_never_in_an_audit_row(tianjin, roster, all_rows):
    row = enter(tianjin.filer, roster, person(1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, id_index FROM competitions_worker WHERE id = %s", [row.worker_id])
        stored, index = cursor.fetchone()
    assert stored.startswith("enc1:")
    assert person(1).id_number not in stored + index
    event = AuditEvent.objects.get(action="competitions.participation.registered")
    assert person(1).name not in f"{event.object_title}{event.data}"


def test_person_enters_a_competition_once_whoever_enters_them(tianjin, roster, all_rows):
    enter(tianjin.filer, roster, person(1))
    with pytest.raises(Invalid, match="已在本名单"):
        enter(tianjin.filer, roster, person(1))
    other = make_roster(tianjin.group_filer, roster.filing)
    with pytest.raises(Invalid, match=tianjin.employer.name if roster.employer_id else tianjin.unit.name):
        enter(tianjin.group_filer, other, person(1))
    second = make_roster(tianjin.filer, make_filing(tianjin.district, "安全竞赛"))
    enter(tianjin.filer, second, person(1))
    assert Worker.objects.count() == 1
    assert Participation.objects.count() == 2


def test_two_federations_keep_two_registers(tianjin, hebei, roster, all_rows):
    enter(tianjin.filer, roster, person(1))
    enter(hebei.filer, make_roster(hebei.filer, make_filing(hebei.district)), person(1))
    assert Worker.objects.count() == 2


def test_only_the_unit_itself_enters_people(tianjin, roster, all_rows):
    for actor in (tianjin.zone_checker, tianjin.district_manager, tianjin.supervisor):
        with pytest.raises(Refused):
            enter(actor, roster, person(1))


def test_competition_that_is_over_takes_nobody(tianjin, all_rows):
    with pytest.raises(Conflict):
        make_roster(tianjin.filer, make_filing(tianjin.district, state="archived"))


@pytest.mark.row(11)
def test_consent_by_link_is_given_once_with_the_last_four(tianjin, roster, all_rows):
    row = enter(tianjin.filer, roster, person(1))
    assert row.consent == ConsentState.PENDING
    with pytest.raises(Invalid, match="后四位"):
        consent.agree(actor=PUBLIC, participation=row, last_four="0000", now=NOW)
    consent.agree(actor=PUBLIC, participation=row, last_four=person(1).last_four, now=NOW)
    with pytest.raises(Conflict):
        consent.agree(actor=PUBLIC, participation=row, last_four=person(1).last_four, now=NOW)
    answer = Consent.objects.get()
    assert (answer.answer, answer.means, answer.text.version) == (Answer.GIVEN, Means.LINK, 1)


@pytest.mark.row(11)
@pytest.mark.parametrize("agreed", [True, False])
def test_leaving_deletes_what_is_personal_and_keeps_a_bare_line(tianjin, roster, all_rows, agreed):
    row = enter(tianjin.filer, roster, person(1), agreed=agreed, trade="焊工", is_migrant=True)
    consent.leave(actor=PUBLIC, participation=row, last_four=person(1).last_four, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.worker_id, row.trade, row.token_index) == (ParticipationState.LEFT, None, "", "")
    assert not row.is_migrant
    assert not Worker.objects.exists()
    last = Consent.objects.order_by("-pk").first()
    assert last.answer == (Answer.WITHDRAWN if agreed else Answer.REFUSED)
    assert AuditEvent.objects.filter(action="competitions.participation.left", object_id=row.pk).exists()
    enter(tianjin.filer, roster, person(1))  # may come again


def test_person_stays_in_the_register_while_in_another_competition(tianjin, roster, all_rows):
    row = enter(tianjin.filer, roster, person(1))
    second = make_roster(tianjin.filer, make_filing(tianjin.district, "安全竞赛"))
    enter(tianjin.filer, second, person(1))
    people.remove_person(actor=tianjin.filer, participation=row, own_wish=True, now=NOW)
    assert Worker.objects.count() == 1


def test_batch_consent_needs_a_scan_and_everybody_still_waiting(tianjin, roster, all_rows):
    rows = [enter(tianjin.filer, roster, person(n)) for n in range(3)]
    day = {"signed_on": NOW.date(), "note": "班前会签字", "now": NOW, "actor": tianjin.filer, "roster": roster}
    fake = scan()
    fake.name = "签字表.exe"
    with pytest.raises(Invalid):
        consent.record_batch(chosen=[rows[0].pk], upload=fake, **day)
    batch = consent.record_batch(chosen=[rows[0].pk, rows[1].pk], upload=scan(), **day)
    assert batch.people == 2
    assert Consent.objects.filter(means=Means.BATCH, batch=batch).count() == 2
    with pytest.raises(Invalid, match="待同意"):
        consent.record_batch(chosen=[rows[1].pk, rows[2].pk], upload=scan("2"), **day)
    rows[2].refresh_from_db()
    assert rows[2].consent == ConsentState.PENDING


def test_changed_text_is_the_next_version_and_answers_keep_theirs(tianjin, roster, all_rows, tmp_path, monkeypatch):
    first = enter(tianjin.filer, roster, person(1))
    consent.agree(actor=PUBLIC, participation=first, last_four=person(1).last_four, now=NOW)
    changed = tmp_path / "consent.toml"
    changed.write_text(consent.SOURCE.read_text(encoding="utf-8").replace("告知书", "告知同意书"), encoding="utf-8")
    monkeypatch.setattr(consent, "SOURCE", changed)
    second = enter(tianjin.filer, roster, person(2))
    consent.agree(actor=PUBLIC, participation=second, last_four=person(2).last_four, now=NOW)
    assert ConsentText.objects.count() == 2
    assert list(Consent.objects.order_by("pk").values_list("text__version", flat=True)) == [1, 2]


@pytest.mark.row(25, 147)
def test_people_without_a_unit_come_in_by_the_door_and_are_accepted(tianjin, all_rows):
    filing = make_filing(tianjin.district)
    group = make_roster(tianjin.zone_checker, filing, kind=RosterKind.GROUP, title="开发区货车司机")
    facts = people.Facts(group=NewGroup.TRUCK, street="开发区")
    with pytest.raises(Conflict):
        people.apply_at_door(actor=PUBLIC, roster=group, person=person(1), facts=facts, now=NOW)
    rosters.open_door(actor=tianjin.zone_checker, roster=group, until=NOW.date() + dt.timedelta(days=7), now=NOW)
    row = people.apply_at_door(actor=PUBLIC, roster=group, person=person(1), facts=facts, now=NOW)
    assert (row.state, row.consent) == (ParticipationState.APPLIED, ConsentState.GIVEN)
    with pytest.raises(Invalid, match="可能已经登记过") as error:
        people.apply_at_door(actor=PUBLIC, roster=group, person=person(1), facts=facts, now=NOW)
    assert tianjin.zone.name not in error.value.message
    people.accept_person(actor=tianjin.zone_checker, participation=row, now=NOW)
    other = people.apply_at_door(actor=PUBLIC, roster=group, person=person(2), facts=facts, now=NOW)
    people.reject_person(actor=tianjin.zone_checker, participation=other, reason="不在本区域", now=NOW)
    other.refresh_from_db()
    assert (other.state, other.worker_id) == (ParticipationState.REJECTED, None)
    later = NOW + dt.timedelta(days=8)
    with pytest.raises(Conflict):
        people.apply_at_door(actor=PUBLIC, roster=group, person=person(3), facts=facts, now=later)


def test_people_are_forgotten_after_the_second_year(tianjin, all_rows):
    old = enter(tianjin.filer, make_roster(tianjin.filer, make_filing(tianjin.district, year=2023)), person(1))
    kept = enter(tianjin.filer, make_roster(tianjin.filer, make_filing(tianjin.district, year=2024)), person(2))
    gone = retention.forget_expired(actor=PUBLIC, now=NOW, report=lambda *_words: None)
    old.refresh_from_db()
    kept.refresh_from_db()
    assert (gone, old.worker_id, kept.worker_id is None) == (1, None, False)


def test_database_keeps_a_line_of_somebody_who_left_bare(tianjin, roster, all_rows):
    row = enter(tianjin.filer, roster, person(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=row.pk).update(state=ParticipationState.LEFT, left_at=NOW)


@pytest.mark.django_db(transaction=True)
def test_same_person_entered_by_two_units_at_once_gets_in_once(tianjin):
    with system_scope("test"):
        filing = make_filing(tianjin.district)
        both = [(actor, make_roster(actor, filing)) for actor in (tianjin.filer, tianjin.zone_checker)]
    barrier, outcomes = threading.Barrier(2), []

    def work(actor, roster):
        try:
            with system_scope("test thread"):
                barrier.wait()
                enter(actor, roster, person(1))
                outcomes.append("in")
        except DomainError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=pair) for pair in both]
    [t.start() for t in threads]
    [t.join() for t in threads]
    with system_scope("test"):
        assert sorted(outcomes) == ["in", "refused"]
        assert (Worker.objects.count(), Participation.objects.count()) == (1, 1)
