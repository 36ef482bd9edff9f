"""企业规模划型: large, medium, small or micro from staff, revenue and assets. Pure; the table is data.

Source: 《中小企业划型标准规定》(工信部联企业〔2011〕300号) and 《统计上大中小微型企业划分办法（2017）》, which keeps the
limits and maps them to GB/T 4754-2017. “大型、中型和小型企业须同时满足所列指标的下限，否则下划一档；微型企业只须满足所列
指标中的一项即可”: a class needs *all* its lower limits, so the result is the highest class whose limits all hold.
“以上” includes the number itself.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum


class SizeClass(StrEnum):
    """Values equal ``accounts.enums.SizeClass``."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"

    @property
    def label(self) -> str:
        return {"large": "大型", "medium": "中型", "small": "小型", "micro": "微型"}[self.value]


class Trade(StrEnum):
    """The rows of the table; residences and restaurants share their limits but are two rows in the rule."""

    AGRICULTURE = "agriculture"
    INDUSTRY = "industry"
    CONSTRUCTION = "construction"
    WHOLESALE = "wholesale"
    RETAIL = "retail"
    TRANSPORT = "transport"
    STORAGE = "storage"
    POST = "post"
    ACCOMMODATION = "accommodation"
    CATERING = "catering"
    INFORMATION = "information"
    SOFTWARE = "software"
    REAL_ESTATE = "real_estate"
    PROPERTY = "property"
    LEASING_BUSINESS = "leasing_business"
    OTHER = "other"

    @property
    def label(self) -> str:
        return TRADE_LABELS[self]


TRADE_LABELS = {
    Trade.AGRICULTURE: "农、林、牧、渔业",
    Trade.INDUSTRY: "工业",
    Trade.CONSTRUCTION: "建筑业",
    Trade.WHOLESALE: "批发业",
    Trade.RETAIL: "零售业",
    Trade.TRANSPORT: "交通运输业",
    Trade.STORAGE: "仓储业",
    Trade.POST: "邮政业",
    Trade.ACCOMMODATION: "住宿业",
    Trade.CATERING: "餐饮业",
    Trade.INFORMATION: "信息传输业",
    Trade.SOFTWARE: "软件和信息技术服务业",
    Trade.REAL_ESTATE: "房地产开发经营",
    Trade.PROPERTY: "物业管理",
    Trade.LEASING_BUSINESS: "租赁和商务服务业",
    Trade.OTHER: "其他未列明行业",
}

EMPLOYEES, REVENUE, ASSETS = "employees", "revenue_wan", "assets_wan"
INDICATOR_LABELS = {EMPLOYEES: "从业人员（人）", REVENUE: "营业收入（万元）", ASSETS: "资产总额（万元）"}
CLASSES = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)

# Lower limits of large, medium and small by indicator: 人 for employees, 万元 for revenue and assets.
LIMITS: dict[Trade, dict[str, tuple[int, int, int]]] = {
    Trade.AGRICULTURE: {REVENUE: (20_000, 500, 50)},
    Trade.INDUSTRY: {EMPLOYEES: (1_000, 300, 20), REVENUE: (40_000, 2_000, 300)},
    Trade.CONSTRUCTION: {REVENUE: (80_000, 6_000, 300), ASSETS: (80_000, 5_000, 300)},
    Trade.WHOLESALE: {EMPLOYEES: (200, 20, 5), REVENUE: (40_000, 5_000, 1_000)},
    Trade.RETAIL: {EMPLOYEES: (300, 50, 10), REVENUE: (20_000, 500, 100)},
    Trade.TRANSPORT: {EMPLOYEES: (1_000, 300, 20), REVENUE: (30_000, 3_000, 200)},
    Trade.STORAGE: {EMPLOYEES: (200, 100, 20), REVENUE: (30_000, 1_000, 100)},
    Trade.POST: {EMPLOYEES: (1_000, 300, 20), REVENUE: (30_000, 2_000, 100)},
    Trade.ACCOMMODATION: {EMPLOYEES: (300, 100, 10), REVENUE: (10_000, 2_000, 100)},
    Trade.CATERING: {EMPLOYEES: (300, 100, 10), REVENUE: (10_000, 2_000, 100)},
    Trade.INFORMATION: {EMPLOYEES: (2_000, 100, 10), REVENUE: (100_000, 1_000, 100)},
    Trade.SOFTWARE: {EMPLOYEES: (300, 100, 10), REVENUE: (10_000, 1_000, 50)},
    Trade.REAL_ESTATE: {REVENUE: (200_000, 1_000, 100), ASSETS: (10_000, 5_000, 2_000)},
    Trade.PROPERTY: {EMPLOYEES: (1_000, 300, 100), REVENUE: (5_000, 1_000, 500)},
    Trade.LEASING_BUSINESS: {EMPLOYEES: (300, 100, 10), ASSETS: (120_000, 8_000, 100)},
    Trade.OTHER: {EMPLOYEES: (300, 100, 10)},
}


