"""Explicit grants: one table for each kind of object, a closed set of permissions, audited."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError

from portal.accounts.grants import (
    GrantTable,
    OrganisationGrant,
    grant,
    grant_tables,
    granted,
    holders,
    is_granted,
    register_grants,
    revoke,
)
from portal.accounts.models import Employer, Organisation, User
from portal.audit.models import AuditEvent
from portal.core.errors import Invalid
from tests.factories.people import make_user

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
OBSERVE = "observe_organisation"


def test_grant_and_revoke_are_recorded_and_told_apart_from_no_change(tianjin, all_rows):
    person = make_user("观察员")
    assert grant(person, OBSERVE, tianjin.zone, actor=tianjin.manager)
    assert not grant(person, OBSERVE, tianjin.zone, actor=tianjin.manager)
    assert is_granted(person, OBSERVE, tianjin.zone)
    assert not is_granted(person, OBSERVE, tianjin.unit)
    assert [g.user for g in holders(OBSERVE, tianjin.zone)] == [person]
    assert revoke(person, OBSERVE, tianjin.zone, actor=tianjin.manager)
    assert not revoke(person, OBSERVE, tianjin.zone, actor=tianjin.manager)
    actions = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["accounts.grant.given", "accounts.grant.taken"]


def test_granted_objects_stay_inside_the_scope(tianjin, hebei, in_scope, all_rows):
    person = tianjin.manager.user
    for organisation in (tianjin.zone, hebei.zone):
        grant(person, OBSERVE, organisation, actor=tianjin.manager)
    with in_scope(tianjin.manager):
        rows = Organisation.objects.filter(pk__in=granted(person, OBSERVE, Organisation))
        assert list(rows) == [tianjin.zone]


def test_unknown_permission_or_object_raises(tianjin, all_rows):
    with pytest.raises(LookupError):
        grant(tianjin.filer.user, "delete_organisation", tianjin.zone, actor=tianjin.manager)
    with pytest.raises(LookupError):
        grant(tianjin.filer.user, OBSERVE, tianjin.employer, actor=tianjin.manager)
    with pytest.raises(LookupError):
        granted(tianjin.filer.user, OBSERVE, Employer)


def test_table_holds_its_closed_set_only(tianjin, all_rows):
    other = Permission.objects.get(codename="delete_organisation")
    with pytest.raises(ValidationError):
        OrganisationGrant(user=tianjin.filer.user, permission=other, content_object=tianjin.zone).save()


def test_closed_account_is_granted_nothing_and_loses_what_it_had(tianjin, all_rows):
    person = make_user("离任")
    grant(person, OBSERVE, tianjin.zone, actor=tianjin.manager)
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.refresh_from_db()
    assert not is_granted(person, OBSERVE, tianjin.zone)
    with pytest.raises(Invalid):
        grant(person, OBSERVE, tianjin.unit, actor=tianjin.manager)


def test_every_table_names_its_permissions():
    assert grant_tables()[Organisation] is OrganisationGrant
    for table in grant_tables().values():
        assert table.allowed_permissions

    class Empty(GrantTable):
        class Meta:
            abstract = True

    with pytest.raises(TypeError):
        register_grants(Empty)
