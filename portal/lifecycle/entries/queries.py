"""Reading entries, always inside the active scope."""

from __future__ import annotations

from portal.accounts.models import Organisation, ReportingLine
from portal.core.scoping import path_prefixes, system_scope
from portal.lifecycle.blueprints.vocabulary import StageKind
from portal.lifecycle.entries import routes
from portal.lifecycle.entries.routes import Hop, Node
from portal.lifecycle.programmes.models import Cycle
from portal.lifecycle.programmes.queries import params_of, stage_of


def route_of(organisation: Organisation, cycle: Cycle) -> list[Hop]:
    """The stops an entry of this organisation passes in this cycle; empty when the programme has no recommendation.

    Raises RouteIncomplete when the tree lacks a union of a level that the blueprint insists on.
    """
    stage = stage_of(cycle, StageKind.RECOMMENDATION)
    if stage is None:
        return []
    params = params_of(stage)
    return routes.resolve(params.route, params.optional_levels, line_of(organisation, cycle))


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
