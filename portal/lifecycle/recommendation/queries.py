"""Reading nominations, always inside the active scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.lifecycle.blueprints.stages import RecommendationParams
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, QuotaAllocation, StageStatus, Track
from portal.lifecycle.programmes.queries import ALIVE, in_turn
from portal.lifecycle.recommendation.models import Decision, Recommendation
from portal.lifecycle.recommendation.rules import (
    FREED_STATES,
    RatioFigure,
    ratio_figures,
    recommendation_params,
)

if TYPE_CHECKING:
    from portal.core.context import Actor


@dataclass(frozen=True)
class Places:
    """推荐名额 of one union: ``limit`` None = no limit; ``is_set`` False = the city has not allotted them yet.

    With an ``account`` the figures are its balances; without one they are counted under the blueprint's rule.
    """

    limit: int | None
    reserve_limit: int | None
    used: int
    reserves_used: int
    is_set: bool = True
    account: QuotaAllocation | None = None

    @property
    def left(self) -> int | None:
        if self.account is not None:
            return self.account.free
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def reserves_left(self) -> int | None:
        if self.account is not None:
            return self.account.reserves_free
        return None if self.reserve_limit is None else max(0, self.reserve_limit - self.reserves_used)

    @classmethod
    def of(cls, account: QuotaAllocation) -> Places:
        return cls(account.count, account.reserves, account.used, account.reserves_used, account=account)

    def has_room(self, *, reserve: bool) -> bool:
        left = self.reserves_left if reserve else self.left
        return left is None or left > 0


def places(*, cycle: Cycle, organisation: Organisation, level: str, track: Track | None = None) -> Places:
    """Places of one union in one cycle: its account (by track first), else the blueprint's rule, else its cap per level.

    Without an account, used are the endorsements of this union that still stand; what was returned, declined, withdrawn
    or disqualified has freed its place.
    """
    params = recommendation_params(cycle)
    if params is None:
        return Places(None, None, 0, 0)
    account = account_of(cycle=cycle, organisation=organisation, track=track)
    if account is not None:
        return Places.of(account)
    used, reserves = _used(cycle, organisation, level)
    limit, is_set = _ruled_limit(params, level, organisation)
    reserve_limit = params.reserve(level) if limit is not None else None
    return Places(limit, reserve_limit, used, reserves, is_set)


def account_of(*, cycle: Cycle, organisation: Organisation, track: Track | None = None) -> QuotaAllocation | None:
    """The account out of which the union's nominations are taken: that of the track where there is one.

    A union below those to which the city allots has one only while places have been handed to it: after it gave all of
    them back it nominates as before, out of the places of the union above.
    """
    rows = list(QuotaAllocation.objects.filter(cycle=cycle, organisation=organisation))
    own = next((row for row in rows if track is not None and row.track_id == track.pk), None)
    account = own or next((row for row in rows if row.track_id is None), None)
    if account is None or account.count or account.reserves:
        return account
    params = recommendation_params(cycle)
    return account if params is None or organisation.level == params.allocation.level else None


def places_by_cycle(cycles: Sequence[Cycle], *, organisation: Organisation, level: str) -> dict[int, Places]:
    """Places of one union in several cycles (all tracks together), with two queries for all of them."""
    params = {cycle.pk: recommendation_params(cycle) for cycle in cycles}
    here = [cycle.pk for cycle in cycles if params[cycle.pk] and level in params[cycle.pk].route]
    rows = {
        row.cycle_id: row
        for row in QuotaAllocation.objects.filter(cycle__in=here, organisation=organisation, track__isnull=True)
    }
    used = {
        row["entry__cycle"]: (row["main"], row["reserve"])
        for row in _standing(organisation.pk, level)
        .filter(entry__cycle__in=here)
        .order_by()
        .values("entry__cycle")
        .annotate(main=Count("pk", filter=Q(is_reserve=False)), reserve=Count("pk", filter=Q(is_reserve=True)))
    }
    figures = {}
    for pk in here:
        row, counts = rows.get(pk), used.get(pk, (0, 0))
        if row is not None:
            figures[pk] = Places.of(row)
            continue
        limit, is_set = _ruled_limit(params[pk], level, organisation)
        figures[pk] = Places(limit, params[pk].reserve(level) if limit is not None else None, *counts, is_set)
    return figures


def _ruled_limit(params: RecommendationParams, level: str, organisation: Organisation) -> tuple[int | None, bool]:
    if params.allocation.level == level and params.allocation.rule != "none":
        code = special_code(organisation, params.allocation.special)
        if params.allocation.rule == "manual" and not code:
            return 0, False
        return params.allocation.places_for(members=organisation.member_count, code=code), True
    return params.cap(level), True


def special_code(organisation: Organisation, special: Mapping[str, int]) -> str:
    """The code under which a blueprint names this union: its own, or a district federation's GB/T 2260 code."""
    codes = [organisation.code]
    if organisation.kind == OrganisationKind.DISTRICT:
        codes.append(organisation.district_code)
    return next((code for code in codes if code in special), "")


