"""参与率 and 参与人次 (domain.md 12.3, 12.4): one person counted once, every participation counted, set by set in SQL.

A participation is confirmed when the person is on the list and has agreed; nobody else is in any figure. The rate holds
those of units with an employer against the workers of the same units; people without a fixed unit are counted apart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import COUNTED
from competitions.rosters.enums import EIGHT, Basis, ConsentState, NewGroup, ParticipationState, RosterKind
from competitions.rosters.models import Participation
from portal.accounts.enums import EmergingKind, OwnershipClass, SizeClass
from portal.accounts.models import CodeList, Employer, EmployerYear, Organisation
from portal.accounts.queries import codes
from portal.core.dates import local_datetime

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Expression, QuerySet

SEGMENT = 8  # characters of one step of an organisation's path
DEFINITION = _(
    "参与职工：在名单中且本人已同意的职工，一人参加几项竞赛只计一次。参与人次：每人每项竞赛计一次，不计算百分比。"
    "参与率＝单位名单中的参与职工÷已建工会单位职工数（取当年或之前最近一年确认的单位年度信息）；无固定单位群体只计人数和人次。"
    "没有单位年度信息的显示“—”，不按0计算。"
)
GROUP, UNKNOWN = "group", ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a slice. ``employees`` None = nobody has said; ``before`` is the year before."""

    key: str
    label: str
    persons: int = 0
    covered: int = 0  # of them through a unit with an employer: the rate's numerator
    times: int = 0
    pending: int = 0
    employees: int | None = None
    silent: int = 0  # units without figures
    persons_before: int = 0
    times_before: int = 0
    unit: bool = False  # nothing below to drill into

    @property
    def is_over(self) -> bool:
        """More people than the unit says it has: the unit's figures are wrong, and no rate is shown."""
        return self.employees is not None and self.covered > self.employees

    @property
    def rate(self) -> float | None:
        return self.covered / self.employees if self.employees and not self.is_over else None

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Slice:
    """One way to cut: the key of a participation, the key of an employer, and the words for a key."""

    code: str
    label: Any
    of_people: Callable[[str], Any]
    of_employers: Callable[[str], Any]
    words: Callable[[list[str]], dict[str, tuple[str, bool]]]


def year_condition(year: int, basis: str) -> Q:
    """竞赛年度: by the competition's year. 统计年度: by the day somebody was entered, 1 October to 30 September."""
    if basis == Basis.CALENDAR:
        return Q(filing__year=year)
    first, last = local_datetime(dt.date(year - 1, 10, 1)), local_datetime(dt.date(year, 10, 1))
    return Q(registered_at__gte=first, registered_at__lt=last)


def confirmed() -> Q:
    return Q(state=ParticipationState.ACTIVE, consent=ConsentState.GIVEN)


def _pending() -> Q:
    return Q(state=ParticipationState.ACTIVE, consent=ConsentState.PENDING)


def entries(path: str) -> QuerySet[Participation]:
    """What is looked at: lists of organisations at or below ``path``, of competitions that count."""
    return Participation.objects.filter(roster__organisation__path__startswith=path, filing__state__in=COUNTED)


def figures(this: Q, before: Q) -> dict[str, Any]:
    """The aggregates of one line. ``this`` and ``before`` choose the year and the one before it."""
    unit = Q(roster__kind=RosterKind.UNIT)
    sure = confirmed()
    return {
        "persons": Count("worker", distinct=True, filter=this & sure),
        "covered": Count("worker", distinct=True, filter=this & sure & unit),
        "times": Count("pk", filter=this & sure),
        "pending": Count("pk", filter=this & _pending()),
        "persons_before": Count("worker", distinct=True, filter=before & sure),
        "times_before": Count("pk", filter=before & sure),
    }


def employers(path: str, year: int) -> QuerySet[Employer]:
    """Employers with a union, with the heads of the newest year up to ``year`` as ``heads`` and its parts."""
    newest = EmployerYear.objects.filter(employer=OuterRef("pk"), year__lte=year).order_by("-year")
    rows = Employer.objects.filter(organisation__path__startswith=path, organisation__is_active=True)
    return rows.annotate(
        heads=Subquery(newest.values("employees")[:1]),
        heads_frontline=Subquery(newest.values("frontline")[:1]),
        heads_migrant=Subquery(newest.values("migrant")[:1]),
    )


def _step(field: str) -> Callable[[str], Any]:
    return lambda path: Substr(field, 1, len(path) + SEGMENT)


def _fixed(expression: Any) -> Callable[[str], Any]:
    return lambda _path: expression


def _district(employer: str, organisation: str) -> Expression:
    return Case(
        When(**{f"{employer}district_code__gt": ""}, then=F(f"{employer}district_code")),
        default=F(f"{organisation}district_code"),
        output_field=CharField(),
    )


def _of_kind(field: str) -> Expression:
    return Case(
        When(roster__kind=RosterKind.GROUP, then=Value(GROUP)),
        When(**{f"roster__employer__{field}__isnull": False}, then=F(f"roster__employer__{field}")),
        default=Value(UNKNOWN),
        output_field=CharField(),
    )


def _organisation_words(keys: list[str]) -> dict[str, tuple[str, bool]]:
    return {o.path: (o.name, o.is_unit) for o in Organisation.objects.filter(path__in=keys)}


def _district_words(keys: list[str]) -> dict[str, tuple[str, bool]]:
    return {code: (str(label), False) for code, label in codes.choices(CodeList.DISTRICT)}


