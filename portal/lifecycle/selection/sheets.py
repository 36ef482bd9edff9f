"""Sheet of the yearly report: approved rounds with marks and reasons, at the desk that owns the cycle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.lifecycle.selection.models import Outcome, RoundStatus, Selection
from portal.reports.registry import Sheet, register_sheet


def rows(actor: Any, year: int) -> Iterator[list[Any]]:
    """One line per entry of every approved round; other desks than the owner's have none in scope."""
    found = (
        Selection.objects.filter(round__stage__cycle__year=year, round__status=RoundStatus.APPROVED)
        .select_related("round__stage__cycle__programme", "entry__organisation", "entry__nominating", "track")
        .defer("entry__answers", "round__snapshot")
        .order_by("round", "track", "rank", "pk")
    )
    for row in found.iterator(chunk_size=2000):
        cycle = row.round.stage.cycle
        yield [
            cycle.programme.title,
            cycle.label,
            row.round.number,
            row.track.title if row.track else "",
            row.rank,
            row.entry.code,
            row.entry.title,
            row.entry.nominating.name if row.entry.nominating else "",
            row.total,
            row.amount,
            str(Outcome(row.outcome).label),
            row.reason,
        ]


register_sheet(
    Sheet(
        "rounds",
        "评选结果",
        ("项目", "届次", "轮次", "类别", "名次", "编号", "名称", "推荐工会", "总分", "核定金额（元）", "结果", "理由"),
        rows,
        "已审定轮次的名次、总分、结果和理由；只在主办工会的报表中有数据。",
        40,
    )
)