def _used(cycle: Cycle, organisation: Organisation, level: str) -> tuple[int, int]:
    rows = standing_endorsements(cycle=cycle, organisation_id=organisation.pk, level=level)
    counts = rows.aggregate(
        main=Count("pk", filter=Q(is_reserve=False)), reserve=Count("pk", filter=Q(is_reserve=True))
    )
    return counts["main"], counts["reserve"]


def standing_endorsements(*, cycle: Cycle, organisation_id: int, level: str = "") -> QuerySet[Recommendation]:
    """Endorsements of one union that still use a place."""
    return _standing(organisation_id, level).filter(entry__cycle=cycle)


def _standing(organisation_id: int | None, level: str) -> QuerySet[Recommendation]:
    rows = Recommendation.objects.filter(
        organisation_id=organisation_id, decision=Decision.ENDORSED, is_current=True
    ).exclude(entry__state__in=FREED_STATES)
    return rows.filter(level=level) if level else rows


def waiting(*, actor: Actor) -> QuerySet[Entry]:
    """Entries that wait for this desk's decision, soonest deadline first; with what a line shows, without the answers."""
    going_on = CycleStage.objects.filter(kind="recommendation").exclude(status=StageStatus.CLOSED)
    return (
        Entry.objects.filter(state=EntryState.SUBMITTED, at_organisation_id=_desk_organisation(actor))
        .filter(cycle__in=going_on.values("cycle"), cycle__status=CycleStatus.RUNNING)
        .select_related("cycle__programme", "cycle__owner", "organisation", "track", "at_organisation")
        .defer("answers", "route")
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )


def _desk_organisation(actor: Actor) -> int | None:
    return actor.desk.organisation_id if actor.desk else None


@dataclass(frozen=True)
class Neighbours:
    """The entries before and after one in the queue of this desk, and where it stands in it."""

    previous: int | None
    following: int | None
    position: int
    total: int
    previous_url: str = ""
    following_url: str = ""


def neighbours(entry: Entry, *, actor: Actor) -> Neighbours:
    """Position of the entry in the desk's queue of waiting entries; ``position`` 0 = it is not waiting here."""
    queue = list(waiting(actor=actor).values_list("pk", "code")[:500])
    keys = [pk for pk, _code in queue]
    if entry.pk not in keys:
        return Neighbours(None, keys[0] if keys else None, 0, len(keys))
    at = keys.index(entry.pk)
    before, after = queue[at - 1] if at else None, queue[at + 1] if at + 1 < len(queue) else None
    return Neighbours(
        before[0] if before else None,
        after[0] if after else None,
        at + 1,
        len(queue),
        _entry_url(before[1]) if before else "",
        _entry_url(after[1]) if after else "",
    )


def _entry_url(code: str) -> str:
    return reverse("lifecycle:entry.detail", kwargs={"code": code})


def sheet_entries(*, cycle: Cycle, organisation_id: int, track: Track | None = None) -> QuerySet[Entry]:
    """What still waits at the union in this cycle (and track): ranked ones first, reserves after."""
    rows = Entry.objects.filter(cycle=cycle, state=EntryState.SUBMITTED, at_organisation_id=organisation_id)
    if track is not None:
        rows = rows.filter(track=track)
    return rows.select_related("organisation", "employer", "track", "cycle__owner", "at_organisation").order_by(
        "is_reserve_nomination", F("nomination_rank").asc(nulls_last=True), "pk"
    )


def forwarded(*, cycle: Cycle, organisation_id: int, track: Track | None = None) -> QuerySet[Recommendation]:
    """What the union has sent on and still stands, in the order of its ranking."""
    rows = standing_endorsements(cycle=cycle, organisation_id=organisation_id)
    if track is not None:
        rows = rows.filter(entry__track=track)
    return rows.select_related("entry__organisation", "entry__employer", "entry__track").order_by(
        "is_reserve", F("rank").asc(nulls_last=True), "decided_at"
    )


