"""Creating and saving drafts: limits, duplicates, stale pages, prefilled answers."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.accounts.enums import OrganisationKind, Role
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.lifecycle.entries.content import answers_of, section_base
from portal.lifecycle.entries.domain import StaleDraft, change_track, copy_entry, create_entry, save_draft
from portal.lifecycle.entries.models import ConsentRecord, Entry
from portal.lifecycle.programmes.models import CycleStatus, StageStatus
from tests.factories.answers import citizen_id
from tests.factories.entries import make_cycle, make_entry
from tests.factories.people import make_actor, make_organisation

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "small-work")


def create(cycle, actor, title="车床护罩改进", **kwargs):
    track = cycle.tracks.first()
    return create_entry(actor=actor, cycle=cycle, now=timezone.now(), title=title, track=track, **kwargs)


def test_new_draft_knows_unit_and_person(cycle, tianjin, in_scope):
    tianjin.filer.user.phone = "19900001111"
    tianjin.filer.user.save()
    with in_scope(tianjin.filer):
        entry = create(cycle, tianjin.filer)
        answers = answers_of(entry)
    assert answers["employer_name"] == tianjin.employer.name
    assert answers["phone"] == "19900001111"
    assert entry.title == "车床护罩改进"
    assert entry.code == f"{cycle.year}-{cycle.pk:04d}-00001"
    assert "19900001111" not in str(entry.answers)


def test_numbers_run_on_over_units(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        create(cycle, tianjin.filer)
    with in_scope(tianjin.group_filer):
        assert create(cycle, tianjin.group_filer).code.endswith("-00002")


def test_same_title_in_same_unit_is_a_conflict_that_names_the_first(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        first = create(cycle, tianjin.filer, title="《车床护罩》改进")
        with pytest.raises(Conflict, match=first.code):
            create(cycle, tianjin.filer, title="车床护罩改进")
        assert Entry.objects.count() == 1


def test_same_title_in_another_unit_is_fine(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        create(cycle, tianjin.filer)
    with in_scope(tianjin.group_filer):
        create(cycle, tianjin.group_filer)


def test_unit_limit_counts_the_teams_of_the_unit(cycle, tianjin, in_scope, all_rows):
    team = make_organisation(OrganisationKind.TEAM, "一车间班组", tianjin.unit)
    filer = make_actor(team, Role.FILER)
    for number in range(2):
        make_entry(cycle, filer, title=f"成果{number}")
    make_entry(cycle, tianjin.filer, title="成果三")
    with in_scope(filer), pytest.raises(Refused, match="最多申报 3 件"):
        create(cycle, filer)
    make_entry(cycle, tianjin.filer, "withdrawn", title="不算")
    Entry.objects.filter(title="成果三").update(state="withdrawn")
    with in_scope(filer):
        create(cycle, filer)


@pytest.mark.parametrize("role", ["manager", "district_checker", "unit_checker", "expert"])
def test_only_unit_filers_create(role, cycle, tianjin, in_scope):
    actor = getattr(tianjin, role)
    with in_scope(actor), pytest.raises(Refused):
        create(cycle, actor)


def test_nothing_new_before_after_or_in_grace(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        stage = cycle.stages.get(kind="application")
        for moment in (stage.opens_at - dt.timedelta(minutes=1), stage.closes_at + dt.timedelta(minutes=5)):
            with pytest.raises(Refused):
                create_entry(actor=tianjin.filer, cycle=cycle, now=moment, title="迟到", track=cycle.tracks.first())


def test_no_entry_in_a_closed_stage_or_cancelled_cycle(cycle, tianjin, in_scope, all_rows):
    cycle.stages.filter(kind="application").update(status=StageStatus.CLOSED)
    with in_scope(tianjin.filer), pytest.raises(Refused, match="截止"):
        create(cycle, tianjin.filer)
    cycle.status = CycleStatus.CANCELLED
    with in_scope(tianjin.filer), pytest.raises(Refused, match="不接受申报"):
        create(cycle, tianjin.filer)


def test_track_is_asked_for_where_there_are_several(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        with pytest.raises(Invalid) as caught:
            create_entry(actor=tianjin.filer, cycle=cycle, now=timezone.now(), title="无类别")
        assert "track" in caught.value.fields
        entry = create(cycle, tianjin.filer)
        other = cycle.tracks.last()
        assert change_track(actor=tianjin.filer, entry=entry, track=other, now=NOW).track == other


def test_save_keeps_faulty_and_over_long_text(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        entry = create(cycle, tianjin.filer)
        long = "长" * 2400
        saved = save_draft(
            actor=tianjin.filer,
            entry=entry,
            section="work",
            answers={"summary": long, "applied_on": "三月里", "work_title": "新名称"},
            now=NOW,
        )
        entry.refresh_from_db()
    assert saved.changed
    assert entry.answers["summary"] == long
    assert entry.answers["applied_on"] == "三月里"
    assert entry.title == "新名称"
    assert entry.version == 2


def test_same_content_again_changes_nothing(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        entry = create(cycle, tianjin.filer)
        answers = {"summary": "简介"}
        save_draft(actor=tianjin.filer, entry=entry, section="work", answers=answers, now=NOW)
        events = AuditEvent.objects.count()
        again = save_draft(actor=tianjin.filer, entry=entry, section="work", answers=answers, now=NOW, base="old")
        assert not again.changed
        assert AuditEvent.objects.count() == events


def test_stale_section_is_a_conflict_with_both_texts(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        entry = create(cycle, tianjin.filer)
        rules = cycle.rules
        base = section_base(rules, "work", answers_of(entry))
        save = {"actor": tianjin.filer, "entry": entry, "section": "work", "now": NOW}
        first = save_draft(**save, answers={"summary": "甲的内容"}, base=base)
        with pytest.raises(StaleDraft) as caught:
            save_draft(**save, answers={"summary": "乙的内容"}, base=base)
        assert caught.value.stored["summary"] == "甲的内容"
        assert caught.value.typed["summary"] == "乙的内容"
        entry.refresh_from_db()
        assert entry.answers["summary"] == "甲的内容"
        assert save_draft(**save, answers={"summary": "乙的内容"}, base=first.base).changed


def test_another_section_saved_meanwhile_is_no_conflict(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        entry = create(cycle, tianjin.filer)
        base = section_base(cycle.rules, "work", answers_of(entry))
        save_draft(actor=tianjin.filer, entry=entry, section="people", answers={"phone": "19900002222"}, now=NOW)
        saved = save_draft(
            actor=tianjin.filer, entry=entry, section="work", answers={"summary": "内容"}, now=NOW, base=base
        )
        assert saved.changed


def test_expected_version_of_the_api_makes_a_stale_save_a_conflict(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        entry = create(cycle, tianjin.filer)
        save_draft(actor=tianjin.filer, entry=entry, section="work", answers={"summary": "一"}, now=NOW)
        with pytest.raises(Conflict):
            save_draft(
                actor=tianjin.filer, entry=entry, section="work", answers={"summary": "二"}, now=NOW, expected_version=1
            )


def test_personal_numbers_are_never_stored_in_clear(cycle, tianjin, in_scope):
    number = citizen_id(1)
    with in_scope(tianjin.filer):
        entry = create(cycle, tianjin.filer)
        rows = [{"name": "周明远", "id_number": number, "share": "100"}]
        save_draft(actor=tianjin.filer, entry=entry, section="people", answers={"people": rows}, now=NOW)
        entry.refresh_from_db()
        assert number not in str(entry.answers)
        assert answers_of(entry)["people"][0]["id_number"] == number
        assert number not in str(list(AuditEvent.objects.values()))


def test_foreign_fields_and_locked_entries_are_refused(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer)
    with in_scope(tianjin.filer), pytest.raises(Invalid):
        save_draft(actor=tianjin.filer, entry=entry, section="work", answers={"phone": "1"}, now=NOW)
    sent = make_entry(cycle, tianjin.filer, "submitted", title="已上报")
    with in_scope(tianjin.filer), pytest.raises(Refused, match="锁定"):
        save_draft(actor=tianjin.filer, entry=sent, section="work", answers={"summary": "改"}, now=NOW)


def test_another_unit_cannot_save(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer)
    with in_scope(tianjin.group_filer), pytest.raises(Entry.DoesNotExist):
        save_draft(actor=tianjin.group_filer, entry=entry, section="work", answers={"summary": "改"}, now=NOW)


@pytest.mark.row(11)
def test_tick_in_the_form_is_a_recorded_consent_and_its_removal_a_withdrawal(cycle, tianjin, in_scope):
    with in_scope(tianjin.filer):
        entry = create(cycle, tianjin.filer)
        save = {"actor": tianjin.filer, "entry": entry, "section": "proof", "now": NOW}
        save_draft(**save, answers={"publish_consent": True})
        record = ConsentRecord.objects.get(entry=entry)
        assert record.purpose == "publish"
        assert record.text == cycle.rules.texts.consent
        assert record.given_by == tianjin.filer.user
        save_draft(**save, answers={"publish_consent": False})
        record.refresh_from_db()
        assert record.withdrawn_at == NOW


def test_copy_takes_answers_but_no_consent_files_or_declarations(tianjin, in_scope, all_rows):
    old = make_cycle(tianjin, "small-work", year=2023)
    source = make_entry(old, tianjin.filer, "not_selected")
    new = make_cycle(tianjin, "small-work", year=2026)
    with in_scope(tianjin.filer):
        entry = copy_entry(actor=tianjin.filer, source=source, cycle=new, now=timezone.now())
    assert entry.title == source.title
    answers = answers_of(entry)
    assert answers["summary"] == answers_of(source)["summary"]
    assert "publish_consent" not in answers
    assert "no_veto" not in answers
    assert entry.attachments.count() == 0
