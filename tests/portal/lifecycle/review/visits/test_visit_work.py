"""What the work list says about visits."""

from __future__ import annotations

from django.utils import timezone
from django.utils.timezone import localtime

from portal.accounts.scopes import scope_of
from portal.core.dates import local_date
from portal.core.scoping import scope, system_scope
from portal.lifecycle.review.visits.models import Visit, VisitState
from portal.lifecycle.worklist.queries import work_of
from tests.portal.lifecycle.review.visits.test_visits import case, plan  # noqa: F401 -- a fixture


def lines(actor, kind):
    with scope(scope_of(actor)):
        work = work_of(actor, now=timezone.now(), kind=kind)
        return [line.item for group in work.groups for line in group.lines if work.chosen]


def test_entry_without_a_plan_waits_for_the_manager(tianjin, hebei, case):  # noqa: F811
    _cycle, entry, *_rest = case
    (line,) = lines(tianjin.manager, "visit.plan")
    assert "1 件还没有安排考察" in str(line.title)
    assert lines(hebei.manager, "visit.plan") == []
    plan(tianjin, entry)
    assert lines(tianjin.manager, "visit.plan") == []


def test_planned_visit_is_due_at_the_end_of_its_day(tianjin, case):  # noqa: F811
    _cycle, entry, *_rest = case
    visit = plan(tianjin, entry)
    (line,) = lines(tianjin.manager, "visit.record")
    assert entry.title in str(line.title)
    due = localtime(line.due)
    assert (due.date(), due.hour) == (local_date(timezone.now()), 17)
    with system_scope("test"):
        Visit.objects.filter(pk=visit.pk).update(planned_on=None)
    (line,) = lines(tianjin.manager, "visit.record")
    assert line.due is None
    assert "还没有定" in str(line.note)


def test_filed_visit_waits_no_more(tianjin, case):  # noqa: F811
    _cycle, entry, *_rest = case
    visit = plan(tianjin, entry)
    with system_scope("test"):
        Visit.objects.filter(pk=visit.pk).update(
            state=VisitState.FILED, visited_on=local_date(timezone.now()), conclusion="passed"
        )
    assert lines(tianjin.manager, "visit.record") == []
