"""Mark sheets on paper: one page an aspect and judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from competitions.marking import queries
from competitions.marking.enums import RuleKind
from competitions.marking.models import Aspect, SubCriterion
from competitions.marking.scheme import plain
from competitions.marking.scoring import JUDGES
from portal.reports.typesetting import compile_pdf

TEMPLATE = Path(__file__).resolve().parent / "typst" / "sheet.typ"
A_PAGE = {True: 18, False: 22}  # benches that fit on a page with and without descriptions


def mark_sheets(part: SubCriterion) -> bytes:
    """PDF of all sheets of a sub-criterion."""
    codes = [bench.code for bench in queries.benches_of(part.scheme.marking_id)]
    payload = {
        "title": str(part.scheme.marking),
        "part": str(part),
        "footer": _("评分方案%(version)s · 平板无法使用时填写，由两人分别录入") % {"version": part.scheme},
        "sheets": [s for aspect in Aspect.objects.filter(part=part) for s in _sheets(aspect, codes)],
    }
    return compile_pdf(TEMPLATE, payload)


def _sheets(aspect: Aspect, codes: list[str]) -> list[dict[str, Any]]:
    size = A_PAGE[aspect.is_judged]
    seats = [_("裁判席位 %d") % n for n in range(1, JUDGES + 1)] if aspect.is_judged else [""]
    rule = aspect.plain_rule
    value = _("达到填1，未达到填0") if rule and rule.kind == RuleKind.ALL else _("测量值")
    return [
        {
            "title": str(aspect),
            "max": plain(aspect.max_mark),
            "seat": seat,
            "judged": aspect.is_judged,
            "hint": rule.words if rule else _("三名裁判各自评分，相差超过1分讨论后重评。"),
            "value": f"{value}（{aspect.unit}）" if aspect.unit else value,
            "descriptions": list(aspect.descriptions),
            "benches": codes[start : start + size],
        }
        for seat in seats
        for start in range(0, max(len(codes), 1), size)
    ]
