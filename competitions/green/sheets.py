"""Sheets of the yearly report: comparison by group and level, and the suggestions with what they saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from competitions.green import queries
from competitions.green.enums import SuggestionState
from portal.reports.registry import Sheet


def group_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per group and level that the desk has subjects in, and the total."""
    for row in queries.by_group(year):
        yield [
            row["group"].name, row["group"].product, str(row["level"].label), str(row["group"].indicator),
            row["group"].benchmark, row["subjects"], row["reporting"], row["months"], row["tce"], row["co2"],
        ]  # fmt: skip
    found = queries.totals(year)
    yield [
        "合计", "", "", "", None, found["subjects"], found["reporting"], found["months"], found["benchmark_tce"],
        found["benchmark_co2"],
    ]  # fmt: skip


def suggestion_rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per suggestion of the year."""
    rows = queries.suggestions().filter(year=year).order_by("number")
    for row in rows.iterator(chunk_size=500):
        yield [
            row.number, row.title, str(row.get_kind_display()), row.organisation.name, row.proposer,
            str(SuggestionState(row.state).label), row.estimated_tce, row.estimated_co2, row.verified_tce,
            row.verified_co2, row.verified_kwh, row.verified_yuan, row.verifier,
        ]  # fmt: skip


GROUPS = Sheet(
    "green_groups",
    "能效对标",
    (
        "对标组",
        "产品或工序",
        "层级",
        "指标",
        "标杆值",
        "参赛主体",
        "有已核月报的主体",
        "已核月报",
        "节能量tce",
        "减碳tCO₂",
    ),
    group_rows,
    "节能量＝（基准值－当月值）×当月产量，只计已核月报，按当月系数版本折标准煤；季节性工序以上一年同月为基准。",
    64,
)
SUGGESTIONS = Sheet(
    "green_suggestions",
    "节能降碳建议",
    ("编号", "建议", "类别", "单位", "建议人", "状态", "预计tce/年", "预计tCO₂/年", "核定tce/年", "核定tCO₂/年", "核定kWh/年",
     "核定效益（元/年）", "核实单位"),
    suggestion_rows,
    "本年度提出的建议；核定数由单位能源管理部门或第三方核实、上级工会核定，按完成当年系数版本折算。",
    65,
)  # fmt: skip
