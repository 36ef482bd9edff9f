"""Contests and what belongs to them, in the active scope; figures for lists are annotated."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from competitions.contests.enums import (
    DONE,
    HELD,
    TAKING_PART,
    CompetitorState,
    ContestClass,
    ContestState,
    FilePurpose,
    Medium,
    PromotionState,
    TradeField,
)
from competitions.contests.levels import Entry
from competitions.contests.models import (
    Competitor,
    Contest,
    ContestAppeal,
    ContestFile,
    ContestImport,
    ContestPart,
    ContestResult,
    ContestSession,
    Delegation,
    HonourCandidate,
    MediaReport,
    PartMark,
    Promotion,
    SessionPlace,
    Trade,
    YearPlan,
)
from competitions.contests.rules import honour_rules
from portal.core.scoping import system_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("contest").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def contests() -> QuerySet[Contest]:
    """With ``people`` taking part and ``teams`` of all delegations, and the appeals that the desk sees."""
    with system_scope("how large a field is may be known to all who know the contest"):
        people = Competitor.objects.filter(contest=OuterRef("pk"), state__in=TAKING_PART)
        teams = Delegation.objects.filter(contest=OuterRef("pk"))
    appeals = ContestAppeal.objects.filter(contest=OuterRef("pk"), ruling="")
    return Contest.objects.select_related("owner", "trade").annotate(
        people=_count(people), teams=_count(teams), open_appeals=_count(appeals)
    )


def field_of(contest: Contest) -> dict[str, int]:
    """Competitors of all delegations by state; a number for every state."""
    with system_scope("how large a field is may be known to all who know the contest"):
        rows = Competitor.objects.filter(contest=contest).order_by().values_list("state").annotate(n=Count("pk"))
        return dict.fromkeys(CompetitorState.values, 0) | dict(rows)


def competitors() -> QuerySet[Competitor]:
    return Competitor.objects.select_related("contest__owner", "delegation__organisation", "result")


def delegations() -> QuerySet[Delegation]:
    return Delegation.objects.select_related("contest__owner", "organisation")


def parts() -> QuerySet[ContestPart]:
    return ContestPart.objects.select_related("contest__owner", "entered_by", "confirmed_by")


def sessions() -> QuerySet[ContestSession]:
    return ContestSession.objects.select_related("contest__owner", "part")


def files() -> QuerySet[ContestFile]:
    return ContestFile.objects.select_related("contest__owner")


def results() -> QuerySet[ContestResult]:
    return ContestResult.objects.select_related("contest__owner", "competitor__delegation__organisation")


def appeals() -> QuerySet[ContestAppeal]:
    return ContestAppeal.objects.select_related("contest__owner", "delegation__organisation", "session__part", "paper")


def promotions() -> QuerySet[Promotion]:
    return Promotion.objects.select_related(
        "competitor__contest__owner", "competitor__contest__trade", "competitor__delegation__organisation",
        "competitor__result",
    )  # fmt: skip


def promotions_to_report(path: str) -> QuerySet[Promotion]:
    """Promotions of the host's own contests that wait to be reported, or were and may be printed again."""
    return promotions().filter(competitor__contest__owner__path=path, state__in=("proposed", "sent"))


def honours() -> QuerySet[HonourCandidate]:
    return HonourCandidate.objects.select_related(
        "unit", "entry", "competitor__contest__owner", "competitor__contest__trade",
        "competitor__delegation__organisation", "competitor__result",
    )  # fmt: skip


def honours_to_draft(path: str) -> QuerySet[HonourCandidate]:
    """What the unit drafts, and what a union that sent a delegation hands down: honours with a programme of their own."""
    own = [rule.honour for rule in honour_rules() if rule.programme]
    return honours().filter(honour__in=own, drafted_at=None, unit__path=path)


