"""One promotion a year: contests of two hosts confirmed at once, and what is dropped; threads."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from competitions.contests.domain import results
from competitions.contests.models import Contest, Promotion
from portal.core.scoping import system_scope
from tests.competitions.contests.test_contest_domain import at_once
from tests.factories import contests as make

NOW = timezone.now()
LATER = NOW + dt.timedelta(days=2)


def published(tianjin, in_scope, host, manager, second, people: list[dict], trade=None, **changed) -> Contest:
    with in_scope(manager):
        contest = make.open_contest(manager, host, NOW, trade=trade, **changed)
    with in_scope(tianjin.filer):
        make.enter(tianjin.filer, contest, NOW, people)
    with in_scope(manager):
        contest = make.drawn(manager, contest, NOW)
        make.marked(contest, list(range(95, 95 - len(people), -1)), by=manager, confirmed_by=second, now=NOW)
        results.lock_marks(actor=manager, contest=contest, now=NOW)
        return results.publish(actor=manager, contest=contest, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.row(185)
def test_person_in_two_contests_confirmed_at_once_is_promoted_once(tianjin, in_scope):
    city = published(
        tianjin, in_scope, tianjin.municipal, tianjin.manager, tianjin.checker, [make.person(1), make.person(2)]
    )
    with in_scope(tianjin.manager):
        trade = make.make_trade(tianjin.manager, tianjin.municipal, NOW, "fitter")
    people = [make.person(1, level="4"), make.person(3)]
    own = published(tianjin, in_scope, tianjin.district, tianjin.district_manager, tianjin.district_checker, people,
                    trade=trade, klass="district")  # fmt: skip
    found = at_once(
        in_scope,
        (tianjin.manager, lambda: results.confirm(actor=tianjin.manager, contest=city, now=LATER)),
        (tianjin.district_manager, lambda: results.confirm(actor=tianjin.district_manager, contest=own, now=LATER)),
    )
    assert [type(one) for one in found] == [Contest, Contest], found
    with system_scope("test"):
        names = sorted(Promotion.objects.values_list("competitor__name", flat=True))
    assert names == ["选手1", "选手2", "选手3"], "the person of both contests once, the others too"
