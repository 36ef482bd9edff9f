"""Coverage: which units belong to which figure, and the share of them that held a competition (domain.md 12.4).

The groups are conditions on ``ownership``, ``size_class`` and ``above_scale``; units (live) and rows of a snapshot carry the
same names, so one table serves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic.enums import Figure
from portal.accounts.enums import THREE_NEW, EmergingKind, OwnershipClass, SizeClass

ENTERPRISE = Q(ownership__in=(OwnershipClass.PUBLIC, OwnershipClass.NON_PUBLIC))
PRIVATE = Q(ownership=OwnershipClass.NON_PUBLIC)
SMALL = Q(size_class__in=(SizeClass.MEDIUM, SizeClass.SMALL, SizeClass.MICRO))
ABOVE = Q(above_scale=True)
HELD = Q(held__gt=0)

GROUPS: dict[Figure, Q] = {
    Figure.ABOVE_SCALE: ENTERPRISE & ABOVE,
    Figure.ALL: Q(),
    Figure.NON_PUBLIC: PRIVATE,
    Figure.NON_PUBLIC_ABOVE: PRIVATE & ABOVE,
    Figure.SMALL: PRIVATE & SMALL,
    Figure.INSTITUTION: Q(ownership=OwnershipClass.INSTITUTION),
}
EMERGING_ALL = "three_new"
EMERGING_DEFINITION = _(
    "分母：已建工会、登记为该类别的单位（每个单位只登记一类）；分子：其中本年度至少有一项竞赛已备案的单位。"
)
_HELD_WORDS = _("本年度至少有一项竞赛已备案")
DEFINITIONS = {
    Figure.ABOVE_SCALE: _("分母：最近一个已确认年度为规模以上、已建工会的企业；分子：其中%s的企业。"),
    Figure.ALL: _("分母：已建工会的全部单位；分子：其中%s的单位。"),
    Figure.NON_PUBLIC: _("分母：已建工会的非公有制企业；分子：其中%s的企业。"),
    Figure.NON_PUBLIC_ABOVE: _("分母：最近一个已确认年度为规模以上、已建工会的非公有制企业；分子：其中%s的企业。"),
    Figure.SMALL: _("分母：已建工会的中型、小型、微型非公有制企业；分子：其中%s的企业。"),
    Figure.INSTITUTION: _("分母：已建工会的机关和事业单位；分子：其中%s的单位。"),
}


def definition_of(figure: str) -> str:
    """The printed definition beside a figure."""
    return DEFINITIONS[Figure(figure)] % _HELD_WORDS


@dataclass(frozen=True, slots=True)
class Share:
    """``held`` of ``total`` units. A share without units is no data, which is not the same as nought."""

    held: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.held <= self.total:
            raise ValueError("held must be between 0 and total")

    @property
    def percent(self) -> Decimal | None:
        """0–100 with one decimal place, half up; None without data."""
        if not self.total:
            return None
        return (Decimal(self.held) * 100 / self.total).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def text(self) -> str:
        return "—" if self.percent is None else f"{self.percent}%"

    @property
    def missing(self) -> int:
        return self.total - self.held


def shares(rows: QuerySet) -> dict[Figure, Share]:
    """All figures of ``rows`` (units or rows of a snapshot) by one query."""
    counted = {}
    for figure, group in GROUPS.items():
        counted[f"{figure}_total"] = Count("pk", filter=group) if group else Count("pk")
        counted[f"{figure}_held"] = Count("pk", filter=group & HELD)
    found = rows.order_by().aggregate(**counted)
    return {figure: Share(found[f"{figure}_held"], found[f"{figure}_total"]) for figure in GROUPS}


def emerging_shares(rows: QuerySet) -> dict[str, Share]:
    """三新组织 together (``three_new``), then every kind of ``rows`` (units), also one without units. One query.

    An employer has one kind at most, so that the first line is the sum of its three.
    """
    found = shares_by(rows.exclude(emerging_kind=""), "emerging_kind")
    kinds = {kind: found.get((kind.value,), Share(0, 0)) for kind in EmergingKind}
    three = Share(sum(kinds[k].held for k in THREE_NEW), sum(kinds[k].total for k in THREE_NEW))
    return {EMERGING_ALL: three} | {kind.value: share for kind, share in kinds.items()}


def emerging_words() -> dict[str, str]:
    """The lines of ``emerging_shares`` as people read them; also the choices of the list's filter."""
    return {EMERGING_ALL: str(_("三新组织合计"))} | {value: str(label) for value, label in EmergingKind.choices}


def of_emerging(value: str) -> Q:
    """Units of one line of ``emerging_shares``."""
    return Q(emerging_kind__in=THREE_NEW) if value == EMERGING_ALL else Q(emerging_kind=value)


def shares_by(rows: QuerySet, *names: str) -> dict[tuple, Share]:
    """Share of all units for each combination of values of the fields or annotations ``names``, by one query."""
    found = rows.order_by().values(*names).annotate(units=Count("pk"), with_contest=Count("pk", filter=HELD))
    return {tuple(row[n] for n in names): Share(row["with_contest"], row["units"]) for row in found}
