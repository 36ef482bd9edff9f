"""Submitting: what it writes, everything that refuses it, deadlines, withdrawal, consents, two tabs at once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection
from django.utils import timezone

from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.engine.perform import preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.content import answers_of, stored_answers, write_keys
from portal.lifecycle.entries.domain import (
    add_attachment,
    give_consent,
    remove_attachment,
    save_draft,
    submit_entry,
    withdraw_consent,
    withdraw_entry,
)
from portal.lifecycle.entries.guards import warnings_of
from portal.lifecycle.entries.models import Attachment, ConsentRecord, Entry, EntryVersion
from portal.lifecycle.programmes.models import Cycle, CycleStatus
from tests.factories.answers import citizen_id, credit_code, patent_number
from tests.factories.entries import PDF, make_attachment, make_cycle, make_entry, picture_bytes
from tests.factories.people import Tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle(tianjin):
    return make_cycle(tianjin, "small-work")


def keyed(entry):
    """Factories write answers directly; the keys come with the first save through the domain."""
    write_keys(entry, entry.cycle.rules, answers_of(entry))
    return entry


def codes_of(refused):
    return {decision.code for decision in refused.value.decisions}


def test_submission_fixes_route_and_writes_a_version(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer)
    now = timezone.now()
    with in_scope(tianjin.filer):
        sent = submit_entry(actor=tianjin.filer, entry=entry, now=now, expected_version=entry.version)
        version = EntryVersion.objects.get(entry=entry)
    assert sent.state == EntryState.SUBMITTED
    assert sent.at_level == "grassroots"
    assert sent.at_organisation_id == tianjin.unit.pk
    assert [hop["organisation"] for hop in sent.route][:2] == [tianjin.unit.pk, tianjin.zone.pk]
    assert sent.route_path == tianjin.zone.path
    assert sent.submitted_at == now
    assert version.number == 1
    assert len(version.fingerprint) == 64
    assert {row["field"] for row in version.attachments} == {"photos"}
    assert answers_of(sent)["summary"] == answers_of(version.entry)["summary"]


def test_unions_see_the_entry_from_the_submission_on(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer)
    above = [tianjin.zone_checker, tianjin.district_checker, tianjin.manager]
    for actor in above:
        with in_scope(actor):
            assert not Entry.objects.exists()
    with in_scope(tianjin.filer):
        submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())
    for actor in above:
        with in_scope(actor):
            assert Entry.objects.count() == 1
    with in_scope(tianjin.group_checker):
        assert not Entry.objects.exists()


def test_incomplete_entry_is_refused_with_what_is_missing(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, answers={"summary": ""}, files=False)
    with in_scope(tianjin.filer), pytest.raises(Refused) as refused:
        submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())
    assert codes_of(refused) == {"incomplete"}
    assert "成果简介、现场照片" in refused.value.message


def test_all_reasons_are_named_at_once(cycle, tianjin, in_scope, all_rows):
    make_entry(cycle, tianjin.filer, "submitted", title="同一名称")
    entry = make_entry(cycle, tianjin.filer, title="同一名称", files=False)
    ConsentRecord.objects.filter(entry=entry).update(withdrawn_at=timezone.now())
    with in_scope(tianjin.filer):
        reasons = {d.code for d in preview(entry, "submit", actor=tianjin.filer, now=timezone.now())}
    assert reasons == {"incomplete", "consent", "duplicate_title"}


def test_deadline_with_grace(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer)
    stage = cycle.stages.get(kind="application")
    with in_scope(tianjin.filer):
        late = stage.closes_at + dt.timedelta(minutes=31)
        with pytest.raises(Refused) as refused:
            submit_entry(actor=tianjin.filer, entry=entry, now=late)
        assert codes_of(refused) == {"stage"}
        save_draft(actor=tianjin.filer, entry=entry, section="work", answers={"summary": "迟到也保存"}, now=late)
        in_grace = stage.closes_at + dt.timedelta(minutes=29)
        assert submit_entry(actor=tianjin.filer, entry=entry, now=in_grace).state == EntryState.SUBMITTED


def test_returned_entry_comes_back_until_its_own_deadline(cycle, tianjin, in_scope, all_rows):
    now = cycle.stages.get(kind="application").closes_at + dt.timedelta(days=3)
    cycle.stages.filter(kind="application").update(status="closed")
    entry = make_entry(cycle, tianjin.filer, "returned", return_due_at=now + dt.timedelta(days=1))
    with in_scope(tianjin.filer):
        with pytest.raises(Refused):
            submit_entry(actor=tianjin.filer, entry=entry, now=now + dt.timedelta(days=2))
        back = submit_entry(actor=tianjin.filer, entry=entry, now=now)
        assert back.return_due_at is None
        assert EntryVersion.objects.filter(entry=entry).count() == 2


def test_cancelled_cycle_takes_nothing(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer)
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.CANCELLED)
    with in_scope(tianjin.filer), pytest.raises(Refused) as refused:
        submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())
    assert "cycle" in codes_of(refused)


def test_person_limit_counts_first_persons_over_units(cycle, tianjin, in_scope, all_rows):
    number = citizen_id(500)
    rows = [{"name": "周明远", "id_number": number, "share": "100"}]
    for actor, title in ((tianjin.filer, "一"), (tianjin.group_filer, "二")):
        keyed(make_entry(cycle, actor, "submitted", title=title, answers={"people": rows}))
    third = keyed(make_entry(cycle, tianjin.filer, title="三", answers={"people": rows}))
    with in_scope(tianjin.filer), pytest.raises(Refused) as refused:
        submit_entry(actor=tianjin.filer, entry=third, now=timezone.now())
    assert codes_of(refused) == {"person_limit"}
    other = [{"name": "林晓东", "id_number": citizen_id(501), "share": "60"}, rows[0] | {"share": "40"}]
    fourth = keyed(make_entry(cycle, tianjin.filer, title="四", answers={"people": other}))
    with in_scope(tianjin.filer):
        submit_entry(actor=tianjin.filer, entry=fourth, now=timezone.now())


@pytest.mark.row(45)
def test_equal_patent_number_elsewhere_is_a_warning_not_a_refusal(cycle, tianjin, in_scope, all_rows):
    patent = {"has_patent": True, "patents": [{"number": patent_number(7), "name": "夹具"}]}
    first = keyed(make_entry(cycle, tianjin.group_filer, "submitted", answers=patent))
    second = keyed(make_entry(cycle, tianjin.filer, answers=patent))
    with in_scope(tianjin.filer):
        warnings = warnings_of(second)
        assert [warning.code for warning in warnings] == ["same_value"]
        assert first.code in warnings[0].message
        assert submit_entry(actor=tianjin.filer, entry=second, now=timezone.now()).state == EntryState.SUBMITTED


def test_unit_programme_takes_one_entry_per_credit_code(tianjin, in_scope, all_rows):
    cycle = make_cycle(tianjin, "nonpublic-top10")
    field = next(spec.code for spec in cycle.rules.fields if spec.type == "credit_code")
    same = {field: credit_code(900)}
    keyed(make_entry(cycle, tianjin.group_filer, "submitted", title="甲公司", answers=same))
    entry = keyed(make_entry(cycle, tianjin.filer, title="乙公司", answers=same))
    with in_scope(tianjin.filer):
        reasons = {d.code for d in preview(entry, "submit", actor=tianjin.filer, now=timezone.now())}
    assert "duplicate_unit" in reasons


def test_unit_without_a_union_above_is_told_whom_to_ask(cycle, tianjin, in_scope, all_rows):
    params = cycle.stages.get(kind="recommendation")
    params.params |= {"optional_levels": []}
    params.save()
    entry = make_entry(make_cycle(tianjin, "small-work", year=2031), tianjin.group_filer)
    entry.cycle = cycle
    entry.save()
    with in_scope(tianjin.group_filer):
        reasons = preview(Entry.objects.get(pk=entry.pk), "submit", actor=tianjin.group_filer, now=timezone.now())
    assert "route" in {d.code for d in reasons}


def test_stale_page_and_second_click_are_conflicts(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer)
    with in_scope(tianjin.filer):
        with pytest.raises(Conflict):
            submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now(), expected_version=entry.version + 1)
        submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())
        with pytest.raises(Conflict):
            submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())
        assert EntryVersion.objects.filter(entry=entry).count() == 1


def test_version_holds_only_what_applies(cycle, tianjin, in_scope, all_rows):
    hidden = {"has_patent": True, "patents": [{"number": patent_number(9), "name": "甲"}]}
    entry = make_entry(cycle, tianjin.filer, answers=hidden)
    answers = answers_of(entry) | {"has_patent": False}
    Entry.objects.filter(pk=entry.pk).update(answers=stored_answers(cycle.rules, answers))
    with in_scope(tianjin.filer):
        submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())
        assert "patents" not in EntryVersion.objects.get(entry=entry).answers


def test_withdrawn_entry_frees_its_holder_and_cannot_come_back(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, "submitted")
    with in_scope(tianjin.filer):
        gone = withdraw_entry(actor=tianjin.filer, entry=entry, now=timezone.now(), reason="改报")
        assert gone.state == EntryState.WITHDRAWN
        assert gone.at_organisation_id is None
        with pytest.raises(Conflict):
            submit_entry(actor=tianjin.filer, entry=entry, now=timezone.now())


@pytest.mark.row(11)
def test_withdrawing_the_consent_takes_the_entry_out_of_the_selection(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, "submitted")
    with in_scope(tianjin.filer):
        out = withdraw_consent(actor=tianjin.filer, entry=entry, now=timezone.now())
        assert out.state == EntryState.WITHDRAWN
        assert not ConsentRecord.objects.filter(entry=entry, withdrawn_at=None).exists()
        with pytest.raises(Conflict):
            withdraw_consent(actor=tianjin.filer, entry=entry, now=timezone.now())


def test_consent_given_twice_is_one_record_with_the_words(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, complete=False, answers={"work_title": "无"})
    with in_scope(tianjin.filer):
        first = give_consent(actor=tianjin.filer, entry=entry, now=timezone.now())
        again = give_consent(actor=tianjin.filer, entry=entry, now=timezone.now())
        assert first == again
        assert first.text == cycle.rules.texts.consent
        with pytest.raises(Invalid):
            give_consent(actor=tianjin.filer, entry=entry, now=timezone.now(), purpose="none")


def upload(name="现场.png", content=None):
    return SimpleUploadedFile(name, picture_bytes() if content is None else content)


def test_files_up_to_the_limit_each_once(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, files=False)
    add = {"actor": tianjin.filer, "entry": entry, "field": "photos", "now": timezone.now()}
    with in_scope(tianjin.filer):
        first = add_attachment(**add, upload=upload())
        with pytest.raises(Conflict, match="已经上传过"):
            add_attachment(**add, upload=upload("改名.png"))
        add_attachment(**add, upload=upload("二.jpg", picture_bytes("JPEG")))
        with pytest.raises(Invalid, match="最多 2 个") as full:
            add_attachment(**add, upload=upload("三.png", picture_bytes("PNG") + b"\x00"))
        assert "photos" in full.value.fields
        remove_attachment(actor=tianjin.filer, attachment=first, now=timezone.now())
        remove_attachment(actor=tianjin.filer, attachment=first, now=timezone.now())
        add_attachment(**add, upload=upload("三.png", picture_bytes("PNG") + b"\x00"))
        assert not first.file.name.endswith("现场.png")


def test_own_union_adds_sealed_papers_while_it_checks_and_nothing_else(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, "submitted")
    add = {"actor": tianjin.unit_checker, "entry": entry, "now": timezone.now()}
    with in_scope(tianjin.unit_checker):
        add_attachment(**add, field="sealed_form", upload=upload("盖章.pdf", PDF))
        with pytest.raises(Refused, match="只能补传盖章件"):
            add_attachment(**add, field="material", upload=upload("补.pdf", PDF))
        photo = Attachment.objects.get(entry=entry, field="photos")
        with pytest.raises(Refused):
            remove_attachment(actor=tianjin.unit_checker, attachment=photo, now=timezone.now())
    with in_scope(tianjin.zone_checker), pytest.raises(Refused):
        add_attachment(
            actor=tianjin.zone_checker, entry=entry, field="sealed_form", upload=upload(), now=timezone.now()
        )


def test_removed_file_stays_in_the_version_that_had_it(cycle, tianjin, in_scope, all_rows):
    entry = make_entry(cycle, tianjin.filer, "returned", return_due_at=timezone.now() + dt.timedelta(days=2))
    make_attachment(entry, tianjin.filer, "photos", "第二张.png")
    before = EntryVersion.objects.get(entry=entry).attachments
    photo = Attachment.objects.filter(entry=entry).first()
    with in_scope(tianjin.filer):
        remove_attachment(actor=tianjin.filer, attachment=photo, now=timezone.now())
        assert EntryVersion.objects.get(entry=entry).attachments == before
        photo.refresh_from_db()
        assert photo.file.storage.exists(photo.file.name)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_submitting_at_once_make_one_version():
    with system_scope("test"):
        tree = Tree("天津市")
        entry = make_entry(make_cycle(tree, "small-work"), tree.filer)
    now = timezone.now()

    def press(_number):
        close_old_connections()
        try:
            with system_scope("test"):
                submit_entry(actor=tree.filer, entry=entry, now=now)
            return "sent"
        except Conflict:
            return "conflict"
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(press, range(6)))
    assert sorted(outcomes) == ["conflict"] * 5 + ["sent"]
    with system_scope("test"):
        assert EntryVersion.objects.filter(entry=entry).count() == 1
