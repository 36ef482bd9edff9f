"""Problem tickets: a small state machine, escalation in time, two hands at once, and who sees what."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from competitions.projects.domain import register, tickets
from competitions.projects.enums import Duty, TicketState
from competitions.projects.models import KeyProject, Ticket, TicketEvent
from portal.core.context import system_actor
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from tests.factories import projects as make

NOW = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC)
SYSTEM = system_actor("test")


@pytest.fixture
def project(tianjin):
    with system_scope("test"):
        return make.file(tianjin, make.make_project(tianjin, now=NOW), now=NOW)


@pytest.fixture
def ticket(tianjin, project):
    with system_scope("test"):
        return make.make_ticket(tianjin, project, now=NOW)


def solve(tree, ticket, now=NOW, words=""):
    return tickets.solve_ticket(actor=tree.filer, ticket=ticket, solution="已整改", files=[make.pdf(words)], now=now)


@pytest.mark.django_db
@pytest.mark.usefixtures("all_rows")
class TestStates:
    @pytest.mark.row(79)
    def test_ticket_goes_from_problem_to_proof_to_closing(self, tianjin, ticket):
        assert (ticket.state, ticket.holder, ticket.number) == (TicketState.OPEN, tianjin.district, 1)
        assert ticket.due_at == dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)
        with pytest.raises(Refused):  # nothing to confirm yet
            tickets.close_ticket(actor=tianjin.district_checker, ticket=ticket, now=NOW)
        with pytest.raises(Refused):  # the union does not do the unit's part
            tickets.solve_ticket(actor=tianjin.district_checker, ticket=ticket, solution="好", now=NOW)
        with pytest.raises(Invalid) as error:
            tickets.solve_ticket(actor=tianjin.filer, ticket=ticket, solution="已整改", now=NOW)
        assert "files" in error.value.fields
        solve(tianjin, ticket)
        with pytest.raises(Refused):
            solve(tianjin, ticket)
        tickets.close_ticket(actor=tianjin.district_checker, ticket=ticket, now=NOW)
        assert Ticket.objects.get().state == TicketState.CLOSED
        titles = list(TicketEvent.objects.values_list("title", flat=True))
        assert titles == ["提出问题", "反馈办理结果", "确认办结"]

    def test_reopening_needs_a_reason_and_fresh_proof(self, tianjin, ticket):
        solve(tianjin, ticket)
        with pytest.raises(Invalid):
            tickets.reopen_ticket(actor=tianjin.district_checker, ticket=ticket, reason="", days=3, now=NOW)
        again = NOW + dt.timedelta(days=1)
        tickets.reopen_ticket(actor=tianjin.district_checker, ticket=ticket, reason="照片不全", days=3, now=again)
        with pytest.raises(Invalid) as error:  # the same file as before
            solve(tianjin, ticket, again)
        assert "files" in error.value.fields
        solve(tianjin, ticket, again, words="new")
        tickets.close_ticket(actor=tianjin.district_checker, ticket=ticket, now=again)
        tickets.reopen_ticket(actor=tianjin.district_checker, ticket=ticket, reason="问题反复", days=3, now=LATER)
        assert Ticket.objects.get().state == TicketState.OPEN

    def test_overdue_ticket_moves_up_once(self, tianjin, ticket):
        assert not tickets.escalate_overdue(actor=SYSTEM, ticket=ticket, now=NOW)
        assert tickets.escalate_overdue(actor=SYSTEM, ticket=ticket, now=LATER)
        ticket.refresh_from_db()
        assert (ticket.holder, ticket.escalations) == (tianjin.municipal, 1)
        assert ticket.due_at == dt.datetime(2026, 3, 17, 9, tzinfo=dt.UTC)
        assert not tickets.escalate_overdue(actor=SYSTEM, ticket=ticket, now=LATER + dt.timedelta(days=30))
        with pytest.raises(Refused):
            tickets.close_ticket(actor=tianjin.district_checker, ticket=ticket, now=LATER)
        solve(tianjin, ticket, LATER)
        tickets.close_ticket(actor=tianjin.checker, ticket=ticket, now=LATER)

    def test_solved_ticket_is_not_escalated(self, tianjin, ticket):
        solve(tianjin, ticket)
        assert not tickets.escalate_overdue(actor=SYSTEM, ticket=ticket, now=LATER)

    def test_holder_may_hand_it_up_before_the_deadline(self, tianjin, ticket):
        tickets.escalate_ticket(actor=tianjin.district_checker, ticket=ticket, reason="涉及市级部门", now=NOW)
        with pytest.raises(Refused):
            tickets.escalate_ticket(actor=tianjin.district_checker, ticket=ticket, reason="再升", now=NOW)
        with pytest.raises(Refused, match="市总工会"):
            tickets.escalate_ticket(actor=tianjin.checker, ticket=ticket, reason="再升", now=NOW)

    def test_responsible_has_a_hand_in_the_project(self, tianjin, project):
        with pytest.raises(Invalid) as error:
            make.make_ticket(tianjin, project, now=NOW, responsible=tianjin.group_unit)
        assert "responsible" in error.value.fields
        with_group = make.with_group(tianjin, project, now=NOW)
        made = make.make_ticket(tianjin, with_group, now=NOW, responsible=tianjin.group_unit)
        with pytest.raises(Conflict):
            register.remove_participant(
                actor=tianjin.district_checker, participant=with_group.participants.get(), now=NOW
            )
        assert made.number == 1


@pytest.mark.django_db
@pytest.mark.row(55)
def test_project_is_seen_by_those_who_have_a_hand_in_it(tianjin, project, in_scope):
    def seen(actor):
        with in_scope(actor):
            return KeyProject.objects.count()

    concerned = ("filer", "unit_checker", "zone_checker", "district_checker", "manager", "supervisor", "auditor")
    assert {name: seen(getattr(tianjin, name)) for name in concerned} == dict.fromkeys(concerned, 1)
    assert (seen(tianjin.group_checker), seen(tianjin.group_filer), seen(tianjin.expert)) == (0, 0, 0)
    with system_scope("test"):
        make.with_group(tianjin, project, now=NOW)
    assert (seen(tianjin.group_checker), seen(tianjin.group_filer), seen(tianjin.group_unit_checker)) == (1, 1, 1)
    with system_scope("test"):
        register.remove_participant(actor=tianjin.district_checker, participant=project.participants.get(), now=NOW)
    assert (seen(tianjin.group_checker), seen(tianjin.group_filer)) == (0, 0)


@pytest.mark.django_db
def test_units_act_inside_their_own_scope(tianjin, ticket, in_scope):
    with in_scope(tianjin.filer):
        solve(tianjin, Ticket.objects.get())
    with in_scope(tianjin.district_checker):
        assert tickets.close_ticket(actor=tianjin.district_checker, ticket=Ticket.objects.get(), now=NOW).closed_at


@pytest.mark.django_db
def test_participant_sees_but_does_not_report(tianjin, project, in_scope):
    with system_scope("test"):
        register.add_participant(
            actor=tianjin.district_checker, project=project, organisation=tianjin.group, duty=Duty.DISTRICT, now=NOW
        )
    with in_scope(tianjin.group_checker), pytest.raises(Refused):
        make.report(project.periods.first(), tianjin.group_checker, percent=5, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_hands_at_one_ticket_leave_one_outcome(tianjin, ticket):
    """Solving and escalating at the same moment, and closing twice: each act sees what the other has done."""
    outcomes: list[str] = []

    def run(act):
        try:
            with system_scope("test"):
                act()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    def race(*acts):
        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    race(lambda: solve(tianjin, ticket, LATER), lambda: solve(tianjin, ticket, LATER, words="2"))
    assert sorted(outcomes) == ["done", "refused"]
    outcomes.clear()

    def overdue():
        if not tickets.escalate_overdue(actor=SYSTEM, ticket=ticket, now=LATER):
            raise Refused

    race(overdue, overdue)
    assert outcomes == ["refused", "refused"]  # it was solved before
    outcomes.clear()
    with system_scope("test"):
        tickets.reopen_ticket(actor=tianjin.district_checker, ticket=ticket, reason="不全", days=1, now=NOW)
    race(overdue, overdue, overdue)
    assert sorted(outcomes) == ["done", "refused", "refused"]
    with system_scope("test"):
        assert Ticket.objects.get().escalations == 1
        assert TicketEvent.objects.filter(title="升级督办").count() == 1
