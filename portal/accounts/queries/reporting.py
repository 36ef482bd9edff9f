"""Through which union is an organisation nominated? (domain.md 0.2: exactly one per scheme and year)

Asked while a route is resolved, whatever desk asks: the union in between may stand outside the asking desk's scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.models import Organisation, ReportingLine
from portal.core.scoping import system_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet


def reporting_line(organisation: Organisation, scheme: str, year: int | None) -> ReportingLine | None:
    """The most specific line that applies: scheme and year, scheme, year, then the one for everything."""
    with system_scope("the reporting parent may stand in another branch"):
        lines = list(
            ReportingLine.objects.filter(organisation=organisation, scheme__in={scheme, ""}).select_related("parent")
        )
    fitting = [line for line in lines if line.year in {year, None}]
    return max(fitting, key=lambda line: (line.scheme != "", line.year is not None), default=None)


def reporting_parent(organisation: Organisation, scheme: str, year: int | None) -> Organisation | None:
    """The union the organisation reports to for a programme and year; None for a root.

    ``scheme`` is the programme's code. Without a line it is the parent in the home tree.
    """
    line = reporting_line(organisation, scheme, year)
    if line is not None:
        return line.parent
    if organisation.parent_id is None:
        return None
    with system_scope("the home parent of the organisation"):
        return Organisation.objects.get(pk=organisation.parent_id)


def reporting_route(organisation: Organisation, scheme: str, year: int | None) -> list[Organisation]:
    """From the organisation itself up to its root, step by step along reporting parents; never a circle."""
    route, seen = [organisation], {organisation.pk}
    while (above := reporting_parent(route[-1], scheme, year)) is not None and above.pk not in seen:
        route.append(above)
        seen.add(above.pk)
    return route


def reporting_lines(organisation: Organisation) -> QuerySet[ReportingLine]:
    """All lines of one organisation, for its page."""
    return ReportingLine.objects.filter(organisation=organisation).select_related("parent").order_by("scheme", "year")