def sheet_ratios(*, cycle: Cycle, organisation_id: int) -> list[RatioFigure]:
    """结构比例 over the list as it stands: ranked main candidates at hand, and those sent on already.

    What else is at hand is counted as spare.
    """
    if not cycle.rules.ratios:
        return []
    here = sheet_entries(cycle=cycle, organisation_id=organisation_id).order_by()
    on_it = Q(nomination_rank__isnull=False, is_reserve_nomination=False)
    sent = Entry.objects.filter(
        pk__in=forwarded(cycle=cycle, organisation_id=organisation_id).filter(is_reserve=False).values("entry")
    )
    main = here.filter(on_it).values_list("answers", flat=True)
    answers: Iterable = [*main, *sent.values_list("answers", flat=True)]
    return ratio_figures(cycle.rules, answers, here.exclude(on_it).values_list("answers", flat=True))


def recommendations_of(entry: Entry) -> QuerySet[Recommendation]:
    """All decisions on one entry in the order of time, also those that no longer stand."""
    return entry.recommendations.select_related("organisation", "decided_by")


def nominating_unions(cycle: Cycle) -> QuerySet[Organisation]:
    """Unions to which the city allots places: active ones of the allocation's level under the organiser."""
    params = recommendation_params(cycle)
    level = params.allocation.level if params else ""
    return Organisation.objects.filter(level=level, is_active=True, path__startswith=cycle.owner.path).order_by("path")


def used_by_union(cycle: Cycle, track: Track | None = None) -> dict[int, tuple[int, int]]:
    """(main, reserve) endorsements that stand at every union of the allocation's level, in one query."""
    params = recommendation_params(cycle)
    rows = Recommendation.objects.filter(
        entry__cycle=cycle, decision=Decision.ENDORSED, is_current=True, level=params.allocation.level if params else ""
    ).exclude(entry__state__in=FREED_STATES)
    if track is not None:
        rows = rows.filter(entry__track=track)
    counted = (
        rows.order_by()
        .values("organisation_id")
        .annotate(main=Count("pk", filter=Q(is_reserve=False)), reserve=Count("pk", filter=Q(is_reserve=True)))
    )
    return {row["organisation_id"]: (row["main"], row["reserve"]) for row in counted}


def sheets(*, actor: Actor) -> QuerySet[Cycle]:
    """Running cycles with what waits at this desk and what it has sent on, open recommendations first (``turn``)."""
    here = _desk_organisation(actor)
    stage = CycleStage.objects.filter(cycle=OuterRef("pk"), kind="recommendation").order_by()
    return (
        Cycle.objects.filter(status=CycleStatus.RUNNING, stages__kind="recommendation")
        .select_related("programme", "owner", "blueprint")
        .prefetch_related("stages")
        .annotate(
            waiting_count=_per_cycle(
                Entry.objects.filter(state=EntryState.SUBMITTED, at_organisation_id=here), "cycle"
            ),
            sent_count=_per_cycle(_standing(here, ""), "entry__cycle"),
            turn=Subquery(in_turn(stage).values("turn")[:1]),
        )
        .order_by("turn", "pk")
    )


def _per_cycle(rows: QuerySet, key: str) -> Coalesce:
    """How many of ``rows`` belong to the cycle of the outer query."""
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def quota_cycles(*, actor: Actor) -> QuerySet[Cycle]:
    """The desk's own running and planned cycles with a recommendation stage, and what has been allotted in each."""
    stage = CycleStage.objects.filter(cycle=OuterRef("pk"), kind="recommendation").order_by()
    return (
        Cycle.objects.filter(owner__path=actor.path, status__in=ALIVE, stages__kind="recommendation")
        .select_related("programme", "owner", "blueprint")
        .prefetch_related("stages")
        .annotate(
            union_count=_quota_sum(Count("organisation", distinct=True)),
            place_count=_quota_sum(Sum("count")),
            reserve_count=_quota_sum(Sum("reserves")),
            turn=Subquery(in_turn(stage).values("turn")[:1]),
        )
        .order_by("turn", "pk")
    )


def _quota_sum(figure: Count | Sum) -> Coalesce:
    rows = QuotaAllocation.objects.filter(cycle=OuterRef("pk")).order_by().values("cycle")
    return Coalesce(Subquery(rows.annotate(figure=figure).values("figure")), 0)
