"""A contest from plan to promotion; refusals on the way; races."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from competitions.contests.domain import draw, entry, marks, plan, promotions, results
from competitions.contests.models import (
    Competitor,
    Contest,
    ContestPart,
    ContestResult,
    HonourCandidate,
    Promotion,
    SessionPlace,
)
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, DomainError, Invalid, Refused
from portal.core.scoping import PublicScope, scope
from tests.factories import contests as make

NOW = timezone.now()
LATER = NOW + dt.timedelta(days=2)


@pytest.fixture
def running(tianjin, in_scope):
    with in_scope(tianjin.manager):
        contest = make.open_contest(tianjin.manager, tianjin.municipal, NOW)
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, contest, NOW, [make.person(1), make.person(2, sex="2"), make.person(3)])
    with in_scope(tianjin.manager):
        return make.drawn(tianjin.manager, contest, NOW)


@pytest.mark.django_db
@pytest.mark.row(99)
def test_contest_runs_from_plan_to_promotion(running, tianjin, in_scope):
    with in_scope(tianjin.manager):
        assert SessionPlace.objects.count() == 6
        make.marked(running, [90, 95, 90], by=tianjin.manager, confirmed_by=tianjin.checker, now=NOW)
        contest = results.lock_marks(actor=tianjin.manager, contest=running, now=NOW)
        assert list(ContestResult.objects.values_list("rank", "medal")) == [(1, "gold"), (2, "silver"), (2, "silver")]
        contest = results.publish(actor=tianjin.manager, contest=contest, now=NOW)
    with scope(PublicScope()):
        shown = ContestResult.objects.get(rank=1)
        assert shown.shown_name != "选手2"
        assert not Competitor.objects.exists()
    with in_scope(tianjin.manager):
        with pytest.raises(Conflict, match="申诉期"):
            results.confirm(actor=tianjin.manager, contest=contest, now=NOW)
        contest = results.confirm(actor=tianjin.manager, contest=contest, now=LATER)
        assert {p.after for p in Promotion.objects.all()} == {"2"}
        assert Promotion.objects.count() == 3
        assert set(HonourCandidate.objects.values_list("honour", flat=True)) == {"technician", "may_day", "women"}
        assert promotions.send(actor=tianjin.manager, promotions=list(Promotion.objects.all()), now=LATER) == 3
        one = Promotion.objects.first()
        promotions.grant(actor=tianjin.manager, promotion=one, certificate_number="S1", now=LATER)
        with pytest.raises(Conflict):
            promotions.grant(actor=tianjin.manager, promotion=one, certificate_number="S1", now=LATER)
        results.archive(actor=tianjin.manager, contest=contest, now=LATER)
        with pytest.raises(Refused):
            results.archive(actor=tianjin.manager, contest=contest, now=LATER)
        assert AuditEvent.objects.filter(action="competitions.contest.drawn").exists()


@pytest.mark.django_db
def test_weights_above_the_ceiling_and_wrong_sums_are_refused(tianjin, in_scope):
    with in_scope(tianjin.manager):
        trade = make.make_trade(tianjin.manager, tianjin.municipal, NOW)
        for weights in (
            {"theory": Decimal(40), "practical": Decimal(60)},
            {"theory": Decimal(30), "practical": Decimal(60)},
        ):
            with pytest.raises(Invalid):
                plan.plan_contest(actor=tianjin.manager, owner=tianjin.municipal, facts=make.facts(trade, NOW),
                                  weights=weights, now=NOW)  # fmt: skip


@pytest.mark.django_db
def test_small_field_is_cancelled_or_selection_only(tianjin, in_scope):
    with in_scope(tianjin.manager):
        contest = make.open_contest(tianjin.manager, tianjin.municipal, NOW, min_field=30)
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, contest, NOW, [make.person(1)])
    with in_scope(tianjin.manager):
        entry.check_all(actor=tianjin.manager, contest=contest, now=NOW)
        with pytest.raises(Conflict, match="不足30人"):
            entry.close_entries(actor=tianjin.manager, contest=contest, now=NOW)
        plan.narrow_contest(actor=tianjin.manager, contest=contest, reason="国赛选拔", now=NOW)
        assert entry.close_entries(actor=tianjin.manager, contest=contest, now=NOW).state == "qualified"


@pytest.mark.django_db
def test_person_enters_one_contest_of_a_host_and_year(tianjin, in_scope):
    with in_scope(tianjin.manager):
        one = make.open_contest(tianjin.manager, tianjin.municipal, NOW)
        trade = make.make_trade(tianjin.manager, tianjin.municipal, NOW, "fitter")
        two = make.open_contest(tianjin.manager, tianjin.municipal, NOW, trade=trade)
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, one, NOW, [make.person(1)])
        with pytest.raises(Conflict, match="每人限报一个赛项"):
            make.enter(tianjin.filer, two, NOW, [make.person(1)])
    with in_scope(tianjin.manager):
        person = Competitor.objects.get()
        person.pk, person.contest = None, two
        with pytest.raises(IntegrityError), transaction.atomic():
            person.save()


@pytest.mark.django_db
def test_check_keeps_every_reason(tianjin, in_scope):
    with in_scope(tianjin.manager):
        contest = make.open_contest(tianjin.manager, tianjin.municipal, NOW, min_years=6)
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, contest, NOW, [make.person(1, is_insured=False), make.person(2, trade_years=8)])
    with in_scope(tianjin.manager):
        assert entry.check_all(actor=tianjin.manager, contest=contest, now=NOW) == (1, 1)
        failed = Competitor.objects.get(state="rejected")
        assert {r["code"] for r in failed.reasons if not r["passed"]} == {"insured", "years"}
        entry.decide(actor=tianjin.manager, competitor=failed, passes=True, words="补交证明", now=NOW)
        failed.refresh_from_db()
        assert failed.state == "qualified"


@pytest.mark.django_db
def test_marks_need_a_second_person(running, tianjin, in_scope):
    with in_scope(tianjin.manager):
        part = ContestPart.objects.first()
        rows = {pk: marks.Entered(Decimal(80)) for pk in Competitor.objects.values_list("pk", flat=True)}
        marks.enter_marks(actor=tianjin.manager, part=part, marks=rows, now=NOW)
        with pytest.raises(Conflict, match="登记人以外"):
            marks.confirm_part(actor=tianjin.manager, part=part, now=NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            ContestPart.objects.filter(pk=part.pk).update(
                confirmed_by=tianjin.manager.user, entered_by=tianjin.manager.user
            )
        with pytest.raises(Conflict, match="还没有复核"):
            results.lock_marks(actor=tianjin.manager, contest=running, now=NOW)


@pytest.mark.django_db
def test_appeal_in_time_is_ruled_and_blocks_the_notice(running, tianjin, in_scope):
    with in_scope(tianjin.manager):
        make.marked(running, [90, 95, 80], by=tianjin.manager, confirmed_by=tianjin.checker, now=NOW)
        contest = results.lock_marks(actor=tianjin.manager, contest=running, now=NOW)
        contest = results.publish(actor=tianjin.manager, contest=contest, now=NOW)
    with in_scope(tianjin.filer):
        delegation = contest.delegations.get()
        with pytest.raises(Conflict, match="期限已过"):
            results.file_appeal(actor=tianjin.filer, delegation=delegation, kind="result", words="少计分", now=LATER)
        appeal = results.file_appeal(actor=tianjin.filer, delegation=delegation, kind="result", words="少计分", now=NOW)
    with in_scope(tianjin.manager):
        with pytest.raises(Conflict, match="没有裁决"):
            results.confirm(actor=tianjin.manager, contest=contest, now=LATER)
        with pytest.raises(Conflict, match="登记成绩的人"):
            results.rule_appeal(actor=tianjin.manager, appeal=appeal, ruling="upheld", reasons="属实", now=NOW)
        appeal = results.rule_appeal(actor=tianjin.checker, appeal=appeal, ruling="upheld", reasons="属实", now=NOW)
        third = ContestResult.objects.get(rank=3).competitor
        part = ContestPart.objects.get(contest=contest, kind="practical")
        results.correct_mark(
            actor=tianjin.checker, appeal=appeal, competitor=third, part=part, mark=Decimal(100), now=NOW
        )
        assert ContestResult.objects.get(competitor=third).rank == 2
        results.confirm(actor=tianjin.manager, contest=contest, now=LATER)


@pytest.mark.django_db
def test_stranger_sees_nothing(running, tianjin, hebei, in_scope):
    for actor in (hebei.manager, hebei.filer):
        with in_scope(actor):
            assert not Contest.objects.exists()
            assert not Competitor.objects.exists()
    with in_scope(tianjin.group_filer):  # knows the contest, not the others' people
        assert Contest.objects.exists()
        assert not Competitor.objects.exists()
    with in_scope(tianjin.district_checker):
        assert Competitor.objects.count() == 3


def at_once(in_scope, *acts):
    """Runs (actor, act) at once, each in its own connection and scope; what they returned or refused."""
    found, gate = [], threading.Barrier(len(acts))

    def run(actor, act):
        try:
            gate.wait()
            with in_scope(actor):
                found.append(act())
        except DomainError as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_draw_twice_at_once_draws_once(tianjin, in_scope):
    with in_scope(tianjin.manager):
        contest = make.open_contest(tianjin.manager, tianjin.municipal, NOW)
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, contest, NOW, [make.person(1), make.person(2)])
    with in_scope(tianjin.manager):
        entry.check_all(actor=tianjin.manager, contest=contest, now=NOW)
        entry.close_entries(actor=tianjin.manager, contest=contest, now=NOW)
    once = (tianjin.manager, lambda: draw.draw(actor=tianjin.manager, contest=contest, now=NOW))
    found = at_once(in_scope, once, once)
    assert sum(isinstance(one, Contest) for one in found) == 1
    with in_scope(tianjin.manager):
        assert AuditEvent.objects.filter(action="competitions.contest.drawn").count() == 1


@pytest.mark.django_db
@pytest.mark.row(185)
def test_second_contest_of_the_year_promotes_nobody_twice(running, tianjin, in_scope):
    with in_scope(tianjin.manager):
        make.marked(running, [90, 95, 80], by=tianjin.manager, confirmed_by=tianjin.checker, now=NOW)
        contest = results.lock_marks(actor=tianjin.manager, contest=running, now=NOW)
        contest = results.publish(actor=tianjin.manager, contest=contest, now=NOW)
        results.confirm(actor=tianjin.manager, contest=contest, now=LATER)
        with transaction.atomic():
            rows = list(ContestResult.objects.select_related("competitor"))
            HonourCandidate.objects.all().delete()
            assert promotions.propose(contest, rows, actor=tianjin.manager, now=LATER) == 0
        one = Promotion.objects.first()
        other = Competitor.objects.exclude(pk=one.competitor_id).first()
        with pytest.raises(IntegrityError), transaction.atomic():
            Promotion.objects.filter(competitor=other).update(id_index=one.id_index)
