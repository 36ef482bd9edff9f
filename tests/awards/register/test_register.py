"""The register of honours: written once, found however people type the number, read by those it concerns."""

from __future__ import annotations

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from awards.register import queries
from awards.register.domain import enter_honour, mark_revoked
from awards.register.models import HonourRecord
from portal.accounts.domain.organisations import move_organisation
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.audit.models import AuditEvent
from portal.core.errors import Invalid
from portal.core.scoping import PublicScope, scope, system_scope
from portal.lifecycle.conferral.domain import issue_conferral
from tests.factories.notices import make_conferred, make_confirmed, make_decision
from tests.factories.people import make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def conferred(tianjin):
    return make_conferred(tianjin)


@pytest.mark.parametrize(
    "typed",
    [
        "津工创〔2026〕0007",
        "津工创[2026]0007",
        "津工创［2026］0007",
        "津工创(2026)0007",
        "津工创（2026）0007",
        "津工创【2026】0007",
        " 津工创 〔2026〕 ００07 ",
        "津工创〔２０２６〕0007",
    ],
)
def test_number_is_understood_however_it_is_typed(typed):
    assert queries.normalise_number(typed) == "津工创〔2026〕0007"


@given(st.text(max_size=60))
def test_normalising_twice_is_normalising_once(text):
    once = queries.normalise_number(text)
    assert queries.normalise_number(once) == once


def test_record_is_entered_once_for_an_entry(tianjin, conferred, all_rows):
    entry = conferred[0]
    before = HonourRecord.objects.get(entry=entry)
    again = enter_honour(entry=entry, item=entry.conferral_item, actor=tianjin.manager, now=timezone.now())
    assert again == before
    assert HonourRecord.objects.filter(entry=entry).count() == 1
    assert AuditEvent.objects.filter(action="awards.honour.entered").count() == 2


def test_record_is_marked_revoked_once(tianjin, conferred, all_rows):
    now = timezone.now()
    first = mark_revoked(entry=conferred[0], reason="弄虚作假", actor=tianjin.manager, now=now)
    second = mark_revoked(entry=conferred[0], reason="另一个理由", actor=tianjin.manager, now=now)
    assert (first.revoked_reason, second.revoked_reason) == ("弄虚作假", "弄虚作假")
    assert AuditEvent.objects.filter(action="awards.honour.revoked").count() == 1


def test_register_shows_each_desk_its_part(tianjin, hebei, conferred, in_scope):
    """Entries alternate between the district's unit and the group's unit."""
    expected = {"manager": 2, "auditor": 2, "filer": 1, "district_checker": 1, "group_checker": 1, "expert": 0}
    for name, count in expected.items():
        with in_scope(getattr(tianjin, name)):
            assert queries.honours().count() == count, name
    with in_scope(hebei.manager):
        assert not queries.honours().exists()
    with scope(PublicScope()):
        assert queries.honours().count() == 2


def test_number_leads_to_the_record_also_when_revoked(tianjin, conferred):
    with system_scope("test"):
        honour = HonourRecord.objects.get(entry=conferred[0])
        mark_revoked(entry=conferred[0], reason="弄虚作假", actor=tianjin.manager, now=timezone.now())
    with scope(PublicScope()):
        typed = honour.certificate_number.replace("〔", "[").replace("〕", "]")
        assert queries.honour_by_number(typed).status == "revoked"
        assert queries.honour_by_number("津工创〔2026〕9999") is None
        assert queries.honour_by_number("  ") is None


def test_honours_follow_a_union_that_moves(tianjin, conferred, in_scope):
    with system_scope("test"):
        move_organisation(actor=tianjin.manager, organisation=tianjin.unit, parent=tianjin.group, now=timezone.now())
    moved = make_actor(Organisation._base_manager.get(pk=tianjin.group.pk), Role.CHECKER)
    with in_scope(moved):
        assert queries.honours().count() == 2
    with in_scope(tianjin.district_checker):
        assert not queries.honours().exists()


def test_second_federation_with_the_same_pattern_is_told_and_nothing_is_conferred(tianjin, hebei, conferred):
    """Numbers are unique over all federations, or a certificate could be verified as somebody else's."""
    entries = make_confirmed(hebei, 1)
    decision = make_decision(entries[0].cycle, hebei.manager)
    with system_scope("test"):
        with pytest.raises(Invalid, match="编号规则"):
            issue_conferral(conferral=decision, actor=hebei.manager, now=timezone.now())
        assert HonourRecord.objects.count() == 2


def test_programmes_with_the_same_pattern_share_one_series(tianjin, conferred):
    later = make_conferred(tianjin, 1, year=timezone.now().year - 1)
    with system_scope("test"):
        assert HonourRecord.objects.get(entry=later[0]).certificate_number.endswith("0003")
