"""Before decoding nothing that anybody gets joins codes with people: every address of the table, for every role.

The proof is by exchange: codes change hands in the closed tables, everything else stays, the clock stands still. Who does
not hold a table must get the same answers as before – words, figures, order, hits of a search, files and their names – for
what does not change when the join changes cannot tell it.
"""

from __future__ import annotations

import json
import os
import re
import zipfile
from io import BytesIO
from typing import NamedTuple

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from portal.accounts.enums import Role
from portal.core.scoping import system_scope
from portal.lifecycle.review.codes import domain, queries
from portal.lifecycle.review.codes.models import CodedMark
from tests.conftest import DeskClient
from tests.factories.codes import Contest, coded_shape
from tests.factories.people import Tree, make_actor
from tests.urls.table import ROLES, ROWS
from tests.urls.world import World

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DOUBLE, SINGLE = 700_001, 800_001  # keys of everything that belongs to the contest with two layers, with one
ROOMS_OF_MARKS = ("lifecycle:codes.", "lifecycle:result.", "lifecycle:review.", "lifecycle:cycle.")
TABLES = ("programme", "blueprint", "cycle", "entry", "codetable", "codedmark", "codedbatch")
LIKE = {"second holder": "city checker", "recorder": "city manager", "single holder": "city manager"}
CURIOUS = {"recorder", "supervisor", "second holder"}  # these also sort, filter, turn pages and search
QUERIES = 8
EVERY_DAY = ("anonymous", "filer", "district checker", "supervisor")  # the others are long: WALKS=all takes every role
ASKED = [*ROLES, *LIKE] if os.environ.get("WALKS") == "all" else EVERY_DAY
HOLDER_OF_FIRST = "city manager"
EXCHANGED = ("lifecycle_codetable", "lifecycle_codedmark")  # what exchange() writes
RANDOM = re.compile(r"[A-Za-z0-9]{64}|nonce[-=][\w+/=\"-]+")
LINKS = re.compile(r'href="(\?[^"]+)"')


class Watched(World):
    """The federation of the table with two coded contests, whose objects all have one key each."""

    def __init__(self) -> None:
        tree = Tree("天津市")
        super().__init__(tree, Tree("河北省"))
        self.double, self.single = self._with_key(2, DOUBLE), self._with_key(1, SINGLE)
        self.actors |= {
            "second holder": self.double.b, "recorder": self.double.c, "single holder": self.single.a,
        }  # fmt: skip
        self.clients = {
            role: DeskClient().sign_in_as(actor) if actor else DeskClient() for role, actor in self.actors.items()
        }

    def _with_key(self, layers: int, key: int) -> Contest:
        place = [stage["kind"] for stage in coded_shape()["stages"]].index("review")
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"select setval('lifecycle_{table}_id_seq', {key - 1})")
            cursor.execute(f"select setval('lifecycle_cyclestage_id_seq', {key - 1 - place})")
        contest = Contest(self.tree, layers, code=f"coded-{layers}")
        assert (contest.stage.pk, contest.cycle.pk, contest.entries[0].pk) == (key, key, key)
        if layers == 1:
            contest.a = make_actor(self.tree.municipal, Role.MANAGER, "独保管")
            contest.act(domain.draw, contest.a, layer=1)
        else:
            contest.draw_both()
        contest.mark_all()
        return contest

    def addresses(self, role: str) -> list[str]:
        """Where this role is let in: the table's own objects, and the same pages of the two contests."""
        column = ROLES.index(LIKE.get(role, role))
        found = []
        for name in (name for name, method, letters in ROWS if method == "GET" and letters[column] == "o"):
            kwargs = self.kwargs(name)
            found.append(reverse(name, kwargs=kwargs))
            if kwargs:
                found.append(reverse(name, kwargs=self._moved(name, kwargs, self.double, DOUBLE)))
                if name.startswith(ROOMS_OF_MARKS):
                    found.append(reverse(name, kwargs=self._moved(name, kwargs, self.single, SINGLE)))
        return list(dict.fromkeys(found))

    @staticmethod
    def _moved(name: str, kwargs: dict, contest: Contest, key: int) -> dict:
        code = contest.codes()[0] if name.startswith("lifecycle:codes.") else contest.entries[0].code
        return {
            k: key if isinstance(v, int) and k in {"pk", "entry"} else code if k == "code" else v
            for k, v in kwargs.items()
        }


@pytest.fixture(scope="module")
def watched(django_db_setup, django_db_blocker):
    """Made once, at a clock that stands still, and gone with its transaction."""
    with django_db_blocker.unblock(), time_machine.travel(timezone.now(), tick=False):
        everything = transaction.atomic()
        everything.__enter__()
        try:
            with system_scope("test fixture"):
                found = Watched()
            yield found
        finally:
            transaction.set_rollback(True)
            everything.__exit__(None, None, None)


