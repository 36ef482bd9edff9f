"""The many: streets, grassroots unions and employers, brought in as a whole by the functions that workbooks go through."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from types import ModuleType
from typing import Any

from portal.accounts.enums import EmergingKind
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.imports import employers, organisations
from portal.accounts.imports.plan import Context
from portal.accounts.imports.sheets import Row
from portal.accounts.models import Organisation
from portal.core.context import system_actor
from portal.core.dates import local_date
from portal.demo import numbers, words

CHUNK = 5_000  # rows that are checked and written at a time
FIRST_FIRM = 40_000  # serial of the credit codes; the units with accounts have the low ones


@dataclass(frozen=True, slots=True)
class Size:
    """How many of everything; ``active`` units have people and take part."""

    streets: int
    units: int
    active: int

    def __str__(self) -> str:
        return f"{self.streets} 个街镇、{self.units:,} 个基层工会"


SMALL = Size(streets=6, units=40, active=40)
YEAR = Size(streets=120, units=1_500, active=96)
CITY = Size(streets=400, units=88_000, active=96)
SIZES = {"small": SMALL, "year": YEAR, "city": CITY}


EMERGING = {  # industry of a non-public firm → the kind it may be, and the share of such firms that are
    "F": (EmergingKind.EIGHT, 0.3),  # 商场信息员
    "G": (EmergingKind.EIGHT, 0.5),  # 货车司机
    "H": (EmergingKind.EMPLOYMENT, 0.3),  # 网约送餐
    "I": (EmergingKind.ECONOMY, 0.6),
    "K": (EmergingKind.EIGHT, 0.5),  # 保安员、房产中介员
    "M": (EmergingKind.ECONOMY, 0.3),
}


def emerging_kind(rng: random.Random, ownership: str, industry: str) -> str:
    """三新 or 八大群体, or empty. One number is drawn from ``rng`` for each firm, so that lists stay as they were."""
    kind, share = EMERGING.get(industry[:1], ("", 0.0)) if ownership == "non_public" else ("", 0.0)
    return str(kind) if rng.random() < share else ""


def bring_in(work: ModuleType, rows: Iterable[dict[str, Any]], root: Organisation, now: dt.datetime) -> int:
    """Checks and applies rows as an uploaded workbook would be. Raises ValueError naming the first bad row."""
    context, count, stream = Context(system_actor("demo"), root, now), 0, iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        work.lock(context)
        plan = work.check([Row(number, values) for number, values in enumerate(chunk, 2)], context)
        if plan.problems:
            first = plan.problems[0]
            raise ValueError(f"第{first.row}行 {first.column}：{first.message}")
        work.apply(plan, context)
        count += len(chunk)
    return count


def make_streets(
    districts: list[Organisation], root: Organisation, *, count: int, rng: random.Random, now: dt.datetime
) -> list[Organisation]:
    """街道、镇总工会 of all districts, in turn."""
    known = [(district, name) for name in words.STREETS for district in districts][:count]
    if len(known) < count:
        known += [(d, f"{name}新") for name in words.STREETS for d in districts][: count - len(known)]

    def rows() -> Iterator[dict[str, Any]]:
        for number, (district, name) in enumerate(known, 1):
            is_town = rng.random() < 0.3
            label = district.name.removesuffix("总工会")
            yield {
                "code": f"JZ{number:05d}",
                "name": f"{label}{name}{'镇' if is_town else '街道'}总工会",
                "kind": Kind.TOWNSHIP if is_town else Kind.STREET,
                "parent": district.code,
                "district_code": district.district_code,
                "member_count": rng.randrange(8, 90) * 100,
            }

    bring_in(organisations, rows(), root, now)
    return list(Organisation.objects.filter(code__startswith="JZ", path__startswith=root.path).order_by("pk"))


def make_units(
    homes: list[Organisation], root: Organisation, *, count: int, rng: random.Random, now: dt.datetime
) -> list[str]:
    """Grassroots unions with one employer each, spread over ``homes`` in turn; their codes in order."""
    heads = [rng.randrange(25, 900) for _ in range(count)]
    codes = [f"JC{number:06d}" for number in range(1, count + 1)]
    district = [home.district_code or "120116" for home in homes]

    def unions() -> Iterator[dict[str, Any]]:
        for number, code in enumerate(codes):
            home = number % len(homes)
            yield {
                "code": code,
                "name": f"{words.firm(number)[0]}工会",
                "kind": Kind.GRASSROOTS,
                "parent": homes[home].code,
                "district_code": district[home],
                "member_count": heads[number],
            }

    def firms() -> Iterator[dict[str, Any]]:
        own = random.Random("emerging kinds")  # noqa: S311 -- repeatable; what others draw stays as it was
        for number, code in enumerate(codes):
            name, industry = words.firm(number)
            workers = heads[number] + rng.randrange(5, 120)
            ownership = "public" if number % 4 == 0 else "non_public"
            yield {
                "name": name,
                "credit_code": numbers.credit_code(FIRST_FIRM + number),
                "organisation": code,
                "ownership": ownership,
                "emerging_kind": emerging_kind(own, ownership, industry),
                "industry": industry,
                "district_code": district[number % len(homes)],
                "established_on": dt.date(1996 + number % 26, 1 + number % 12, 18),
                "year": local_date(now).year - 1,
                "employees": workers,
                "members": heads[number],
                "frontline": workers * 2 // 3,
                "migrant": workers // 5,
                "revenue": workers * 70,
                "assets": workers * 90,
                "is_above_scale": workers > 300,
            }

    bring_in(organisations, unions(), root, now)
    bring_in(employers, firms(), root, now)
    return codes
