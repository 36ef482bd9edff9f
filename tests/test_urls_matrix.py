"""Every named URL × every role: who is let in, who is told no, who must not even learn that the object exists.

The table is ``tests/urls/table.py``. A URL that is missing there fails ``test_table_names_every_url``, which prints the
line to add; put ``?`` in place of the letters and the failing row prints what it observed.
"""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from portal.core.scoping import system_scope
from tests.conftest import DeskClient
from tests.factories.people import Tree
from tests.urls.table import ELSEWHERE, ROLES, ROWS
from tests.urls.world import World

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
LOGIN = "/accounts/login/"


def named_urls() -> set[str]:
    def walk(patterns, namespaces):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if pattern.name:
                    yield ":".join([*namespaces, pattern.name])
            else:
                inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
                yield from walk(pattern.url_patterns, inner)

    return set(walk(get_resolver().url_patterns, []))


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once, and gone with its transaction; each request is rolled back by itself."""
    with django_db_blocker.unblock():
        everything = transaction.atomic()
        everything.__enter__()
        try:
            with system_scope("test fixture"):
                found = World(Tree("天津市"), Tree("河北省"))
                found.clients = {
                    role: DeskClient().sign_in_as(actor) if actor else DeskClient()
                    for role, actor in found.actors.items()
                }
            yield found
        finally:
            transaction.set_rollback(True)
            everything.__exit__(None, None, None)


@pytest.fixture
def _django_db_helper(world):
    """The world's transaction stands in for the one that the mark opens for each test."""


def ask(world: World, role: str, method: str, name: str, **kwargs: object) -> str:
    """The letter of the answer (see the head of the table); ``kwargs`` in place of the world's own."""
    client = world.clients[role]
    with transaction.atomic():
        response = getattr(client, method.lower())(reverse(name, kwargs=kwargs or world.kwargs(name)))
        if response.streaming:  # read it out: only so the test client keeps the connection open
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    status = response.status_code
    if status == 302:
        return "L" if response.url.startswith(LOGIN) else "r" if method == "GET" else "o"
    if status in {400, 409, 422, 429} and method != "GET":
        return "o"  # let in, and told what is wrong with an empty form
    letters = {200: "o", 201: "o", 204: "o", 401: "L", 403: "x", 404: ".", 405: "m"}
    return letters.get(status, f"[{status}]")


@pytest.mark.parametrize(("name", "method", "expected"), ROWS, ids=[f"{m} {n}" for n, m, _e in ROWS])
def test_url(world, name, method, expected):
    got = [ask(world, role, method, name) for role in ROLES]
    letters = "".join(got)
    line = f"{name} {method} {letters[0]} {letters[1:6]} {letters[6:11]} {letters[11:]}"
    wrong = [f"{role}: {g}, not {e}" for role, g, e in zip(ROLES, got, expected, strict=False) if g != e]
    assert letters == expected, f"{', '.join(wrong) or 'new'}\n{line}"


def test_table_names_every_url():
    known = {name for name, _method, _expected in ROWS} | set(ELSEWHERE)
    missing = sorted(named_urls() - known)
    assert not missing, "add to tests/urls/table.py:\n" + "\n".join(f"{name} GET ?" for name in missing)
    assert not sorted(known - named_urls()), "in the table, but no URL any more"


def nowhere(kwargs: dict[str, object]) -> dict[str, object]:
    """The same address with keys that nothing has."""
    return {key: 999_999_999 if isinstance(value, int) else "none-0" for key, value in kwargs.items()}


def test_object_of_another_root_answers_as_one_that_does_not_exist(world):
    """The last column again: not a word, not a status tells the other federation whether the object is there."""
    bad = []
    for name, method, expected in ROWS:
        kwargs = world.kwargs(name)
        if not kwargs or name in OPEN_TO_ALL or name.startswith(AGREED):
            continue
        without = ask(world, ROLES[-1], method, name, **nowhere(kwargs))
        if expected[-1] != without:
            bad.append(f"{name} {method}: {expected[-1]}, and {without} without the object")
    assert not bad, "\n".join(bad)


# What the other root was agreed to see and do as a co-host (tests/urls/world_more.py), and nothing outside of it.
AGREED = "lifecycle:joint."

# Addresses with an object that everybody may know: public pages, and what belongs to the person or the nation.
OPEN_TO_ALL = {
    "competitions:board.data",
    "competitions:board.page",
    "competitions:board.wall",
    "competitions:project.choose",  # a kind of record, not an object
    "competitions:public.case",
    "competitions:public.challenge",
    "competitions:public.complain",
    "competitions:public.contest",
    "competitions:public.contest_file",
    "competitions:public.door",
    "competitions:public.learning_file",
    "competitions:public.proof",
    "competitions:public.proof_done",
    "competitions:public.quiz",
    "competitions:public.quiz_result",
    "competitions:public.taking_part",
    "competitions:public.enlist",
    "competitions:public.rate",
    "lifecycle:public.notice",
    "lifecycle:public.bundle",
    "awards:public.certificate",
    "lifecycle:public.object",
    "lifecycle:public.showcase_item",
    "lifecycle:public.showcase_picture",
    "awards:public.call",
    "lifecycle:vote.public",
    "awards:public.verify",
    "accounts:invitation.accept",
    "lifecycle:calendar.feed",  # its secret is the key
    "accounts:code.rows",
    "accounts:import.template",
    "accounts:holiday.change",
    "accounts:holiday.delete",
}
