"""The application's database role, made for real: it reads and adds, it neither changes nor deletes evidence."""

from __future__ import annotations

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from portal.audit import grants, sealing, verification
from portal.audit.domain import follow_move, record
from portal.audit.models import AuditEvent
from portal.core.context import system_actor
from portal.lifecycle.programmes.models import QuotaAllocation
from portal.lifecycle.programmes.place_models import PlacePosting
from portal.lifecycle.recommendation.domain import Share, allocate_quota
from portal.lifecycle.recommendation.ledger.domain import reverse_posting, transfer_places
from tests.factories.entries import make_cycle

ROLE = "portal_app_of_test"
TABLES = [model._meta.db_table for model in grants.APPEND_ONLY if model._meta.app_label == "audit"]


@pytest.fixture
def role(tianjin):
    """A second role with the rights of the application, and nothing more; gone with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN")
    call_command("audit", "grants", ROLE, "--apply", stdout=StringIO())
    return ROLE


@contextmanager
def acting_as(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def write(obj):
    with transaction.atomic():
        record("accounts.organisation.changed", obj, actor=system_actor("test"), now=timezone.now(), reason="核对")


def test_the_application_role_writes_seals_and_verifies(role, tianjin, all_rows):
    with acting_as(role):
        write(tianjin.district)
        assert sealing.seal(now=timezone.now()) >= 1
        sealing.close_day(now=timezone.now())
        assert not any(check.findings for check in verification.verify_all(now=timezone.now()))
        assert not grants.may_change_evidence()
    assert grants.may_change_evidence()  # the owner of the tables, who migrates


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET {}"])
def test_the_application_role_cannot_change_or_delete_evidence(role, tianjin, all_rows, table, statement):
    write(tianjin.district)
    column = {"audit_auditevent": "action = ''", "audit_auditlink": "code = ''"}.get(table, "chain = ''")
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with acting_as(role), denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column))


def test_the_application_role_lets_readers_follow_a_move(role, tianjin, all_rows):
    write(tianjin.district)
    moved = tianjin.municipal.path + "9999999/"
    with acting_as(role), transaction.atomic():
        follow_move(tianjin.district.path, moved)
    assert AuditEvent.objects.filter(owner_path=moved).exists()


def test_the_script_names_the_role_and_the_columns(db):
    out = StringIO()
    call_command("audit", "grants", "portal_app", stdout=out)
    text = out.getvalue()
    assert 'REVOKE UPDATE, DELETE, TRUNCATE ON "audit_auditevent" FROM "portal_app";' in text
    assert 'GRANT UPDATE ("owner_path", "route_path") ON "audit_auditevent" TO "portal_app";' in text


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET amount = 9"])
def test_the_application_role_writes_and_reverses_postings_of_places_but_never_changes_them(
    role, tianjin, all_rows, statement
):
    cycle, now = make_cycle(tianjin, "small-work"), timezone.now()
    with acting_as(role):
        shares = {tianjin.district.pk: Share(4)}
        allocate_quota(cycle=cycle, shares=shares, actor=tianjin.manager, now=now)
        account = QuotaAllocation.objects.get(cycle=cycle)
        common = {"reason": "按会员数划转", "actor": tianjin.district_checker, "now": now}
        posting = transfer_places(account=account, organisation=tianjin.zone, amount=2, **common)
        reverse_posting(posting=posting, **common)
    table = PlacePosting._meta.db_table
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with acting_as(role), denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert PlacePosting.objects.count() == 3


def test_the_role_is_made_with_its_password_and_gets_no_more_than_its_rights(db, monkeypatch):
    monkeypatch.setenv("PASSWORD_OF_TEST", "erst-geheim")
    for _migration in range(2):
        call_command("audit", "grants", ROLE, "--apply", "--password-of", "PASSWORD_OF_TEST", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = %s", [ROLE])
        assert cursor.fetchone() == (True, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [ROLE])
        assert cursor.fetchone() == (0,)
    denied = pytest.raises(ProgrammingError, match="must be owner")
    with acting_as(ROLE), denied, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent ADD COLUMN more text")


def test_the_role_is_not_made_without_a_password(db, monkeypatch):
    monkeypatch.delenv("PASSWORD_OF_TEST", raising=False)
    with pytest.raises(CommandError, match="PASSWORD_OF_TEST"):
        call_command("audit", "grants", ROLE, "--apply", "--password-of", "PASSWORD_OF_TEST", stdout=StringIO())
