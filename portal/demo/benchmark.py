"""Speed of the main pages at growing numbers of entries, as ratios to a bare Django view of the same rows.

Everything happens inside one transaction that is rolled back. Machines differ and are noisy: read the ratios.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.urls import reverse

from portal.accounts.middleware import SESSION_KEY
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.text import normalise_title
from portal.demo import cycles
from portal.demo.federation import Federation, Unit, build
from portal.demo.story import Story
from portal.demo.words import work_title
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.domain import open_cycle
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.review.domain.panels import save_panel
from portal.lifecycle.review.models import Assignment, Panel, Score

ROUNDS = 25
PILE = 100  # of the first entries, of which four in ten are in review
BARE = engines["django"].from_string(
    "<table>{% for e in rows %}<tr><td>{{ e.code }}</td><td>{{ e.title }}</td><td>{{ e.organisation.name }}</td>"
    "<td>{{ e.get_state_display }}</td></tr>{% endfor %}</table>"
)
STATES = (EntryState.SUBMITTED, EntryState.SUBMITTED, EntryState.IN_REVIEW, EntryState.IN_REVIEW, EntryState.DRAFT)


@dataclass(frozen=True)
class Figures:
    """Of one page at one size: seconds of the median and the slowest percent, queries, answers a second."""

    median: float
    slowest: float
    queries: int

    @property
    def per_second(self) -> float:
        return 1 / self.median


class Bench:
    """A federation with one open cycle; ``grow`` adds entries with marks, ``measure`` asks the pages."""

    def __init__(self, *, now: dt.datetime) -> None:
        self.now, self.rng = now, random.Random(7)  # noqa: S311 -- repeatable, not secret
        self.federation: Federation = build(now=now, rng=self.rng)
        programme = cycles.load_programmes(self.federation, now)["five-small-top20"]
        manager = self.federation.manager
        self.cycle: Cycle = open_cycle(
            programme=programme,
            year=local_date(now).year,
            actor=manager,
            now=now,
            start_date=local_date(now) - dt.timedelta(days=20),
        )
        story = Story(self.federation, self.cycle, now, self.rng)
        story.open("application")
        story.open("recommendation")
        self.model: Entry = story.submit(self.federation.units[0])
        members = [expert.user.pk for expert in self.federation.experts]
        stage = self.cycle.stages.get(kind="review")
        stage.status, stage.opens_at = "open", now - dt.timedelta(days=1)
        stage.save()
        self.panel: Panel = save_panel(actor=manager, stage=stage, name="评审组", members=members, now=now)
        self.count = 1

    def grow(self, size: int) -> None:
        """Entries in mixed states at mixed unions, and for those in review one expert's sheet with marks."""
        rubric = self.cycle.rules.stage("review").params.rubric
        while self.count < size:
            batch = [self._entry(self.count + n) for n in range(min(2000, size - self.count))]
            Entry.objects.bulk_create(batch)
            sheets = Assignment.objects.bulk_create(
                Assignment(panel=self.panel, entry=entry, expert=self._expert(number).user)
                for number, entry in enumerate(batch, self.count)
                if entry.state == EntryState.IN_REVIEW
            )
            Score.objects.bulk_create(
                Score(assignment=sheet, criterion=c.code, value=Decimal(int(c.max_score) - self.rng.randint(0, 5)))
                for sheet in sheets
                for c in rubric
            )
            self.count += len(batch)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _entry(self, number: int) -> Entry:
        # One in six belongs to one unit, so that its union's work list is full at the smallest size already.
        unit: Unit = self.federation.units[0] if number % 6 == 0 else self.rng.choice(self.federation.units)
        state, title = self.rng.choice(STATES), f"{work_title(self.rng)}{number}"
        sent = state != EntryState.DRAFT
        route_path = unit.organisation.parent.path
        return Entry(
            code=f"B{number:07d}",
            cycle=self.cycle,
            organisation=unit.organisation,
            title=title,
            title_key=normalise_title(title),
            answers=self.model.answers,
            state=state,
            route=self.model.route,
            route_path=route_path if sent else "",
            at_organisation=unit.organisation.parent if state == EntryState.SUBMITTED else None,
            at_level=unit.organisation.parent.level if sent else "",
            review_code=f"R{number:07d}" if state == EntryState.IN_REVIEW else "",
            created_by=unit.filer.user,
            submitted_at=self.now - dt.timedelta(minutes=number) if sent else None,
            due_at=self.now + dt.timedelta(minutes=number) if sent else None,
        )

    def _expert(self, number: int) -> Actor:
        """The first expert's pile is an evening's work at every size; more entries have more experts, not longer evenings."""
        first, *others = self.federation.experts
        return first if number < PILE else others[number % len(others)]

    # --- pages -------------------------------------------------------------------------------------
    def pages(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        federation = self.federation
        city, union = _client(federation.manager), _client(self._busy_checker())
        expert = federation.experts[0]
        sheet = Assignment.objects.filter(expert=expert.user).order_by("pk").first()
        desk = _client(expert)
        save = reverse("lifecycle:review.save", kwargs={"pk": sheet.pk})
        code = self.cycle.rules.stage("review").params.rubric[0].code
        yield "bare Django view", self._bare
        yield "work list", lambda: union.get(reverse("lifecycle:worklist.home"))
        yield "entry list", lambda: city.get(reverse("lifecycle:entry.list"))
        yield "entry", lambda: city.get(reverse("lifecycle:entry.detail", kwargs={"code": self.model.code}))
        yield "review form", lambda: desk.get(reverse("lifecycle:review.sheet", kwargs={"pk": sheet.pk}))
        marks = iter(range(10**6))
        yield (
            "saving a mark",
            lambda: desk.post(save, {f"mark-{code}": str(20 + next(marks) % 9)}, headers={"HX-Request": "true"}),
        )
        public = Client()
        yield "public call", lambda: public.get(reverse("awards:public.call", kwargs={"pk": self.cycle.pk}))
        yield "public register", lambda: public.get(reverse("awards:public.honours"))

    def _busy_checker(self) -> Actor:
        """Who checks for the union above the first unit; more than a page of entries waits there."""
        return self.federation.checker_of(self.federation.units[0].organisation.parent_id)

    def _bare(self) -> HttpResponse:
        rows = Entry.objects.select_related("organisation").defer("answers").order_by("-pk")[:25]
        return HttpResponse(BARE.render({"rows": rows}))


def _client(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SESSION_KEY] = actor.desk.membership_id
    session.save()
    return client


def measure(page: Callable[[], Any]) -> Figures:
    """Asks once for warmth and queries, then ``ROUNDS`` times. Raises when a page does not answer well."""
    page()
    with counted() as queries:
        answer = page()
    if answer.status_code >= 400:
        raise RuntimeError(f"a page answered {answer.status_code}")
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        page()
        times.append(time.perf_counter() - started)
    return Figures(statistics.median(times), max(times), len(queries))


@contextmanager
def counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield seen
