"""Filters of the list of entries: a unit's own, and what unions see of those below."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import UnionLevel
from portal.accounts.models import Organisation
from portal.accounts.models.codes import CodeList
from portal.lifecycle.blueprints.fields import code_choices
from portal.lifecycle.engine.states import STATE_FACTS, EntryState
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.display import state_choices
from portal.lifecycle.entries.flags import OUTCOME_PUBLIC, PREFIX
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, ModelFilter, SearchFilter


def _by_state(rows: QuerySet, values: list[str], filters: FilterSet) -> QuerySet:
    """By the state this desk is told: a filter must not find out what the badge does not say."""
    known = Q(cycle__owner__path=filters.actor.path)
    if f"{PREFIX}{OUTCOME_PUBLIC}" in rows.query.annotations:
        known |= Q(**{f"{PREFIX}{OUTCOME_PUBLIC}": True})
    wanted = Q(pk__in=[])
    for value in values:
        hidden = [state for state, about in STATE_FACTS.items() if about.applicant_sees == value]
        wanted |= Q(state=value) & known if STATE_FACTS[EntryState(value)].applicant_sees else Q(state=value)
        if hidden:
            wanted |= Q(state__in=hidden) & ~known
    return rows.filter(wanted)


def _below(rows: QuerySet, value: Any, filters: FilterSet) -> QuerySet:
    """Entries that came through a union, by their route or by the home tree."""
    union = Organisation.objects.filter(pk=value).only("path").first()
    if union is None:
        return rows.none()
    return rows.filter(Q(route_path__startswith=union.path) | Q(organisation__path__startswith=union.path))


def _here(rows: QuerySet, filters: FilterSet) -> QuerySet:
    desk = filters.actor.desk
    return rows.filter(state=EntryState.SUBMITTED, at_organisation=desk.organisation_id if desk else None)


def _late(rows: QuerySet, filters: FilterSet) -> QuerySet:
    return rows.filter(
        Q(state=EntryState.SUBMITTED, due_at__lt=filters.now)
        | Q(state=EntryState.RETURNED, return_due_at__lt=filters.now)
    )


class UnitEntryFilters(FilterSet):
    """What a unit looks for among its own entries."""

    q = SearchFilter(_("名称、编号"), fields=("title", "code"))
    cycle = ModelFilter(
        _("届次"), field="cycle", queryset=lambda filters: queries.cycles_with_entries(actor=filters.actor)
    )
    state = ChoiceFilter(
        _("状态"), field="state", choices=lambda filters: state_choices(), multiple=True, apply=_by_state
    )


class EntryFilters(UnitEntryFilters):
    """What a union looks for among the entries of its units."""

    q = SearchFilter(_("名称、单位、编号"), fields=("title", "organisation__name", "code"))
    level = ChoiceFilter(_("所在层级"), field="at_level", choices=UnionLevel.choices)
    union = ModelFilter(_("推荐工会"), queryset=lambda filters: queries.unions_below(actor=filters.actor), apply=_below)
    district = ChoiceFilter(
        _("所在区"), field="organisation__district_code", choices=lambda filters: code_choices(CodeList.DISTRICT)
    )
    sent = DateRangeFilter(_("上报日期"), field="submitted_at")
    here = BooleanFilter(_("等我办理"), apply=_here)
    late = BooleanFilter(_("已逾期"), apply=_late)

    class Meta:
        drawer = ("level", "union", "district", "sent", "here", "late")
