"""Units with their year and filed competitions, for the room 非公竞赛推进."""

from __future__ import annotations

import datetime as dt
import itertools

from competitions.filings.enums import FilingState
from competitions.filings.models import CatalogueItem, CompetitionFiling
from portal.accounts.enums import OrganisationKind, OwnershipClass, SizeClass
from portal.accounts.models import Employer, EmployerYear, Organisation
from tests.factories.people import Tree, make_employer, make_organisation

_numbers = itertools.count(1)


def make_unit(
    parent: Organisation,
    *,
    year: int,
    ownership: str = OwnershipClass.NON_PUBLIC,
    size: str = SizeClass.SMALL,
    above: bool | None = True,
    name: str = "",
) -> Employer:
    """An enterprise with a union of its own below ``parent``; ``above=None`` leaves the year unconfirmed."""
    union = make_organisation(OrganisationKind.GRASSROOTS, f"{name or '津沽'}{next(_numbers)}工会", parent)
    employer = make_employer(union, name, ownership=ownership, size_class=size)
    if above is not None:
        confirmed = dt.datetime(year, 2, 1, tzinfo=dt.UTC)
        EmployerYear.objects.create(
            employer=employer, year=year, employees=100, is_above_scale=above, confirmed_at=confirmed
        )
    return employer


def make_filing(
    owner: Organisation, tree: Tree, *, year: int, state: str = FilingState.ACCEPTED, layer: str = "enterprise"
) -> CompetitionFiling:
    """A competition of ``owner`` as it stands in ``state``."""
    kind = CatalogueItem.objects.filter(group="kind", owner=tree.municipal).first() or CatalogueItem.objects.create(
        group="kind", owner=tree.municipal, code="skills", name="技能比武"
    )
    n = next(_numbers)
    number = "" if state == FilingState.DRAFT else f"BA{n:08d}"
    return CompetitionFiling.objects.create(
        owner=owner, year=year, title=f"第{n}届技能竞赛", kind=kind, state=state, layer=layer, number=number,
        filed_path="" if state == FilingState.DRAFT else owner.path,
    )  # fmt: skip
