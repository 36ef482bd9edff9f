"""System checks of our own: what a deployment must have beyond Django's ``check --deploy``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

MINIMUM_POSTGRESQL = 150000
MINIMUM_KEY_LENGTH = 32


@register(Tags.database)
def check_database(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """PostgreSQL 15 or newer, with UTF-8; asked only when a command touches the database."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        connection: Any = connections[alias]
        if connection.vendor != "postgresql":
            found.append(
                Error(f"The database “{alias}” is {connection.vendor}; the portal needs PostgreSQL.", id="portal.E001")
            )
            continue
        with connection.cursor() as cursor:
            if connection.pg_version < MINIMUM_POSTGRESQL:
                found.append(Error("The portal needs PostgreSQL 15 or newer.", id="portal.E002"))
            cursor.execute("SHOW server_encoding")
            if cursor.fetchone() != ("UTF8",):
                found.append(Error(f"The database “{alias}” is not encoded in UTF8.", id="portal.E003"))
    return found


@register(Tags.security, deploy=True)
def check_secrets(**kwargs: Any) -> list[CheckMessage]:
    """Keys that protect personal data exist, are long enough, and differ from the key that signs sessions."""
    keys = settings.FIELD_ENCRYPTION_KEYS
    if not keys or any(len(key) < MINIMUM_KEY_LENGTH for key in keys):
        return [
            Error(
                f"FIELD_ENCRYPTION_KEYS must hold keys of at least {MINIMUM_KEY_LENGTH} characters.",
                hint="python -c 'import secrets; print(secrets.token_urlsafe(48))'",
                id="portal.E004",
            ),
        ]
    if settings.SECRET_KEY in keys:
        return [Error("FIELD_ENCRYPTION_KEYS must not contain SECRET_KEY.", id="portal.E005")]
    chain = settings.AUDIT_CHAIN_KEYS
    if not chain or any(len(key) < MINIMUM_KEY_LENGTH or key in {settings.SECRET_KEY, *keys} for key in chain):
        return [
            Error(f"AUDIT_CHAIN_KEYS needs keys of its own, {MINIMUM_KEY_LENGTH} characters each.", id="portal.E010")
        ]
    return []


@register(Tags.security, deploy=True)
def check_background(**kwargs: Any) -> list[CheckMessage]:
    """Long work runs in workers: a broker is named and nothing runs inside the request."""
    found: list[CheckMessage] = []
    if not settings.CELERY_BROKER_URL.startswith(("redis://", "rediss://", "redis+socket://")):
        found.append(Error("CELERY_BROKER_URL must name a Redis server.", id="portal.E006"))
    if getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        found.append(Error("CELERY_TASK_ALWAYS_EAGER must be off.", id="portal.E007"))
    return found


@register(Tags.security, deploy=True)
def check_people(**kwargs: Any) -> list[CheckMessage]:
    """Municipal roles sign in with a second factor, and the demo's accounts are not available."""
    found: list[CheckMessage] = []
    if not settings.PORTAL_REQUIRE_SECOND_FACTOR:
        found.append(Error("PORTAL_REQUIRE_SECOND_FACTOR must be on.", id="portal.E008"))
    if settings.DEMO:
        found.append(Error("PORTAL_DEMO must be off: its passwords are public.", id="portal.E009"))
    return found
