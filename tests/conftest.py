"""Shared fixtures: two complete municipal trees, a client that signs in at a desk, scopes.

Fixtures set up with all rows visible; tests of queries enter a scope themselves (``in_scope``) or go through the client.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings

from portal.accounts.enums import UnionLevel
from portal.accounts.middleware import SESSION_KEY
from portal.accounts.models import User
from portal.accounts.scopes import scope_of
from portal.accounts.sessions import SEEN
from portal.core.context import Actor
from portal.core.crypto import encrypt
from portal.core.memory import collect_less_often
from portal.core.scoping import scope, system_scope
from tests.factories.people import Tree

pytest_plugins = ["tests.live_plugin"]

# How long one example takes says something about the machine, not about the code.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")


def pytest_collection_finish() -> None:
    collect_less_often()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """Fixtures may create rows of every tenant; the test itself has no scope until it enters one."""
    if fixturedef.argname == "all_rows":  # its own scope must outlive the set-up
        return (yield)
    with system_scope("test fixture"):
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """At the end: a killed worker's backend may still be at its last statement, and would keep the database from going."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.delete_pattern("*")  # not clear(), which would also flush the queue of a running worker


@pytest.fixture
def all_rows():
    """For tests of domain functions, whose caller (a view or a job) has entered a scope already."""
    with system_scope("test"):
        yield


@pytest.fixture
def in_scope():
    """``with in_scope(actor): …`` – what the middleware does around a request of this desk."""

    @contextmanager
    def enter(actor: Actor):
        with scope(scope_of(actor)):
            yield actor

    return enter


@pytest.fixture
def tianjin(db) -> Tree:
    return Tree("天津市")


@pytest.fixture
def hebei(db) -> Tree:
    """The second municipal root: nothing of it may ever be seen from the first."""
    return Tree("河北省")


class DeskClient(Client):
    """Django's client with ``sign_in_as(actor)``: signed in, second factor done, at the actor's desk."""

    def sign_in_as(self, actor: Actor) -> DeskClient:
        self.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = self.session
        session[SESSION_KEY] = actor.desk.membership_id
        session["account_authentication_methods"] = [{"method": "mfa", "at": 9999999999}]
        session[SEEN] = 9999999999  # no request of a test has to prolong it
        session.save()
        if actor.desk.level == UnionLevel.MUNICIPAL:
            secret = {"secret": encrypt("JBSWY3DPEHPK3PXP")}
            Authenticator.objects.get_or_create(
                user=actor.user, type=Authenticator.Type.TOTP, defaults={"data": secret}
            )
        return self


@pytest.fixture
def client() -> DeskClient:
    return DeskClient()


@pytest.fixture
def desk_client():
    """``desk_client(actor)`` → a fresh client at that desk."""

    def make(actor: Actor) -> DeskClient:
        return DeskClient().sign_in_as(actor)

    return make


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("zhang", "Ceshi-Mima-2026", name="张建国")
