"""What the application's role may do to the log and to ledgers: read and add. The tables belong to another role, which only migrates."""

from __future__ import annotations

from django.db import connection, models
from psycopg2 import sql

from portal.audit.models import AuditCheck, AuditEvent, AuditHead, AuditLink, AuditRoot

APPEND_ONLY: list[type[models.Model]] = [AuditEvent, AuditLink, AuditRoot, AuditCheck]
# Who may read an event follows the organisation when it moves in the tree; nothing else of an event may change.
FOLLOWS = ("owner_path", "route_path")


def append_only(model: type[models.Model]) -> None:
    """Registers a table above this package whose rows are written once, such as a ledger."""
    if model not in APPEND_ONLY:
        APPEND_ONLY.append(model)


def statements(role: str) -> list[sql.Composed]:
    """All rights of ``role`` on all tables, except changing the evidence. Run as the owner of the tables."""
    name = sql.Identifier(role)
    found = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
    ]
    for model in APPEND_ONLY:
        table = sql.Identifier(model._meta.db_table)
        found.append(sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(table, name))
    head, events = sql.Identifier(AuditHead._meta.db_table), sql.Identifier(AuditEvent._meta.db_table)
    found.append(sql.SQL("REVOKE DELETE, TRUNCATE ON {} FROM {}").format(head, name))
    columns = sql.SQL(", ").join(map(sql.Identifier, FOLLOWS))
    found.append(sql.SQL("GRANT UPDATE ({}) ON {} TO {}").format(columns, events, name))
    return found


def apply(role: str) -> None:
    """Grants and revokes; repeat it after every migration (new tables have no rights yet)."""
    with connection.cursor() as cursor:
        for statement in statements(role):
            cursor.execute(statement)


def let_in(role: str, password: str) -> None:
    """Makes ``role`` able to sign in with ``password``; creates it when it is missing. It owns nothing and grants nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
        cursor.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                verb, sql.Identifier(role), sql.Literal(password)
            )
        )


def as_text(role: str) -> str:
    """The same as a script for ``psql``."""
    with connection.cursor() as cursor:
        return "".join(f"{statement.as_string(cursor.connection)};\n" for statement in statements(role))


def may_change_evidence() -> bool:
    """Whether this connection's role could change or delete what is written once (true for the owner of the tables)."""
    tables = [model._meta.db_table for model in APPEND_ONLY]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege(current_user, t, 'UPDATE') OR has_table_privilege(current_user, t, 'DELETE')"
            " OR has_table_privilege(current_user, t, 'TRUNCATE')) FROM unnest(%s::text[]) AS t",
            [tables],
        )
        return bool(cursor.fetchone()[0])
