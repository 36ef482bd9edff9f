"""Reading entries, always inside the active scope.

Where a rule must look further than the desk may see (limits, equal patents, the reporting line) the function enters a
system scope itself and gives back no more than the answer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.enums import UnionLevel
from portal.accounts.models import Employer, EmployerYear, Organisation, ReportingLine, UnionCoverage, User
from portal.core.dates import format_cn
from portal.core.decisions import refuse
from portal.core.errors import Refused
from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.blueprints.vocabulary import StageKind, SubjectKind
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries import flags, routes
from portal.lifecycle.entries.content import answers_of, first_person, shows_numbers
from portal.lifecycle.entries.models import Attachment, ConsentRecord, Entry, EntryKey, EntryVersion
from portal.lifecycle.entries.routes import Hop, Node, RouteIncomplete
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, Programme, StageStatus
from portal.lifecycle.programmes.queries import open_calls, params_of, stage_of

if TYPE_CHECKING:
    from portal.core.context import Actor
    from portal.lifecycle.blueprints.stages import RecommendationParams

GONE = (EntryState.WITHDRAWN,)
CLOSED_STATES = (EntryState.WITHDRAWN, EntryState.DECLINED, EntryState.DISQUALIFIED)
NAMESAKES = 50  # entries of one name in one unit that are looked at

# --- rows ----------------------------------------------------------------------------------------------------------


def entries(*, actor: Actor) -> QuerySet[Entry]:
    """Entries for lists: with all that a line shows, without the answers (one query however many rows)."""
    rows = Entry.objects.select_related(
        "cycle__programme", "cycle__owner", "organisation", "employer", "track", "at_organisation"
    ).defer("answers", "route")
    return flags.annotate(rows)


def entry_records(*, actor: Actor) -> QuerySet[Entry]:
    """Entries for their own page: with the pinned blueprint and the stages of the cycle."""
    rows = Entry.objects.select_related(
        "cycle__programme",
        "cycle__blueprint",
        "cycle__owner",
        "organisation",
        "employer",
        "track",
        "at_organisation",
        "nominating",
        "created_by",
    ).prefetch_related("cycle__stages")
    return flags.annotate(rows)


def attachments_of(entry: Entry) -> dict[str, list[Attachment]]:
    """The files that are there now, by question."""
    found: dict[str, list[Attachment]] = defaultdict(list)
    for attachment in Attachment.objects.filter(entry=entry, removed_at=None).order_by("field", "pk"):
        found[attachment.field].append(attachment)
    return dict(found)


def attachments_for_guests(entry: Entry) -> dict[str, list[Attachment]]:
    """The files without those that show personal numbers in clear."""
    rules = entry.cycle.rules
    return {field: rows for field, rows in attachments_of(entry).items() if not shows_numbers(rules, field)}


def versions_of(entry: Entry) -> QuerySet[EntryVersion]:
    """Submitted versions, newest first."""
    return EntryVersion.objects.filter(entry=entry).select_related("created_by").order_by("-number")


def consents_of(entry: Entry) -> dict[str, ConsentRecord]:
    """Consents in force by purpose."""
    return {row.purpose: row for row in ConsentRecord.objects.filter(entry=entry, withdrawn_at=None)}


def opinions_of(entry: Entry) -> list[Any]:
    """What the unions on the route decided, oldest first (rows of the recommendation room)."""
    return list(entry.recommendations.select_related("organisation", "decided_by").order_by("decided_at", "pk"))


def return_note(entry: Entry) -> Any:
    """The opinion with which a returned entry came back; None when it is not returned."""
    if entry.state != EntryState.RETURNED:
        return None
    return (
        entry.recommendations.filter(decision="returned")
        .select_related("organisation", "decided_by")
        .order_by("-decided_at", "-pk")
        .first()
    )


def cycles_with_entries(*, actor: Actor) -> QuerySet[Cycle]:
    """Cycles to filter by, newest first."""
    return Cycle.objects.select_related("programme").order_by("-year", "-pk")


def unions_below(*, actor: Actor) -> QuerySet[Organisation]:
    """Unions a union desk can filter by: its own level's neighbours below, not every grassroots union."""
    return (
        Organisation.objects.filter(path__startswith=actor.path or "-", is_active=True)
        .filter(level__in=[UnionLevel.DISTRICT, UnionLevel.SUBDISTRICT])
        .order_by("path")
    )


def counts_by_state(rows: QuerySet[Entry]) -> dict[str, int]:
    """How many of ``rows`` are in each state."""
    return dict(rows.order_by().values_list("state").annotate(n=Count("pk")))


# --- entering ------------------------------------------------------------------------------------------------------