class MissingIndicator(ValueError):
    """The trade needs figures that were not given; ``fields`` names them, ``str(error)`` is the Chinese sentence."""

    def __init__(self, trade: Trade, fields: tuple[str, ...]) -> None:
        self.fields = fields
        names = "、".join(INDICATOR_LABELS[name] for name in fields)
        super().__init__(f"“{trade.label}”划型还需要：{names}")


def size_class(
    trade: Trade,
    *,
    employees: int | None = None,
    revenue_wan: int | Decimal | None = None,
    assets_wan: int | Decimal | None = None,
) -> SizeClass:
    """The highest class all of whose lower limits hold; figures the trade does not use are ignored.

    ``employees`` in 人 (year's end), ``revenue_wan`` and ``assets_wan`` in 万元 (business year). Raises
    :class:`MissingIndicator`.
    """
    figures = {EMPLOYEES: employees, REVENUE: revenue_wan, ASSETS: assets_wan}
    limits = LIMITS[trade]
    known = {name: value for name in limits if (value := figures[name]) is not None}
    if len(known) < len(limits):
        raise MissingIndicator(trade, tuple(name for name in limits if name not in known))
    for i, candidate in enumerate(CLASSES):
        if all(value >= limits[name][i] for name, value in known.items()):
            return candidate
    return SizeClass.MICRO


# GB/T 4754-2017, longest prefix of the digits first. 铁路运输业 (53), 金融业 (66–69), 教育 (83), 卫生 (84), 公共管理 (91–96)
# and 国际组织 (97) are outside the rule: no trade. 房地产业 is 房地产开发 7010, 物业管理 7020, the rest is “其他未列明”.
_BY_DIGITS: dict[str, Trade] = {
    **{f"{n:02d}": Trade.AGRICULTURE for n in range(1, 6)},
    **{f"{n:02d}": Trade.INDUSTRY for n in range(6, 47)},
    **{f"{n:02d}": Trade.CONSTRUCTION for n in range(47, 51)},
    "51": Trade.WHOLESALE,
    "52": Trade.RETAIL,
    **{f"{n:02d}": Trade.TRANSPORT for n in range(54, 59)},
    "59": Trade.STORAGE,
    "591": Trade.TRANSPORT,  # 装卸搬运
    "60": Trade.POST,
    "61": Trade.ACCOMMODATION,
    "62": Trade.CATERING,
    "63": Trade.INFORMATION,
    "64": Trade.INFORMATION,
    "65": Trade.SOFTWARE,
    "701": Trade.REAL_ESTATE,
    "702": Trade.PROPERTY,
    **{f"70{n}": Trade.OTHER for n in (3, 4, 9)},
    "71": Trade.LEASING_BUSINESS,
    "72": Trade.LEASING_BUSINESS,
    **{f"{n:02d}": Trade.OTHER for n in (*range(73, 83), 85, *range(86, 91))},
}

# Sections whose divisions all belong to one trade, so that the letter alone is enough.
_BY_SECTION: dict[str, Trade] = {
    "A": Trade.AGRICULTURE,
    "B": Trade.INDUSTRY,
    "C": Trade.INDUSTRY,
    "D": Trade.INDUSTRY,
    "E": Trade.CONSTRUCTION,
    "L": Trade.LEASING_BUSINESS,
    "M": Trade.OTHER,
    "N": Trade.OTHER,
    "O": Trade.OTHER,
    "R": Trade.OTHER,
}


def trade_of_industry(code: str) -> Trade | None:
    """The trade of a GB/T 4754-2017 code such as ``C34``, ``I65``, ``K7010``, ``3412`` or a bare section letter.

    ``None`` where the rule does not classify (finance, railways, schools, hospitals, authorities) and where the code is
    too short to tell (``F`` may be wholesale or retail).
    """
    found = re.fullmatch(r"([A-T]?)(\d{0,4})", (code or "").strip().upper())
    if not found:
        return None
    letter, digits = found[1], found[2]
    if not digits:
        return _BY_SECTION.get(letter)
    for length in range(len(digits), 1, -1):
        if digits[:length] in _BY_DIGITS:
            return _BY_DIGITS[digits[:length]]
    return None
