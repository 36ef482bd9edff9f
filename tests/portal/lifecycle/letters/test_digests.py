"""Reminders: what waits at a desk, to its person, once a day, on working days, figures only."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core import mail

from portal.accounts.models import Membership
from portal.accounts.scopes import scope_of
from portal.core.context import system_actor
from portal.core.dates import local_date
from portal.core.errors import Invalid
from portal.core.scoping import scope, system_scope
from portal.jobs.domain import start
from portal.jobs.tasks import run_job
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.letters import queries
from portal.lifecycle.letters.domain.reading import send_digest, set_digest
from portal.lifecycle.letters.models import Delivery, DigestRule
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)  # 09:30 in Shanghai
TUESDAY = MONDAY + dt.timedelta(days=1)
SATURDAY = MONDAY - dt.timedelta(days=2)
RULE = {"frequency": "daily", "hour": 8, "only_due": False, "channels": ["site"]}


@pytest.fixture
def waiting(tianjin):
    with system_scope("test"):
        cycle = make_cycle(tianjin, now=MONDAY)
        return make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, at_level="district", title="某某革新", now=MONDAY)


def remind(actor, now=MONDAY, **changes):
    with scope(scope_of(actor)):
        return set_digest(actor=actor, now=now, **(RULE | changes))


def inbox(actor):
    with scope(scope_of(actor)):
        return list(queries.inbox(actor=actor))


def due(now):
    """The hourly job at that moment."""
    with system_scope("test"):
        rows = queries.digests_due(today=local_date(now), hour=9, first_of_week=now.weekday() == 0)
        return sum(send_digest(rule=rule, now=now) for rule in rows)


def test_digest_has_kinds_and_figures_but_no_names(tianjin, waiting):
    remind(tianjin.district_checker)
    assert due(MONDAY) == 1
    (message,) = inbox(tianjin.district_checker)
    assert "1项待办" in message.heading
    assert waiting.title not in message.heading + message.body


def test_digest_goes_once_a_day(tianjin, waiting):
    remind(tianjin.district_checker)
    assert [due(MONDAY), due(MONDAY + dt.timedelta(hours=3)), due(TUESDAY)] == [1, 0, 1]


def test_weekly_digest_waits_for_the_first_working_day(tianjin, waiting):
    remind(tianjin.district_checker, frequency="weekly")
    assert [due(TUESDAY), due(MONDAY + dt.timedelta(days=7))] == [0, 1]


def test_nothing_waiting_nothing_sent(tianjin):
    remind(tianjin.district_checker)
    assert due(MONDAY) == 0
    assert not inbox(tianjin.district_checker)


def test_only_what_is_due_today_or_overdue_when_wished(tianjin, waiting):
    remind(tianjin.district_checker, only_due=True)
    with system_scope("test"):
        Entry.objects.filter(pk=waiting.pk).update(due_at=MONDAY + dt.timedelta(days=3))
    assert due(MONDAY) == 0
    with system_scope("test"):
        Entry.objects.filter(pk=waiting.pk).update(due_at=TUESDAY + dt.timedelta(hours=2))
    assert due(TUESDAY) == 1


def test_desk_that_was_taken_away_is_not_reminded(tianjin, waiting):
    remind(tianjin.district_checker)
    with system_scope("test"):
        Membership.objects.filter(pk=tianjin.district_checker.desk.membership_id).update(is_active=False)
    assert due(MONDAY) == 0


def test_way_that_does_not_reach_the_person_is_refused_beside_the_field(tianjin):
    for channels, words in ((["email"], "没有登记电子邮件"), ([], "至少选一种")):
        with pytest.raises(Invalid, match=words) as refused:
            remind(tianjin.district_checker, channels=channels)
        assert set(refused.value.fields) == {"channels"}


def test_mail_digest_leaves_the_house(tianjin, waiting):
    user = tianjin.district_checker.user
    user.email = "jingban@example.com"
    user.save()
    remind(tianjin.district_checker, channels=["email"])
    due(MONDAY)
    (message,) = mail.outbox
    assert message.to == ["jingban@example.com"]
    assert not inbox(tianjin.district_checker)


@pytest.mark.parametrize(("moment", "count"), [(MONDAY, 1), (SATURDAY, 0)])
def test_hourly_job_serves_working_days_only(moment, count, tianjin, waiting):
    remind(tianjin.district_checker, now=moment)
    with system_scope("test"):
        Entry.objects.filter(pk=waiting.pk).update(due_at=moment + dt.timedelta(days=9))
    with time_machine.travel(moment, tick=False):
        with system_scope("test"):
            run = start("lifecycle.send_digests", key=f"{moment}", actor=system_actor("beat"))
        run_job(run.pk)
    with system_scope("test"):
        assert Delivery.objects.count() == count
        assert DigestRule.objects.filter(last_sent_on__isnull=False).count() == count