@pytest.fixture
def _django_db_helper(watched):
    """The world's transaction stands in for the one that the mark opens for each test."""


class Answer(NamedTuple):
    words: str
    exchanged: bool  # made from a table in which something changes hands; any other answer cannot depend on it


def words_of(response: object) -> str:
    """Everything the answer tells, its file name included, without what is random by design."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind, told = response.headers.get("Content-Type", ""), [response.headers.get("Content-Disposition", "")]
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            told += [name + archive.read(name).decode(errors="replace") for name in sorted(archive.namelist())]
    elif content.startswith(b"%PDF") and b"startxref" in content:  # not the shortest of uploads
        reader = PdfReader(BytesIO(content))
        told += [str(reader.metadata and reader.metadata.title), *(page.extract_text() for page in reader.pages)]
    elif not kind.startswith("image/"):
        told.append(content.decode(errors="replace"))
    return RANDOM.sub("", "\n".join(told))


def ask(watched: Watched, role: str, url: str) -> Answer:
    """What the role gets at an address; empty when it is not let in. Nothing that the visit writes or keeps stays."""
    cache.clear()
    exchanged = False

    def watch(execute, sql, params, many, context):
        nonlocal exchanged
        exchanged |= any(table in str(sql) for table in EXCHANGED)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        response = watched.clients[role].get(url)
        words = words_of(response) if response.status_code == 200 else ""
        transaction.set_rollback(True)
    return Answer(words, exchanged)


def exchange(watched: Watched, role: str) -> None:
    """Codes change hands in the tables that the role does not hold; whoever holds the only one gets other marks."""
    closed = [(watched.double, layer) for layer in (1, 2)] + [(watched.single, 1)]
    held = {HOLDER_OF_FIRST: closed[0], "second holder": closed[1], "single holder": closed[2]}
    with system_scope("test"):
        for contest, layer in closed:
            if held.get(role) == (contest, layer):
                continue
            table = queries.tables(contest.stage)[layer]
            content = queries.content(table)
            keys = list(content)
            table.content = json.dumps(dict(zip(keys, [*list(content.values())[1:], content[keys[0]]], strict=True)))
            table.save(update_fields=["content"])
        if role == "single holder":
            rows = list(CodedMark.objects.filter(stage=watched.single.stage).order_by("code"))
            marks = [row.marks for row in rows]
            for row, other in zip(rows, [*marks[1:], marks[0]], strict=True):
                CodedMark.objects.filter(pk=row.pk).update(marks=other)


def queries_of(watched: Watched, role: str, url: str, words: str) -> list[str]:
    """Ways to sort, filter and page that the page itself offers, and a search for codes."""
    if role not in CURIOUS or "<html" not in words or "?" in url:
        return []
    found = [link.replace("&amp;", "&") for link in dict.fromkeys(LINKS.findall(words))][:QUERIES]
    if 'name="q"' in words:
        found += [f"?q={code}" for code in (watched.double.codes()[0], next(iter(watched.double.content(1).values())))]
    return [url + link for link in found]


@pytest.mark.parametrize("role", ASKED)
def test_no_answer_tells_whose_a_code_is(watched, role):
    before: dict[str, Answer] = {}
    for url in watched.addresses(role):
        before[url] = answer = ask(watched, role, url)
        before |= {more: ask(watched, role, more) for more in queries_of(watched, role, url, answer.words)}
    assert not [url for url, answer in before.items() if joins(watched, role, answer.words)]
    again = [url for url, answer in before.items() if answer.words and answer.exchanged]
    with transaction.atomic():
        exchange(watched, role)
        different = [url for url in again if ask(watched, role, url).words != before[url].words]
        transaction.set_rollback(True)
    assert different == []


def joins(watched: Watched, role: str, words: str) -> bool:
    """A first code beside a name, a number or – worse – both, where the reader does not hold that table."""
    held = {HOLDER_OF_FIRST: watched.double, "single holder": watched.single}.get(role)
    for contest in (watched.double, watched.single):
        if contest is held or not any(code in words for code in contest.content(1).values()):
            continue
        if any(entry.code in words or entry.title in words for entry in contest.entries):
            return True
    return False


def test_exchange_is_noticed_by_those_who_hold_the_table(watched):
    """The proof would not pass everything: the holder's own page does change when the own table does."""
    url = reverse("lifecycle:codes.table", args=[DOUBLE])
    before = ask(watched, HOLDER_OF_FIRST, url)
    assert before.words
    assert before.exchanged
    with transaction.atomic():
        exchange(watched, "supervisor")
        assert ask(watched, HOLDER_OF_FIRST, url).words != before.words
        transaction.set_rollback(True)