def honours_to_send(path: str) -> QuerySet[HonourCandidate]:
    """Candidates of the host's contests for honours of other departments, in the order of the list."""
    others = [rule.honour for rule in honour_rules() if not rule.programme]
    rows = honours().filter(honour__in=others, competitor__contest__owner__path=path)
    return rows.order_by("honour", "competitor__contest__number", "competitor__result__rank", "pk")


def drawn(contest: Contest) -> QuerySet[Competitor]:
    """Those who drew a number, in its order, with their places."""
    return competitors().filter(contest=contest, draw_number__isnull=False).prefetch_related("places__session")


def marks(part: ContestPart) -> dict[int, PartMark]:
    return {m.competitor_id: m for m in PartMark.objects.filter(part=part)}


def trades() -> QuerySet[Trade]:
    return Trade.objects.all()


def trades_by_word() -> dict[str, Trade]:
    """The catalogue by name and by code, as people write either."""
    rows = list(Trade.objects.all())
    return {row.code: row for row in rows} | {row.name: row for row in rows}


def imports() -> QuerySet[ContestImport]:
    return ContestImport.objects.select_related(
        "part__contest__owner", "delegation__contest", "uploaded_by", "organisation"
    ).defer("content")


def plan_of(year: int) -> YearPlan | None:
    return YearPlan.objects.filter(year=year).first()


def years() -> list[int]:
    return sorted(set(Contest.objects.order_by().values_list("year", flat=True).distinct()), reverse=True)


def plan_counts(year: int) -> dict[str, int]:
    """Trades of the year – a trade counts once however many levels hold it: planned, held, done; and contests."""
    rows = Contest.objects.filter(year=year).exclude(state=ContestState.CANCELLED).values_list("trade_id", "state")
    planned, held, done, count = set(), set(), set(), 0
    for trade, state in rows:
        count += 1
        planned.add(trade)
        if state in HELD:
            held.add(trade)
        if state in DONE:
            done.add(trade)
    return {"planned": len(planned), "held": len(held), "done": len(done), "contests": count}


def matrix(year: int) -> list[dict[str, Any]]:
    """Level × field: for each field the contests per class, with how many are done."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = Contest.objects.filter(year=year).exclude(state=ContestState.CANCELLED)
    for field, klass, state in rows.values_list("trade__field", "klass", "state"):
        cell = found[field, klass]
        cell[0] += 1
        cell[1] += state in DONE
    lines = []
    for field, label in TradeField.choices:
        cells = [{"klass": k, "planned": found[field, k][0], "done": found[field, k][1]} for k in ContestClass.values]
        total = sum(c["planned"] for c in cells)
        lines.append({"field": field, "label": label, "cells": cells, "total": total})
    return lines


def by_month(year: int) -> list[tuple[dt.date, list[Contest]]]:
    """The calendar: contests of the year's plan by the month of their first day; some are held in the next year."""
    found: dict[dt.date, list[Contest]] = defaultdict(list)
    for row in contests().filter(year=year).exclude(state=ContestState.CANCELLED).order_by("planned_on", "number"):
        found[row.planned_on.replace(day=1)].append(row)
    return sorted(found.items())


def level_counts(year: int) -> dict[str, dict[str, int]]:
    """Levels of those promoted in the year, before and after (row 101)."""
    rows = Promotion.objects.filter(year=year).exclude(state="dropped").order_by()
    found: dict[str, dict[str, int]] = {"before": defaultdict(int), "after": defaultdict(int)}
    for before, after in rows.values_list("before", "after"):
        found["before"][before] += 1
        found["after"][after] += 1
    return found


def open_for(path: str, now: dt.datetime) -> QuerySet[Contest]:
    """Contests taking entries to which this union has not sent a delegation."""
    mine = Delegation.objects.filter(organisation__path=path).values("contest")
    return contests().filter(state=ContestState.REGISTRATION, entry_until__gt=now).exclude(pk__in=mine)


