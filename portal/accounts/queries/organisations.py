"""Reading the union tree, always inside the active scope unless a function says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.accounts.enums import UNIT_LEVELS
from portal.accounts.models import Employer, Membership, Organisation, UnionCoverage
from portal.core.scoping import path_prefixes

if TYPE_CHECKING:
    from portal.core.context import Actor


def subtree(organisation: Organisation) -> QuerySet[Organisation]:
    """The organisation and everything below it."""
    return Organisation.objects.filter(path__startswith=organisation.path)


def ancestors(organisation: Organisation) -> QuerySet[Organisation]:
    """From the root down to the parent."""
    return Organisation.objects.filter(path__in=path_prefixes(organisation.path)[:-1]).order_by("path")


def ancestor_at_level(organisation: Organisation, level: str) -> Organisation | None:
    """The nearest organisation of ``level`` at or above; None where the branch has no such level."""
    found = Organisation.objects.filter(path__in=path_prefixes(organisation.path), level=level).order_by("-path")
    return found.first()


def managed(actor: Actor) -> QuerySet[Organisation]:
    """Organisations of the desk's own part of the tree (what it may manage), closed ones included."""
    return Organisation.objects.filter(path__startswith=actor.path) if actor.path else Organisation.objects.none()


def organisation_list(*, actor: Actor) -> QuerySet[Organisation]:
    """Rows of the list page, with the number of employers, staff and organisations directly below."""
    return (
        managed(actor)
        .select_related("parent")
        .annotate(
            employer_count=_count(Employer.objects.filter(organisation=OuterRef("pk")), "organisation"),
            staff_count=_count(Membership.objects.filter(organisation=OuterRef("pk"), is_active=True), "organisation"),
            child_count=_count(Organisation.objects.filter(parent=OuterRef("pk"), is_active=True), "parent"),
        )
    )


def _count(rows: QuerySet, group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def children(organisation: Organisation) -> QuerySet[Organisation]:
    """The level below, for the tree browser: open ones first, with a mark whether there is more below them."""
    below = Organisation.objects.filter(parent=OuterRef("pk"), is_active=True)
    return (
        Organisation.objects.filter(parent=organisation)
        .annotate(has_children=Exists(below), child_count=_count(below, "parent"))
        .order_by("-is_active", "code", "pk")
    )


def search(*, actor: Actor, text: str, limit: int = 50) -> list[Organisation]:
    """Organisations whose name, short name, internal or credit code contains every word of ``text``."""
    rows = managed(actor)
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(short_name__icontains=word)
            | Q(code__icontains=word)
            | Q(credit_code__icontains=word)
        )
    return list(rows.select_related("parent").order_by("path")[:limit])


def possible_parents(*, actor: Actor, organisation: Organisation | None = None) -> QuerySet[Organisation]:
    """Where the actor may hang an organisation: open ones of the desk's tree, not below the organisation itself."""
    rows = managed(actor).filter(is_active=True)
    return rows.exclude(path__startswith=organisation.path) if organisation else rows


def covered_employers(organisation: Organisation) -> QuerySet[Employer]:
    """Employers whose workers a joint union takes in, beyond its own."""
    covered = UnionCoverage.objects.filter(organisation=organisation).values("employer_id")
    return Employer.objects.filter(pk__in=covered)


def units(actor: Actor) -> QuerySet[Organisation]:
    """基层工会 and below in the desk's tree: where employers belong."""
    return managed(actor).filter(level__in=UNIT_LEVELS, is_active=True)