def open_application(cycle: Cycle, now: dt.datetime) -> CycleStage:
    """The application stage while new entries may be made. Raises Refused with the dates otherwise.

    The grace period belongs to those who were already typing: it opens nothing new.
    """
    stage = stage_of(cycle, StageKind.APPLICATION)
    if stage is None or cycle.status != CycleStatus.RUNNING:
        raise Refused(refuse("stage", _("“%s”现在不接受申报。") % cycle))
    if now < stage.opens_at:
        raise Refused(
            refuse("stage", _("“%(cycle)s”自%(day)s起接受申报。") % {"cycle": cycle, "day": format_cn(stage.opens_at)})
        )
    if now > stage.closes_at or stage.status == StageStatus.CLOSED:
        raise Refused(
            refuse(
                "stage", _("“%(cycle)s”的申报已于%(day)s截止。") % {"cycle": cycle, "day": format_cn(stage.closes_at)}
            )
        )
    return stage


def calls_for(*, actor: Actor, now: dt.datetime) -> list[dict[str, Any]]:
    """正在征集: open calls for the start page with how many entries the own unit has made in each."""
    stages = list(open_calls(now=now).prefetch_related("cycle__tracks"))
    mine = dict(
        Entry.objects.filter(cycle__in=[stage.cycle_id for stage in stages], organisation__path__startswith=actor.path)
        .exclude(state__in=GONE)
        .order_by()
        .values_list("cycle_id")
        .annotate(n=Count("pk"))
    )
    return [
        {"stage": stage, "cycle": stage.cycle, "rules": stage.cycle.rules, "mine": mine.get(stage.cycle_id, 0)}
        for stage in stages
    ]


def copyable_entries(*, actor: Actor, programme: Programme, cycle: Cycle) -> QuerySet[Entry]:
    """Earlier entries of the own unit that a new one can be copied from, newest first."""
    return (
        Entry.objects.filter(cycle__programme=programme, organisation__path__startswith=actor.path)
        .exclude(cycle=cycle)
        .select_related("cycle")
        .defer("answers", "route")
        .order_by("-pk")
    )


def unit_path(organisation: Organisation) -> str:
    """Path of the grassroots union an organisation belongs to; its own for anything above."""
    if organisation.level != UnionLevel.TEAM:
        return organisation.path
    with system_scope("the grassroots union above a team"):
        above = Organisation.objects.filter(path__in=path_prefixes(organisation.path), level=UnionLevel.GRASSROOTS)
        return next(iter(above.order_by("-path").values_list("path", flat=True)), organisation.path)


def entries_of_unit(cycle: Cycle, organisation: Organisation) -> int:
    """Entries of the whole unit – grassroots union with its teams – that count for its limit."""
    path = unit_path(organisation)
    with system_scope("the limit counts the whole unit"):
        rows = Entry.objects.filter(cycle=cycle, organisation__path__startswith=path)
        return rows.exclude(state__in=GONE).count()


def last_code(cycle: Cycle, prefix: str) -> str:
    """The number given last; empty for the first. Ask under the lock of the cycle's numbers."""
    with system_scope("running numbers are given over all units"):
        rows = Entry.objects.filter(cycle=cycle, code__startswith=prefix).order_by("-code")
        return next(iter(rows.values_list("code", flat=True)[:1]), "")


def same_title(entry: Entry) -> Entry | None:
    """Another entry of the same organisation and cycle with the same normalised title.

    Where persons enter, the title is a name, and two workers of one unit may bear it: only the ID number tells.
    """
    if not entry.title_key:
        return None
    found = Entry.objects.filter(cycle=entry.cycle_id, organisation=entry.organisation_id, title_key=entry.title_key)
    rows = found.exclude(pk=entry.pk).exclude(state__in=CLOSED_STATES).order_by("pk")
    rules = entry.cycle.rules
    if rules.programme.subject != SubjectKind.PERSON:
        return rows.first()
    person = first_person(rules, answers_of(entry))
    return next((row for row in rows[:NAMESAKES] if first_person(rules, answers_of(row)) == person), None)


def entries_of_person(entry: Entry, value: str) -> int:
    """Other entries of the cycle, sent in and alive, whose first person is the same (``value`` from ``keys_of``)."""
    with system_scope("the limit per person counts over all units"):
        rows = EntryKey.objects.filter(
            kind=EntryKey.PERSON, value=value, entry__cycle=entry.cycle_id, entry__submitted_at__isnull=False
        )
        return rows.exclude(entry=entry.pk).exclude(entry__state__in=CLOSED_STATES).count()


def sharing_key(entry: Entry, kind: str, values: list[str]) -> list[Entry]:
    """Other entries, alive, with one of the same keys – of this programme, in any cycle and unit."""
    with system_scope("equal patents and codes are found over all units"):
        rows = Entry.objects.filter(keys__kind=kind, keys__value__in=values, cycle__programme=entry.cycle.programme_id)
        rows = rows.exclude(pk=entry.pk).exclude(state__in=[*CLOSED_STATES, EntryState.DRAFT])
        return list(
            rows.select_related("cycle", "organisation").defer("answers", "route").distinct().order_by("pk")[:5]
        )