def public_contests() -> QuerySet[Contest]:
    """What the scope of the public leaves, newest first, without figures of people."""
    return Contest.objects.select_related("owner", "trade").order_by("-planned_on", "number")


def public_results(contest: Contest) -> QuerySet[ContestResult]:
    return ContestResult.objects.filter(contest=contest).order_by("rank", "pk")


def public_certificate(number: str) -> ContestResult | None:
    """The line of the register under this number; certificates have one once results are confirmed."""
    rows = ContestResult.objects.filter(certificate_number=number, contest__state__in=DONE)
    return rows.exclude(certificate_number="").select_related("contest__owner", "contest__trade").first()


def public_files() -> QuerySet[ContestFile]:
    """Technical documents; the public sees those that were published."""
    return ContestFile.objects.filter(purpose=FilePurpose.DOCUMENT)


def public_documents(contest: Contest) -> QuerySet[ContestFile]:
    return public_files().filter(contest=contest)


def editions() -> list[dict[str, int]]:
    """历届: contests, those finished, trades and people ranked by year."""
    rows = Contest.objects.order_by().values("year").annotate(
        contests=Count("pk"), trades=Count("trade", distinct=True), done=Count("pk", filter=Q(state__in=DONE))
    )  # fmt: skip
    people = dict(
        ContestResult.objects.order_by()
        .values_list("contest__year")
        .annotate(n=Count("pk"))
        .values_list("contest__year", "n")
    )
    return [row | {"people": people.get(row["year"], 0)} for row in rows.order_by("-year")]


def places(contest: int, kind: str) -> QuerySet[SessionPlace]:
    """Who stands where in the parts of one kind, in the order of sessions and benches."""
    rows = SessionPlace.objects.filter(part__contest=contest, part__kind=kind)
    return rows.select_related("session", "competitor__delegation__organisation").order_by(
        "session__starts_at", "session", "bench"
    )


def media() -> QuerySet[MediaReport]:
    return MediaReport.objects.select_related("owner")


def brand(years: int = 12) -> dict[str, Any]:
    """The brand's page: editions with their media reports, the sums of all of them, and who won in the last one decided.

    Six statements, in the public scope: cancelled and planned contests, and anything of a person but a masked name, stay out.
    """
    reports = dict(media().order_by().values_list("year").annotate(n=Count("pk")))
    by_medium = dict(media().order_by().values_list("medium").annotate(n=Count("pk")))
    rows = [row | {"media": reports.pop(row["year"], 0)} for row in editions()]
    blank = dict.fromkeys(("contests", "trades", "done", "people"), 0)
    rows += [blank | {"year": year, "media": n} for year, n in reports.items()]
    rows.sort(key=lambda row: -row["year"])
    decided = next((row["year"] for row in rows if row["done"]), None)
    winners = ContestResult.objects.filter(contest__year=decided, contest__state__in=DONE, rank=1)
    trades_held = Contest.objects.order_by().aggregate(n=Count("trade", distinct=True))["n"]
    return {
        "editions": rows[:years],
        "totals": {name: sum(row[name] for row in rows) for name in ("contests", "done", "people", "media")}
        | {"editions": len(rows), "trades": trades_held},
        "by_medium": [(label, by_medium[value]) for value, label in Medium.choices if value in by_medium],
        "decided": decided,
        "winners": list(winners.select_related("contest__trade").order_by("contest__number", "pk")[:24]),
        "reports": list(media().order_by("-published_on", "-pk")[:20]),
    }


def level_entries(year: int) -> list[Entry]:
    """Qualified competitors of ``year`` in scope with the level stated and the one granted by a certificate."""
    rows = Competitor.objects.filter(year=year, state=CompetitorState.QUALIFIED).order_by("pk")
    found = rows.values_list("id_index", "contest__trade__name", "level", "promotion__after", "promotion__state")
    return [
        Entry(person, trade, level, after if state == PromotionState.GRANTED else "")
        for person, trade, level, after, state in found
    ]
