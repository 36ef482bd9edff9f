"""Rules over the rows of a table, e.g. “贡献率合计应为 100%”. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.schema import FieldSpec, RowRule
from portal.lifecycle.blueprints.vocabulary import RowRuleKind

Rows = Sequence[Mapping[str, Any]]


def row_rule_problems(spec: FieldSpec, rows: Rows) -> list[str]:
    """What the rows together get wrong; number of rows first, then each rule in the blueprint's order."""
    problems = []
    if len(rows) < spec.min_rows:
        problems.append(_("至少填写 %(limit)d 行，现有 %(now)d 行") % {"limit": spec.min_rows, "now": len(rows)})
    if rows:
        problems += [problem for rule in spec.row_rules if (problem := _RULES[rule.kind](spec, rule, rows))]
    return problems


def number(value: Any) -> Decimal:
    """A stored number; nothing and what is no number count as 0."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _sum(spec: FieldSpec, rule: RowRule, rows: Rows) -> str:
    total, wanted = sum((number(row.get(rule.column)) for row in rows), Decimal(0)), rule.total or Decimal(0)
    if total == wanted:
        return ""
    words = {"column": spec.column(rule.column).label, "wanted": _text(wanted), "total": _text(total)}
    return (rule.message or _("“%(column)s”合计应为 %(wanted)s，现为 %(total)s")) % words


def _unique(spec: FieldSpec, rule: RowRule, rows: Rows) -> str:
    seen: dict[str, int] = {}
    for index, row in enumerate(rows, 1):
        value = str(row.get(rule.column) or "")
        if value and value in seen:
            words = {"column": spec.column(rule.column).label, "first": seen[value], "second": index}
            return (rule.message or _("第 %(first)d 行与第 %(second)d 行的“%(column)s”重复")) % words
        seen[value] = index
    return ""


def _at_least_one(spec: FieldSpec, rule: RowRule, rows: Rows) -> str:
    if any(row.get(rule.column) is True for row in rows):
        return ""
    return rule.message or _("至少有一行的“%s”应为“是”") % spec.column(rule.column).label


def _first_is_max(spec: FieldSpec, rule: RowRule, rows: Rows) -> str:
    if all(number(row.get(rule.column)) <= number(rows[0].get(rule.column)) for row in rows):
        return ""
    return rule.message or _("第 1 行的“%s”不应低于其他行，请按大小排序") % spec.column(rule.column).label


_RULES: Mapping[str, Callable[[FieldSpec, RowRule, Rows], str]] = {
    RowRuleKind.SUM: _sum,
    RowRuleKind.UNIQUE: _unique,
    RowRuleKind.AT_LEAST_ONE: _at_least_one,
    RowRuleKind.FIRST_IS_MAX: _first_is_max,
}