def same_title_elsewhere(entry: Entry) -> list[Entry]:
    """Entries of other units or cycles of the programme with the same normalised title."""
    if not entry.title_key:
        return []
    with system_scope("equal titles are found over all units"):
        rows = Entry.objects.filter(title_key=entry.title_key, cycle__programme=entry.cycle.programme_id)
        rows = rows.exclude(pk=entry.pk).exclude(state__in=[*CLOSED_STATES, EntryState.DRAFT])
        return list(rows.select_related("cycle", "organisation").defer("answers", "route").order_by("pk")[:5])


# --- what is known about the unit ----------------------------------------------------------------------------------


def employers_of(organisation: Organisation) -> list[Employer]:
    """Employers the organisation's union covers: its own, and those a joint union takes care of."""
    path = unit_path(organisation)
    with system_scope("employers of the own unit"):
        covered = UnionCoverage.objects.filter(organisation__path=path).values("employer")
        rows = Employer.objects.filter(Q(organisation__path=path) | Q(pk__in=covered))
        return list(rows.order_by("name")[:200])


def only_employer(organisation: Organisation) -> Employer | None:
    """The employer when there is exactly one, so that nobody is asked what is known."""
    found = employers_of(organisation)
    return found[0] if len(found) == 1 else None


def prefill(organisation: Organisation, employer: Employer | None, user: User) -> dict[str, Any]:
    """What the portal already knows, by the keys a blueprint's ``prefill`` may name."""
    known: dict[str, Any] = {
        "organisation.name": organisation.name,
        "organisation.district": organisation.district_code,
        "applicant.name": user.name,
        "applicant.phone": user.phone,
    }
    if employer is None:
        return known
    with system_scope("facts of the own employer"):
        year = EmployerYear.objects.filter(employer=employer).order_by("-year").first()
    return known | {
        "employer.name": employer.name,
        "employer.credit_code": employer.credit_code or "",
        "employer.economic_type": employer.economic_type,
        "employer.industry": employer.industry,
        "employer.size_class": employer.size_class,
        "employer.above_scale": year.is_above_scale if year else None,
        "employer.address": employer.address,
    }


# --- the route -----------------------------------------------------------------------------------------------------


def route_of(organisation: Organisation, cycle: Cycle) -> list[Hop]:
    """The stops an entry of this organisation passes in this cycle; empty when the programme has no recommendation.

    Raises RouteIncomplete when the tree lacks a union of a level that the blueprint insists on.
    """
    stage = stage_of(cycle, StageKind.RECOMMENDATION)
    if stage is None:
        return []
    params = cast("RecommendationParams", params_of(stage))
    return routes.resolve(params.route, params.optional_levels, line_of(organisation, cycle))


def hops_of(entry: Entry) -> list[Hop]:
    """The entry's stops: fixed once it was submitted, before that as the tree is now (none while it lacks a union)."""
    if entry.route:
        return routes.from_json(entry.route)
    try:
        return route_of(entry.organisation, entry.cycle)
    except RouteIncomplete:
        return []


def line_of(organisation: Organisation, cycle: Cycle) -> list[Node]:
    """The organisations from the unit up to the organiser, by the reporting line where one is set for this programme."""
    with system_scope("a route leads out of the unit's own branch of the tree"):
        parent = reporting_parent(organisation, scheme=cycle.programme.code, year=cycle.year)
        home = _nodes(organisation.path)
        reporting = _nodes(parent.path) if parent is not None else None
        return routes.chain(home, reporting, cycle.owner.path)


def reporting_parent(organisation: Organisation, *, scheme: str, year: int) -> Organisation | None:
    """The union through which the unit is nominated, when it is not the one of its home tree.

    Lines of the organisation itself win over those of the grassroots union above it; one for this programme over a
    general one, one for this year over one for all years. Needs a scope that sees the line.
    """
    lines = ReportingLine.objects.filter(
        organisation__path__in=path_prefixes(organisation.path), scheme__in=["", scheme]
    ).select_related("organisation", "parent")
    fitting = [line for line in lines if line.organisation.is_unit and line.year in (None, year)]
    if not fitting:
        return None
    best = max(fitting, key=lambda line: (len(line.organisation.path), line.scheme != "", line.year is not None))
    return best.parent


def _nodes(path: str) -> list[Node]:
    rows = Organisation.objects.filter(path__in=path_prefixes(path)).order_by("path")
    return [Node(row.pk, row.name, row.level, row.path) for row in rows]
