"""薄弱企业帮扶: who is suggested, one list at a time, measures, both ends, and what each desk sees of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from competitions.nonpublic import queries
from competitions.nonpublic.domain import weak
from competitions.nonpublic.enums import Origin, Support
from competitions.nonpublic.models import WeakUnit
from portal.accounts.enums import OwnershipClass, SizeClass
from portal.audit.queries import history_of
from portal.core.dates import local_date
from portal.core.errors import Invalid, Refused
from portal.core.scoping import system_scope
from portal.lifecycle.worklist.queries import work_of
from tests.factories.nonpublic import make_filing, make_unit

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def firm(tianjin, now):
    with system_scope("test"):
        return make_unit(tianjin.zone, year=local_date(now).year, name="三岔口食品")


def facts(now, **more):
    return {"helper": None, "helper_name": "示范集团", "contact": "周", "plan": "制定方案", "due_on": local_date(now) + 30 * DAY} | more  # fmt: skip


def help_(tree, firm, now, **more):
    return weak.add_weak(actor=tree.zone_checker, owner=tree.zone, employer=firm, facts=facts(now, **more), now=now)


@pytest.mark.row(146)
def test_small_private_firms_without_a_competition_for_two_years_are_suggested(tianjin, firm, now, in_scope):
    year = local_date(now).year
    with system_scope("test"):
        last = make_unit(tianjin.zone, year=year, name="去年办过")
        make_filing(last.organisation, tianjin, year=year - 1)
        long_ago = make_unit(tianjin.zone, year=year, name="前年办过")
        make_filing(long_ago.organisation, tianjin, year=year - 2)
        draft = make_unit(tianjin.zone, year=year, name="只有草稿")
        make_filing(draft.organisation, tianjin, year=year, state="draft")
        make_unit(tianjin.zone, year=year, name="大型", size=SizeClass.LARGE)
        make_unit(tianjin.zone, year=year, name="国有", ownership=OwnershipClass.PUBLIC)
        make_unit(tianjin.group, year=year, name="别的工会")
    with in_scope(tianjin.zone_checker):
        assert set(queries.suggested_weak(year=year)) == {firm, long_ago, draft}
        assert help_(tianjin, firm, now).origin == Origin.SUGGESTED
        assert firm not in queries.suggested_weak(year=year)


def test_firm_is_helped_once_by_one_helper_with_a_day_ahead(tianjin, firm, now, in_scope):
    with in_scope(tianjin.zone_checker):
        for wrong in ({"helper_name": ""}, {"helper": tianjin.employer}, {"helper": firm, "helper_name": ""}):
            with pytest.raises(Invalid) as error:
                help_(tianjin, firm, now, **wrong)
            assert "helper" in error.value.fields
        with pytest.raises(Invalid):
            help_(tianjin, firm, now, due_on=local_date(now) - DAY)
        row = help_(tianjin, firm, now)
        with pytest.raises(Invalid, match="已经在帮扶"):
            help_(tianjin, firm, now)
        weak.end_support(
            actor=tianjin.zone_checker, weak_unit=row, status=Support.UNABLE, filing=None, reason="停产", now=now
        )
        assert firm not in queries.suggested_weak(year=local_date(now).year)  # not again this year by itself
        assert queries.weak_totals(year=local_date(now).year) == {"active": 0, "held": 0, "unable": 1}
        again = help_(tianjin, firm, now)
    with system_scope("test"):
        assert [e.action for e in history_of(row)] == ["competitions.weak.ended", "competitions.weak.added"]
        with pytest.raises(IntegrityError), transaction.atomic():
            WeakUnit.objects.filter(pk=again.pk).update(status=Support.HELD)  # without its competition
    with in_scope(tianjin.group_checker), pytest.raises(Refused):
        weak.add_weak(actor=tianjin.group_checker, owner=tianjin.group, employer=firm, facts=facts(now), now=now)


def test_overdue_help_may_change_its_contact_and_keep_its_day(tianjin, firm, now, in_scope):
    with in_scope(tianjin.zone_checker):
        row = help_(tianjin, firm, now)
        later = now + 60 * DAY
        kept = facts(now, contact="郑")
        assert weak.change_weak(actor=tianjin.zone_checker, weak_unit=row, facts=kept, now=later).contact == "郑"
        with pytest.raises(Invalid):
            weak.change_weak(
                actor=tianjin.zone_checker, weak_unit=row, facts=kept | {"due_on": local_date(now)}, now=later
            )


@pytest.mark.row(146)
def test_measures_are_due_in_the_work_list_ticked_off_once_and_the_competition_ends_the_help(
    tianjin, firm, now, in_scope
):
    actor, today = tianjin.zone_checker, local_date(now)
    with in_scope(actor):
        row = help_(tianjin, firm, now)
        with pytest.raises(Invalid):
            weak.plan_step(actor=actor, weak_unit=row, words="走访", due_on=today - DAY, now=now)
        step = weak.plan_step(actor=actor, weak_unit=row, words="走访", due_on=today + DAY, now=now)
        weak.plan_step(actor=actor, weak_unit=row, words="比武", due_on=today + 30 * DAY, now=now)
        assert [k.count for k in work_of(actor, now=now).kinds if k.source.key == "weak.step"] == [1]
        with pytest.raises(Invalid):
            weak.finish_step(actor=actor, step=step, done_on=today + DAY, result="好", now=now)
        weak.finish_step(actor=actor, step=step, done_on=today, result="已走访", now=now)
        with pytest.raises(Invalid, match="已经登记完成"):
            weak.finish_step(actor=actor, step=step, done_on=today, result="再次", now=now)
        shown = queries.weak_units().get(pk=row.pk)
        assert (shown.planned, shown.done, shown.next_due) == (2, 1, today + 30 * DAY)
        with pytest.raises(Invalid):
            weak.end_support(actor=actor, weak_unit=row, status=Support.HELD, filing=None, reason="", now=now)
    with system_scope("test"):
        foreign = make_filing(tianjin.group, tianjin, year=today.year)
        own = make_filing(firm.organisation, tianjin, year=today.year)
    with in_scope(actor):
        for filing, fails in ((foreign, True), (own, False)):
            end = {"actor": actor, "weak_unit": row, "status": Support.HELD, "reason": "", "filing": filing, "now": now}
            if fails:
                with pytest.raises(Invalid):
                    weak.end_support(**end)
            else:
                assert weak.end_support(**end).filing == own
        with pytest.raises(Refused):
            weak.plan_step(actor=actor, weak_unit=row, words="再来", due_on=today, now=now)
        assert not [k for k in work_of(actor, now=now).kinds if k.source.key == "weak.step"]


def test_pages_lead_from_the_suggestion_to_the_end(tianjin, firm, now, desk_client):
    client, today = desk_client(tianjin.zone_checker), local_date(now)
    listed = client.get(reverse("competitions:weak.suggested")).content.decode()
    assert f"{reverse('competitions:weak.add')}?employer={firm.pk}" in listed
    page = client.get(reverse("competitions:weak.add"), {"employer": firm.pk})
    assert page.context["form"]["employer"].value() == firm.name
    typed = {"employer": firm.name, "helper_name": "示范集团", "contact": "周", "plan": "制定方案", "due_on": today + 30 * DAY}  # fmt: skip
    assert client.post(reverse("competitions:weak.add"), typed | {"helper_name": ""}).status_code == 422
    home = client.post(reverse("competitions:weak.add"), typed).url
    with system_scope("test"):
        row = WeakUnit.objects.get()
    here = {"pk": row.pk}
    client.post(reverse("competitions:weak.plan", kwargs=here), {"words": "走访", "due_on": today})
    with system_scope("test"):
        step = row.steps.get()
    done = reverse("competitions:weak.done", kwargs={"pk": step.pk})
    assert done in client.get(home).content.decode()
    assert client.post(done, {"done_on": today, "result": "已走访"}).url == home
    for seeing in (tianjin.district_checker, tianjin.manager):  # above: they read, and do not act
        page = desk_client(seeing).get(home).content.decode()
        assert "已走访" in page
        assert "安排措施</" not in page
    assert desk_client(tianjin.group_checker).get(home).status_code == 404
    assert (
        client.post(reverse("competitions:weak.end", kwargs=here), {"status": "unable", "reason": ""}).status_code
        == 422
    )
    client.post(reverse("competitions:weak.end", kwargs=here), {"status": "unable", "reason": "停产"})
    assert "停产" in client.get(home).content.decode()


@pytest.mark.parametrize("more", [1, 3])
def test_lists_cost_the_same_with_more_firms(tianjin, now, desk_client, in_scope, django_assert_max_num_queries, more):
    with system_scope("test"):
        firms = [make_unit(tianjin.zone, year=local_date(now).year, name=f"企业{n}") for n in range(2 * more)]
    with in_scope(tianjin.zone_checker):
        for found in firms[:more]:
            row = help_(tianjin, found, now)
            weak.plan_step(actor=tianjin.zone_checker, weak_unit=row, words="走访", due_on=local_date(now), now=now)
    client = desk_client(tianjin.zone_checker)
    for name in ("weak.list", "weak.suggested"):
        with django_assert_max_num_queries(14):
            assert client.get(reverse(f"competitions:{name}")).status_code == 200
