"""Reading employers, inside the active scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from portal.accounts.enums import OwnershipClass
from portal.accounts.models import Employer, EmployerYear

if TYPE_CHECKING:
    from portal.accounts.models import Organisation
    from portal.core.context import Actor


def employer_list(*, actor: Actor, year: int) -> QuerySet[Employer]:
    """Rows of the list page with the figures of ``year`` where they were confirmed."""
    figures = EmployerYear.objects.filter(employer=OuterRef("pk"), year=year, confirmed_at__isnull=False)
    return Employer.objects.select_related("organisation").annotate(
        is_confirmed=Exists(figures),
        employees=Subquery(figures.values("employees")[:1]),
        members=Subquery(figures.values("members")[:1]),
        is_above_scale=Subquery(figures.values("is_above_scale")[:1]),
    )


def employers_of(organisation: Organisation) -> QuerySet[Employer]:
    """Employers registered under this union itself."""
    return Employer.objects.filter(organisation=organisation)


def years_of(employer: Employer) -> QuerySet[EmployerYear]:
    """All recorded years, newest first."""
    return EmployerYear.objects.filter(employer=employer)


def above_scale(year: int, *, non_public_only: bool = False) -> QuerySet[Employer]:
    """Unionised enterprises above the scale confirmed for ``year``: the denominator of coverage (domain.md 12.4)."""
    confirmed = EmployerYear.objects.filter(
        employer=OuterRef("pk"), year=year, is_above_scale=True, confirmed_at__isnull=False
    )
    rows = Employer.objects.filter(Exists(confirmed), organisation__is_active=True)
    return rows.filter(ownership=OwnershipClass.NON_PUBLIC) if non_public_only else rows


def unconfirmed(year: int) -> QuerySet[Employer]:
    """Employers of open unions without confirmed figures for ``year``: whom to remind."""
    confirmed = EmployerYear.objects.filter(employer=OuterRef("pk"), year=year, confirmed_at__isnull=False)
    return Employer.objects.filter(~Exists(confirmed), organisation__is_active=True)


def find_employers(text: str, *, limit: int = 20) -> list[Employer]:
    """By name or credit code, for pickers."""
    rows = Employer.objects.select_related("organisation")
    for word in text.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(credit_code__icontains=word))
    return list(rows.order_by("name", "pk")[:limit])
