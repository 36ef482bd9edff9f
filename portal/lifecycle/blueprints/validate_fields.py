"""Rules of single questions, table columns and conditions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.schema import Blueprint, Condition, FieldSpec
from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.vocabulary import (
    ATTACHMENT_KINDS,
    COLUMN_TYPES,
    NUMBER_TYPES,
    PREFILL_KEYS,
    TEXT_TYPES,
    FieldType,
    RowRuleKind,
)

CODE = re.compile(r"^[a-z][a-z0-9_]*$")
CHOICES = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE})
DATES = frozenset({FieldType.DATE, FieldType.MONTH})
TRUTHS = frozenset({FieldType.BOOLEAN, FieldType.CONSENT})
TABLES = frozenset({FieldType.TABLE})
FILES = frozenset({FieldType.ATTACHMENT})

ALLOWED_ON: Mapping[str, frozenset[Any]] = {
    "max_length": TEXT_TYPES,
    "min_length": TEXT_TYPES,
    "pattern": frozenset({FieldType.TEXT}),
    "minimum": NUMBER_TYPES,
    "maximum": NUMBER_TYPES,
    "decimals": frozenset({FieldType.DECIMAL, FieldType.PERCENT}),
    "not_future": DATES,
    "not_before": DATES,
    "choices": CHOICES,
    "code_list": frozenset({FieldType.CODE}),
    "max_choices": frozenset({FieldType.MULTI_CHOICE}),
    "columns": TABLES,
    "min_rows": TABLES,
    "max_rows": TABLES,
    "row_rules": TABLES,
    "accept": FILES,
    "max_mb": FILES,
    "max_files": FILES,
    "template": FILES,
    "text": frozenset({FieldType.STATEMENT, FieldType.CONSENT}),
    "rows": frozenset({FieldType.LONG_TEXT}),
}
NEEDED_BY: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.LONG_TEXT: ("max_length",),
    FieldType.CHOICE: ("choices",),
    FieldType.MULTI_CHOICE: ("choices",),
    FieldType.CODE: ("code_list",),
    FieldType.TABLE: ("columns", "max_rows"),
    FieldType.ATTACHMENT: ("accept", "max_mb", "max_files"),
    FieldType.STATEMENT: ("text",),
}


def field_problems(blueprint: Blueprint) -> list[Problem]:
    """Broken rules of all questions and of all conditions in the blueprint."""
    found: list[Problem] = []
    documents = {document.code for document in blueprint.documents}
    for at, section in enumerate(blueprint.sections):
        if not CODE.match(section.code):
            found.append(Problem(f"sections[{at}].code", _("只能用小写字母、数字和下划线，以字母开头")))
    siblings = {spec.code: spec for spec in blueprint.fields}
    for path, spec in _specs(blueprint):
        found += _one(path, spec)
        if spec.template and spec.template not in documents:
            found.append(Problem(f"{path}.template", _("没有文书“%s”") % spec.template))
        if spec.type == FieldType.CONSENT and not (spec.text or blueprint.texts.consent):
            found.append(Problem(f"{path}.text", _("同意书须有条款文字")))
        found += _dates(path, spec, siblings)
        found += _conditions(path, spec, siblings)
        if spec.is_table:
            found += _table(path, spec)
    found += _conditions_elsewhere(blueprint)
    return found


def _specs(blueprint: Blueprint) -> Iterator[tuple[str, FieldSpec]]:
    for at, section in enumerate(blueprint.sections):
        for index, spec in enumerate(section.fields):
            yield f"sections[{at}].fields[{index}]", spec


def _one(path: str, spec: FieldSpec) -> Iterator[Problem]:
    if not CODE.match(spec.code):
        yield Problem(f"{path}.code", _("只能用小写字母、数字和下划线，以字母开头"))
    if not spec.label.strip():
        yield Problem(f"{path}.label", _("不能为空"))
    for key, types in ALLOWED_ON.items():
        if getattr(spec, key) not in (None, "", (), 0, False) and spec.type not in types:
            yield Problem(f"{path}.{key}", _("%s类型的字段不能有此项") % spec.type.label)
    for key in NEEDED_BY.get(spec.type, ()):
        if not getattr(spec, key):
            yield Problem(f"{path}.{key}", _("%s类型的字段须有此项") % spec.type.label)
    if spec.required and spec.required_when:
        yield Problem(f"{path}.required_when", _("已经必填，不必再写必填条件"))
    if spec.is_personal and spec.public:
        yield Problem(f"{path}.public", _("身份证号和电话不得公开"))
    if spec.prefill and spec.prefill not in PREFILL_KEYS:
        yield Problem(f"{path}.prefill", _("不能从“%s”自动带入") % spec.prefill)
    yield from _bounds(path, spec)
    yield from _choices(path, spec)
    for kind in spec.accept:
        if kind not in ATTACHMENT_KINDS:
            yield Problem(f"{path}.accept", _("不支持上传 %s 格式") % kind)


def _bounds(path: str, spec: FieldSpec) -> Iterator[Problem]:
    for low, high in (("min_length", "max_length"), ("minimum", "maximum"), ("min_rows", "max_rows")):
        lower, upper = getattr(spec, low), getattr(spec, high)
        if lower is not None and upper is not None and lower > upper:
            yield Problem(f"{path}.{low}", _("下限不能大于上限"))
    for key in ("max_length", "max_rows", "max_mb", "max_files", "max_choices"):
        value = getattr(spec, key)
        if value is not None and value < 1:
            yield Problem(f"{path}.{key}", _("应不小于 1"))
    if spec.pattern:
        try:
            re.compile(spec.pattern)
        except re.error as error:
            yield Problem(f"{path}.pattern", _("不是有效的格式表达式：%s") % error)
        if not spec.pattern_message:
            yield Problem(f"{path}.pattern_message", _("有格式要求，须写明格式提示"))


def _choices(path: str, spec: FieldSpec) -> Iterator[Problem]:
    for value, count in Counter(choice.value for choice in spec.choices).items():
        if count > 1:
            yield Problem(f"{path}.choices", _("选项“%s”重复") % value)
    if spec.max_choices is not None and spec.choices and spec.max_choices > len(spec.choices):
        yield Problem(f"{path}.max_choices", _("多于选项的个数"))


def _dates(path: str, spec: FieldSpec, siblings: Mapping[str, FieldSpec]) -> Iterator[Problem]:
    if not spec.not_before:
        return
    other = siblings.get(spec.not_before)
    if other is None or other.type != spec.type:
        yield Problem(f"{path}.not_before", _("没有同类的日期字段“%s”") % spec.not_before)


def _conditions(path: str, spec: FieldSpec, siblings: Mapping[str, FieldSpec]) -> Iterator[Problem]:
    for key in ("required_when", "visible_when"):
        condition = getattr(spec, key)
        if condition is None:
            continue
        yield from condition_problems(f"{path}.{key}", condition, siblings)
        if condition.field == spec.code:
            yield Problem(f"{path}.{key}.field", _("条件不能指向字段自己"))
    # A question may only depend on an earlier one: no circles, and people meet the cause before the effect.
    codes = list(siblings)
    cause = spec.visible_when.field if spec.visible_when else ""
    if cause in siblings and spec.code in siblings and codes.index(cause) > codes.index(spec.code):
        yield Problem(f"{path}.visible_when.field", _("显示条件只能指向前面的字段"))


def condition_problems(path: str, condition: Condition, siblings: Mapping[str, FieldSpec]) -> Iterator[Problem]:
    """Broken rules of one condition over the questions ``siblings``."""
    tests = [
        condition.equals is not None,
        bool(condition.in_),
        condition.is_true is not None,
        condition.filled is not None,
    ]
    if sum(tests) != 1:
        yield Problem(path, _("条件须在 equals、in、is_true、filled 中恰好写一项"))
    other = siblings.get(condition.field)
    if other is None:
        yield Problem(f"{path}.field", _("没有字段“%s”") % condition.field)
        return
    if not other.is_answer or other.is_personal:
        yield Problem(f"{path}.field", _("字段“%s”不能作为条件") % condition.field)
    if condition.is_true is not None and other.type not in TRUTHS:
        yield Problem(f"{path}.is_true", _("字段“%s”不是“是否”类型") % condition.field)
    wanted = (condition.equals,) if condition.equals is not None else condition.in_
    if other.choices:
        for value in wanted:
            if value not in {choice.value for choice in other.choices}:
                yield Problem(path, _("“%(value)s”不是字段“%(field)s”的选项") % {"value": value, "field": other.label})


def _table(path: str, spec: FieldSpec) -> Iterator[Problem]:
    columns = {column.code: column for column in spec.columns}
    if len(columns) < len(spec.columns):
        yield Problem(f"{path}.columns", _("列代码重复"))
    for index, column in enumerate(spec.columns):
        here = f"{path}.columns[{index}]"
        if column.type not in COLUMN_TYPES:
            yield Problem(f"{here}.type", _("%s类型不能作为列") % column.type.label)
            continue
        yield from _one(here, column)
        yield from _dates(here, column, columns)
        if column.visible_when:
            yield Problem(f"{here}.visible_when", _("列不能有显示条件"))
        yield from _conditions(here, column, columns)
    for index, rule in enumerate(spec.row_rules):
        here = f"{path}.row_rules[{index}]"
        column = columns.get(rule.column)
        if column is None:
            yield Problem(f"{here}.column", _("没有列“%s”") % rule.column)
        elif rule.kind in {RowRuleKind.SUM, RowRuleKind.FIRST_IS_MAX} and column.type not in NUMBER_TYPES:
            yield Problem(f"{here}.column", _("列“%s”不是数字") % rule.column)
        elif rule.kind == RowRuleKind.AT_LEAST_ONE and column.type != FieldType.BOOLEAN:
            yield Problem(f"{here}.column", _("列“%s”不是“是否”类型") % rule.column)
        if rule.kind == RowRuleKind.SUM and rule.total is None:
            yield Problem(f"{here}.total", _("须写明合计等于多少"))


def _conditions_elsewhere(blueprint: Blueprint) -> Iterator[Problem]:
    siblings = {spec.code: spec for spec in blueprint.fields}
    earlier: set[str] = set()
    for at, section in enumerate(blueprint.sections):
        cause = section.visible_when.field if section.visible_when else ""
        if cause in siblings and cause not in earlier:
            yield Problem(f"sections[{at}].visible_when.field", _("显示条件只能指向前面的分区"))
        earlier |= {spec.code for spec in section.fields}
    places = [(f"sections[{i}].visible_when", s.visible_when) for i, s in enumerate(blueprint.sections)]
    places += [(f"ratios[{i}].when", ratio.when) for i, ratio in enumerate(blueprint.ratios)]
    places += [(f"ratios[{i}].base", ratio.base) for i, ratio in enumerate(blueprint.ratios)]
    for at, stage in enumerate(blueprint.stages):
        opinions = getattr(stage.params, "opinions", ())
        places += [(f"stages[{at}].opinions[{i}].when", opinion.when) for i, opinion in enumerate(opinions)]
    for path, condition in places:
        if condition is not None:
            yield from condition_problems(path, condition, siblings)
