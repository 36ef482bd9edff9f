"""Notices: drafted, frozen, counted in working days, closed once; the local notice before a recommendation."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading

import pytest
from django.db import connections
from django.utils import timezone

from portal.accounts.models import Holiday
from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.core.dates import SHANGHAI
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import PublicScope, scope, system_scope
from portal.jobs import domain as jobs
from portal.jobs.models import JobRun
from portal.jobs.tasks import run_job
from portal.lifecycle.engine.perform import perform, preview
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.display import display_status
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.queries import entries as visible_entries
from portal.lifecycle.notice import domain, queries
from portal.lifecycle.notice.models import Notice, NoticeItem, NoticeKind, NoticeStatus
from tests.factories.entries import make_cycle, make_entry
from tests.factories.notices import end_notice, make_draft, make_notice, make_round_done, make_selected

pytestmark = pytest.mark.django_db
WORDS = {"title": "关于拟命名的公示", "body": "现予公示。", "contact": "经济技术部", "working_days": 5}


def at(*parts):
    return dt.datetime(*parts, tzinfo=SHANGHAI)


@pytest.fixture
def selected(tianjin):
    return make_selected(tianjin)


def fresh(entry):
    with system_scope("test"):
        return Entry.objects.get(pk=entry.pk)


# --- drafting ---------------------------------------------------------------------------------------


def test_draft_is_seen_by_nobody_outside_and_moves_no_entry(tianjin, selected):
    notice = make_draft(selected, tianjin.manager)
    assert notice.status == NoticeStatus.DRAFT
    assert [fresh(e).state for e in selected] == [EntryState.SELECTED] * 2
    with scope(PublicScope()):
        assert not Notice.objects.exists()
        assert not NoticeItem.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", " "), ("title", "长" * 161), ("body", ""), ("contact", " "), ("working_days", 4)],
)
def test_draft_without_the_necessary_words_is_refused_beside_the_field(tianjin, selected, all_rows, field, value):
    with pytest.raises(Invalid) as refused:
        domain.draft_notice(
            cycle=selected[0].cycle,
            organisation=tianjin.municipal,
            kind=NoticeKind.SELECTION,
            entries=selected,
            actor=tianjin.manager,
            now=timezone.now(),
            **(WORDS | {field: value}),
        )
    assert set(refused.value.fields) == {field}


def test_draft_with_an_empty_list_or_another_cycles_entry_is_refused(tianjin, selected, all_rows):
    other = make_entry(make_cycle(tianjin, "innovation-star", stage="notice"), tianjin.filer, EntryState.SELECTED)
    for entries in ([], [*selected, other]):
        with pytest.raises(Invalid):
            domain.draft_notice(
                cycle=selected[0].cycle,
                organisation=tianjin.municipal,
                kind=NoticeKind.SELECTION,
                entries=entries,
                actor=tianjin.manager,
                now=timezone.now(),
                **WORDS,
            )


def test_only_the_cycles_owner_drafts_the_citys_notice(tianjin, selected, all_rows):
    for actor in (tianjin.district_manager, tianjin.filer, tianjin.expert, tianjin.supervisor):
        with pytest.raises(Refused):
            domain.draft_notice(
                cycle=selected[0].cycle,
                organisation=tianjin.municipal,
                kind=NoticeKind.SELECTION,
                entries=selected,
                actor=actor,
                now=timezone.now(),
                **WORDS,
            )


def test_draft_is_changed_until_it_is_published(tianjin, selected, all_rows):
    notice = make_draft(selected, tianjin.manager)
    now = timezone.now()
    changed = domain.change_draft(notice=notice, actor=tianjin.manager, now=now, **(WORDS | {"working_days": 7}))
    assert changed.working_days == 7
    event = AuditEvent.objects.get(action="lifecycle.notice.changed")
    assert (event.before["working_days"], event.after["working_days"]) == (5, 7)
    domain.publish_notice(notice=notice, actor=tianjin.manager, now=now)
    with pytest.raises(Conflict):
        domain.change_draft(notice=notice, actor=tianjin.manager, now=now, **WORDS)


# --- publishing -------------------------------------------------------------------------------------


def test_publishing_takes_every_entry_into_the_notice_and_says_so_in_the_log(tianjin, selected):
    notice = make_notice(selected, tianjin.manager)
    assert (notice.status, notice.published_by) == (NoticeStatus.PUBLISHED, tianjin.manager.user)
    assert [fresh(e).state for e in selected] == [EntryState.IN_NOTICE] * 2
    with system_scope("test"):
        event = AuditEvent.objects.get(action="lifecycle.notice.published")
    assert event.data["sha256"] == notice.sha256


@pytest.mark.parametrize(
    ("published", "days", "closes"),
    [
        # 国庆 2026: 1–7 October off, Saturday the 10th worked; the day of publication does not count.
        (at(2026, 9, 28, 9), 5, at(2026, 10, 10, 17)),
        (at(2026, 9, 30, 23, 59), 5, at(2026, 10, 13, 17)),
        (at(2026, 11, 23, 8), 5, at(2026, 11, 30, 17)),
        (at(2026, 11, 22, 8), 5, at(2026, 11, 27, 17)),  # published on a Sunday
        (at(2026, 11, 23, 8), 10, at(2026, 12, 7, 17)),
    ],
)
def test_notice_ends_at_five_on_the_last_working_day(tianjin, published, days, closes):
    selected = make_selected(tianjin, now=published)
    notice = make_notice(selected, tianjin.manager, days=days, now=published)
    assert notice.closes_at == closes


def test_notice_follows_the_administrators_holidays(tianjin, all_rows):
    published = at(2026, 11, 23, 8)
    Holiday.objects.create(day=dt.date(2026, 11, 25), name="临时放假", is_workday=False)
    notice = make_notice(make_selected(tianjin, now=published), tianjin.manager, now=published)
    assert notice.closes_at == at(2026, 12, 1, 17)


def test_notice_into_a_year_without_holidays_says_so_in_the_log(tianjin, all_rows):
    published = at(2026, 12, 30, 8)
    make_notice(make_selected(tianjin, now=published), tianjin.manager, now=published)
    assert AuditEvent.objects.get(action="lifecycle.notice.published").data["unknown_years"] == [2027]


def test_published_list_does_not_follow_the_entry(tianjin, selected, all_rows):
    notice = make_notice(selected, tianjin.manager)
    before = list(queries.items_of(notice).values_list("position", "shown"))
    entry = Entry.objects.get(pk=selected[0].pk)
    Entry.objects.filter(pk=entry.pk).update(title="后来的名称", answers={})
    tianjin.employer.name = "后来的单位"
    tianjin.employer.save()
    assert list(queries.items_of(notice).values_list("position", "shown")) == before
    assert domain.fingerprint(list(queries.items_of(notice).select_related("entry"))) == notice.sha256


def test_draft_list_follows_the_entry_until_it_is_published(tianjin, selected, all_rows):
    notice = make_draft(selected, tianjin.manager)
    Entry.objects.filter(pk=selected[0].pk).update(title="更正后的名称")
    domain.publish_notice(notice=notice, actor=tianjin.manager, now=timezone.now())
    assert queries.items_of(notice)[0].shown["title"] == "更正后的名称"


def test_fingerprint_is_of_the_list_as_shown(tianjin, selected, all_rows):
    notice = make_notice(selected, tianjin.manager)
    items = list(queries.items_of(notice).select_related("entry"))
    lines = [{"position": i.position, "entry": i.entry.code, "shown": i.shown} for i in items]
    text = json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert notice.sha256 == hashlib.sha256(text.encode()).hexdigest()
    items[0].shown["unit"] += "。"
    assert domain.fingerprint(items) != notice.sha256


def test_notice_is_published_once(tianjin, selected, all_rows):
    notice = make_notice(selected, tianjin.manager)
    with pytest.raises(Conflict):
        domain.publish_notice(notice=notice, actor=tianjin.manager, now=timezone.now())
    assert AuditEvent.objects.filter(action="lifecycle.notice.published").count() == 1


def test_notice_with_an_entry_that_has_moved_on_publishes_nothing(tianjin, all_rows):
    selected = make_round_done(tianjin)[:2]
    notice = make_draft(selected, tianjin.manager)
    now = timezone.now()
    perform(selected[1], "disqualify", actor=system_actor("test"), now=now, reason="材料不实")
    with pytest.raises(Conflict):
        domain.publish_notice(notice=notice, actor=tianjin.manager, now=now)
    assert fresh(selected[0]).state == EntryState.SELECTED
    notice.refresh_from_db()
    assert (notice.status, notice.sha256) == (NoticeStatus.DRAFT, "")


def test_checkers_draft_but_do_not_publish_the_citys_notice(tianjin, selected, all_rows):
    notice = make_draft(selected, tianjin.checker)
    with pytest.raises(Refused):
        domain.publish_notice(notice=notice, actor=tianjin.checker, now=timezone.now())


# --- closing ----------------------------------------------------------------------------------------


def test_notice_cannot_end_before_its_last_day(tianjin, selected, all_rows):
    notice = make_notice(selected, tianjin.manager)
    with pytest.raises(Conflict):
        domain.close_notice(notice=notice, actor=tianjin.manager, now=notice.closes_at - dt.timedelta(seconds=1))
    assert fresh(selected[0]).state == EntryState.IN_NOTICE


def test_notice_without_objection_confirms_all_and_ends_once(tianjin, selected, all_rows):
    notice = make_notice(selected, tianjin.manager)
    for _ in range(2):
        domain.close_notice(notice=notice, actor=tianjin.manager, now=notice.closes_at)
    assert [fresh(e).state for e in selected] == [EntryState.CONFIRMED] * 2
    assert AuditEvent.objects.filter(action="lifecycle.notice.closed").count() == 1
    assert AuditEvent.objects.filter(action="lifecycle.entry.confirmed").count() == 2


def test_entry_is_not_confirmed_while_its_notice_runs(tianjin, selected, all_rows):
    make_notice(selected, tianjin.manager)
    with pytest.raises(Refused, match="公示期未满"):
        perform(selected[0], "confirm", actor=tianjin.manager, now=timezone.now())


def test_beat_closes_due_notices_and_finds_nothing_the_second_time(tianjin):
    published = timezone.now() - dt.timedelta(days=30)
    due = make_notice(make_selected(tianjin, now=published), tianjin.manager, now=published)
    with system_scope("test"):
        cycle = make_cycle(tianjin, "innovation-star", stage="notice")
        running = make_notice([make_entry(cycle, tianjin.filer, EntryState.SELECTED)], tianjin.manager)
    for number in range(2):
        run = jobs.start("lifecycle.close_due_notices", key=f"test:{number}", actor=system_actor("beat"))
        run_job(run.pk)
    with system_scope("test"):
        results = [r.result["closed"] for r in JobRun.objects.order_by("pk")]
        due.refresh_from_db()
        running.refresh_from_db()
        assert AuditEvent.objects.filter(action="lifecycle.notice.closed").count() == 1
    assert results == [[due.code], []]
    assert (due.status, running.status) == (NoticeStatus.CLOSED, NoticeStatus.PUBLISHED)


def test_the_citys_notice_cannot_be_taken_back(tianjin, selected, all_rows):
    notice = make_notice(selected, tianjin.manager)
    with pytest.raises(Conflict):
        domain.cancel_notice(notice=notice, actor=tianjin.manager, now=timezone.now(), reason="发错了")
    draft = make_draft([make_entry(selected[0].cycle, tianjin.filer, EntryState.SELECTED)], tianjin.manager)
    with pytest.raises(Invalid):
        domain.cancel_notice(notice=draft, actor=tianjin.manager, now=timezone.now(), reason=" ")
    gone = domain.cancel_notice(notice=draft, actor=tianjin.manager, now=timezone.now(), reason="重新拟定")
    assert gone.status == NoticeStatus.CANCELLED


# --- local notices ----------------------------------------------------------------------------------


@pytest.fixture
def at_the_unit(tianjin):
    """An entry that its own union checks, where the programme wants five days of local notice."""
    params = {"recommendation": {"notice_working_days": {"grassroots": 5}}}
    cycle = make_cycle(tianjin, "small-work", year=timezone.now().year - 1, params=params)
    return make_entry(cycle, tianjin.filer, EntryState.SUBMITTED)


def why_not(entry, tree):
    with system_scope("test"):
        found = preview(Entry.objects.get(pk=entry.pk), "endorse", actor=tree.unit_checker, now=timezone.now())
    return {decision.code for decision in found}


def test_union_recommends_only_after_its_own_notice(tianjin, at_the_unit):
    assert "local_notice" in why_not(at_the_unit, tianjin)
    notice = make_notice([at_the_unit], tianjin.unit_checker, kind=NoticeKind.LOCAL)
    assert "local_notice" in why_not(at_the_unit, tianjin)  # it runs
    assert fresh(at_the_unit).state == EntryState.SUBMITTED
    end_notice(notice)
    assert "local_notice" not in why_not(at_the_unit, tianjin)


def test_local_notice_that_was_taken_back_does_not_count(tianjin, at_the_unit, all_rows):
    notice = make_notice([at_the_unit], tianjin.unit_checker, kind=NoticeKind.LOCAL)
    domain.cancel_notice(notice=notice, actor=tianjin.unit_checker, now=timezone.now(), reason="名单有误")
    assert "local_notice" in why_not(at_the_unit, tianjin)
    again = make_notice([at_the_unit], tianjin.unit_checker, kind=NoticeKind.LOCAL)
    assert again.status == NoticeStatus.PUBLISHED


def test_union_shows_only_what_it_holds(tianjin, at_the_unit, all_rows):
    notice = make_draft([at_the_unit], tianjin.unit_checker, kind=NoticeKind.LOCAL)
    Entry.objects.filter(pk=at_the_unit.pk).update(at_organisation=tianjin.zone, at_level="subdistrict")
    with pytest.raises(Conflict):
        domain.publish_notice(notice=notice, actor=tianjin.unit_checker, now=timezone.now())


def test_lists_of_what_waits_for_a_notice(tianjin, at_the_unit, selected, in_scope):
    with in_scope(tianjin.unit_checker) as actor:
        assert [(w.kind, w.count) for w in queries.waiting_for_notice(actor=actor)] == [(NoticeKind.LOCAL, 1)]
    with in_scope(tianjin.manager) as actor:
        assert [(w.kind, w.count) for w in queries.waiting_for_notice(actor=actor)] == [(NoticeKind.SELECTION, 2)]
    with in_scope(tianjin.district_manager) as actor:
        assert queries.waiting_for_notice(actor=actor) == []


# --- what people are told ---------------------------------------------------------------------------


def label(entry, actor, in_scope):
    with in_scope(actor):
        return display_status(visible_entries(actor=actor).get(pk=entry.pk), actor, timezone.now()).label


def test_outcome_is_told_with_the_notice_and_not_before(tianjin, selected, in_scope):
    with system_scope("test"):
        loser = make_entry(selected[0].cycle, tianjin.filer, EntryState.NOT_SELECTED)
    assert label(loser, tianjin.filer, in_scope) == "评审中"
    assert label(selected[0], tianjin.filer, in_scope) == "评审中"
    assert label(loser, tianjin.manager, in_scope) == "未入选"
    make_notice(selected, tianjin.manager)
    assert label(loser, tianjin.filer, in_scope) == "未入选"
    assert label(selected[0], tianjin.filer, in_scope) == "公示中"


def test_unit_sees_that_its_notice_runs(tianjin, at_the_unit, in_scope):
    assert label(at_the_unit, tianjin.filer, in_scope) == "单位审核"
    make_notice([at_the_unit], tianjin.unit_checker, kind=NoticeKind.LOCAL)
    assert label(at_the_unit, tianjin.filer, in_scope) == "单位公示中"


# --- races ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_people_publish_at_the_same_moment(tianjin):
    selected = make_selected(tianjin)
    notice = make_draft(selected, tianjin.manager)
    outcomes = together(
        4, lambda: domain.publish_notice(notice=notice, actor=tianjin.manager, now=timezone.now()).status
    )
    assert sorted(outcomes) == ["Conflict", "Conflict", "Conflict", "published"]


@pytest.mark.django_db(transaction=True)
def test_beat_and_a_person_close_at_the_same_moment(tianjin):
    notice = make_notice(make_selected(tianjin), tianjin.manager)
    outcomes = together(
        4, lambda: domain.close_notice(notice=notice, actor=tianjin.manager, now=notice.closes_at).status
    )
    assert outcomes == ["closed"] * 4
    with system_scope("test"):
        assert AuditEvent.objects.filter(action="lifecycle.notice.closed").count() == 1
        assert AuditEvent.objects.filter(action="lifecycle.entry.confirmed").count() == 2


def together(count, act):
    """``act`` in ``count`` threads that start at once; what each returned, or the name of what it raised."""
    outcomes, gate = [], threading.Barrier(count)

    def run():
        with system_scope("test"):
            gate.wait()
            try:
                outcomes.append(str(act()))
            except Exception as error:  # noqa: BLE001 -- its name is the outcome
                outcomes.append(type(error).__name__)
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes
