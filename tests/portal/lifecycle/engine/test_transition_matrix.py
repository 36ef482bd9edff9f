"""Every state × every transition × every desk: carried out, or refused for exactly the reason the table and policies give."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from portal.accounts.enums import Role
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, DomainError, Refused
from portal.lifecycle.engine.perform import perform
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.engine.transitions import TRANSITIONS
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import StageStatus
from tests.factories.entries import make_cycle, make_entry

pytestmark = pytest.mark.django_db

# Who may, and which roles count at all (the wrong role is refused as such, the right role elsewhere as “not here”).
CHECKERS, MANAGER, FILER = (Role.CHECKER, Role.MANAGER), (Role.MANAGER,), (Role.FILER,)
WHO: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "submit": ({"filer"}, FILER),
    "withdraw": ({"filer"}, FILER),
    "return": ({"zone_checker"}, CHECKERS),
    "endorse": ({"zone_checker"}, CHECKERS),
    "decline": ({"zone_checker"}, CHECKERS),
    "forward": ({"manager"}, MANAGER),
    "begin_review": ({"manager"}, MANAGER),
    "complete_review": ({"manager"}, MANAGER),
    "select": ({"manager"}, MANAGER),
    "reserve": ({"manager"}, MANAGER),
    "pass_over": ({"manager"}, MANAGER),
    "promote": ({"manager"}, MANAGER),
    "publish": ({"manager"}, MANAGER),
    "confirm": ({"manager"}, MANAGER),
    "disqualify": ({"manager"}, MANAGER),
    "confer": ({"manager"}, MANAGER),
    "revoke": ({"manager"}, MANAGER),
}
POLICY_CODES = {"role", "not_here", "outside", "sign_in", "no_desk"}


def outcome(entry: Entry, name: str, actor) -> str:
    """What happened, undone at once."""
    try:
        with transaction.atomic():
            after = perform(entry, name, actor=actor, now=timezone.now(), reason="核查后认定", vetoes_checked=True)
            transaction.set_rollback(True)
            assert after.state in EntryState.values
            return f"done:{after.state}"
    except Conflict as error:
        return f"conflict:{error.code}"
    except Refused as error:
        return f"refused:{error.code}"
    except DomainError as error:
        return f"invalid:{error.code}"


def test_the_matrix_names_every_transition():
    assert set(WHO) == set(TRANSITIONS)


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_transition_by_every_desk_in_every_state(tianjin, all_rows, name):
    cycle = make_cycle(tianjin, "small-work", params={"recommendation": {"notice_working_days": {}}})
    cycle.stages.update(status=StageStatus.OPEN)
    transition = TRANSITIONS[name]
    allowed, roles = WHO[name]
    carried_out = set()
    for state in EntryState:
        extra = {"at_level": "subdistrict"} if state == EntryState.SUBMITTED else {}
        entry = make_entry(cycle, tianjin.filer, state, files=False, **extra)
        before = AuditEvent.objects.count()
        for who, actor in tianjin.actors.items():
            result = outcome(entry, name, actor)
            where = f"{name} in {state} by {who}: {result}"
            if state not in transition.sources:
                assert result == "conflict:state", where
            elif who not in allowed:
                code = "not_here" if actor.role in roles else "role"
                assert result == f"refused:{code}", where
            elif result.startswith("done:"):
                carried_out.add(state)
                assert transition.to is None or result == f"done:{transition.to}", where
            else:  # a guard or the effect, never the policy
                assert result.split(":")[1] not in POLICY_CODES, where
        entry.refresh_from_db()
        assert entry.state == state
        assert AuditEvent.objects.count() == before
    if name in {"endorse", "return", "decline", "withdraw", "disqualify", "begin_review"}:
        assert carried_out, f"{name} was never carried out"


@pytest.mark.parametrize("name", ["return", "decline", "disqualify", "revoke"])
def test_transitions_with_a_reason_want_it(tianjin, all_rows, name):
    cycle = make_cycle(tianjin, "small-work")
    cycle.stages.update(status=StageStatus.OPEN)
    state = EntryState.CONFERRED if name == "revoke" else EntryState.SUBMITTED
    extra = {"at_level": "subdistrict"} if state == EntryState.SUBMITTED else {}
    entry = make_entry(cycle, tianjin.filer, state, files=False, **extra)
    actor = tianjin.zone_checker if name in {"return", "decline"} else tianjin.manager
    with pytest.raises(DomainError) as caught:
        perform(entry, name, actor=actor, now=timezone.now(), reason="  ")
    assert "reason" in caught.value.fields


def test_transitions_wait_for_their_stage(tianjin, all_rows):
    cycle = make_cycle(tianjin, "small-work", stage="review")
    entry = make_entry(cycle, tianjin.filer, EntryState.SUBMITTED, at_level="subdistrict", files=False)
    with pytest.raises(Refused) as caught:
        perform(entry, "endorse", actor=tianjin.zone_checker, now=timezone.now())
    assert caught.value.code == "stage"