def _enum_words(enum: Any, unknown: Any = "") -> Callable[[list[str]], dict[str, tuple[str, bool]]]:
    """``unknown``: what units without a value are, where that says something."""
    return lambda keys: (
        {v: (str(label), False) for v, label in enum.choices}
        | {GROUP: (str(_("无固定单位群体")), False)}
        | ({UNKNOWN: (str(unknown), False)} if unknown else {})
    )


SLICES: dict[str, Slice] = {
    found.code: found
    for found in (
        Slice("union", _("按工会"), _step("roster__organisation__path"), _step("organisation__path"), _organisation_words),
        Slice(
            "district", _("按区"), _fixed(_district("roster__employer__", "roster__organisation__")),
            _fixed(_district("", "organisation__")), _district_words,
        ),
        Slice(
            "ownership", _("按单位类型"), _fixed(_of_kind("ownership")), _fixed(F("ownership")),
            _enum_words(OwnershipClass),
        ),
        Slice(
            "emerging", _("按三新和八大群体"), _fixed(_of_kind("emerging_kind")), _fixed(F("emerging_kind")),
            _enum_words(EmergingKind, _("其他单位")),
        ),
        Slice("size", _("按单位规模"), _fixed(_of_kind("size_class")), _fixed(F("size_class")), _enum_words(SizeClass)),
    )
}  # fmt: skip
FLAGS = "flags"


def total(path: str, year: int, basis: str) -> Line:
    """All at or below ``path``: not the sum of the lines, for one person may be in several of them."""
    this, before = year_condition(year, basis), year_condition(year - 1, basis)
    found = entries(path).filter(this | before).aggregate(**figures(this, before))
    heads = employers(path, year).aggregate(n=Sum("heads"), silent=Count("pk", filter=Q(heads=None)))
    return Line("", str(_("合计")), employees=heads["n"], silent=heads["silent"], **found)


def lines(code: str, path: str, year: int, basis: str) -> list[Line]:
    """The rows of one slice, most participations first. Two statements, and one for the words."""
    if code == FLAGS:
        return flag_lines(path, year, basis)
    cut, this, before = SLICES[code], year_condition(year, basis), year_condition(year - 1, basis)
    rows = entries(path).filter(this | before).annotate(cut=cut.of_people(path)).order_by()
    people = {row.pop("cut") or UNKNOWN: row for row in rows.values("cut").annotate(**figures(this, before))}
    known = employers(path, year).annotate(cut=cut.of_employers(path)).order_by().values("cut")
    heads = {
        row["cut"] or UNKNOWN: row for row in known.annotate(n=Sum("heads"), silent=Count("pk", filter=Q(heads=None)))
    }
    words = cut.words([*people, *heads])
    found = []
    for key in {*people, *heads}:
        label, unit = words.get(key, (str(_("未登记单位信息")), False))
        there = heads.get(key, {})
        found.append(
            Line(
                key, label, unit=unit, employees=there.get("n"), silent=there.get("silent", 0), **people.get(key, {})
            )
        )  # fmt: skip
    return sorted(found, key=lambda line: (-line.times, -(line.employees or 0), line.label))


def flag_lines(path: str, year: int, basis: str) -> list[Line]:
    """一线、农民工、女职工、八大群体: groups overlap, so each is counted by itself; one statement for all of them."""
    this, before = year_condition(year, basis), year_condition(year - 1, basis)
    kinds = {
        "frontline": (_("一线职工"), Q(is_frontline=True)),
        "migrant": (_("农民工"), Q(is_migrant=True)),
        "woman": (_("女职工"), Q(is_woman=True)),
        "eight": (_("八大群体"), Q(group__in=EIGHT)),
        **{value: (NewGroup(value).label, Q(group=value)) for value in NewGroup.values},
    }
    wanted = {
        f"{key}_{name}": count
        for key, (_label, condition) in kinds.items()
        for name, count in figures(this & condition, before & condition).items()
    }
    found = entries(path).filter(this | before).aggregate(**wanted)
    heads = employers(path, year).aggregate(frontline=Sum("heads_frontline"), migrant=Sum("heads_migrant"))
    names = figures(this, before)
    return [
        Line(key, str(label), employees=heads.get(key), **{name: found[f"{key}_{name}"] for name in names})
        for key, (label, _condition) in kinds.items()
    ]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group of the code list: lists without a fixed employer, and the people of the group on any list."""

    key: str
    label: str
    lists: int
    persons: int
    times: int
    pending: int


def group_lines(path: str, year: int, basis: str = Basis.CALENDAR) -> list[GroupLine]:
    """八大群体 together, then every group of the code list, also one nobody of which took part. One statement.

    People are counted as everywhere in this module; ``lists`` have at least one confirmed person of the group.
    """
    kinds = {"eight": (_("八大群体合计"), Q(group__in=EIGHT))} | {
        value: (label, Q(group=value)) for value, label in NewGroup.choices
    }
    sure, names = confirmed(), ("lists", "persons", "times", "pending")
    wanted = {}
    for key, (_label, one) in kinds.items():
        without_unit = sure & one & Q(roster__kind=RosterKind.GROUP)
        wanted[f"{key}_lists"] = Count("roster", distinct=True, filter=without_unit)
        wanted[f"{key}_persons"] = Count("worker", distinct=True, filter=sure & one)
        wanted[f"{key}_times"] = Count("pk", filter=sure & one)
        wanted[f"{key}_pending"] = Count("pk", filter=_pending() & one)
    found = entries(path).filter(year_condition(year, basis)).aggregate(**wanted)
    return [
        GroupLine(key, str(label), **{name: found[f"{key}_{name}"] for name in names})
        for key, (label, _one) in kinds.items()
    ]
