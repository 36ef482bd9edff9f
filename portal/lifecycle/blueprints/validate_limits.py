"""Rules of the restrictions on entering (申报限制) and of the guards that read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.vocabulary import FieldType, StageKind

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.schema import Blueprint, Limits

MIN_AGE, MAX_AGE = 45, 70


def limit_problems(blueprint: Blueprint) -> Iterator[Problem]:
    """Fields that do not exist, ages out of reason, and guards named without what they need – in Chinese."""
    limits = blueprint.limits
    for index, veto in enumerate(blueprint.vetoes):
        if veto.event_field and _type_of(blueprint, veto.event_field) != FieldType.DATE:
            yield Problem(f"vetoes[{index}].event_field", _("“%s”不是日期字段") % veto.event_field)
    if limits.higher_years < 1:
        yield Problem("limits.higher_years", _("年数应大于 0，99 表示一直有效"))
    for name in ("higher", "one_path"):
        if blueprint.programme.code in getattr(limits, name):
            yield Problem(f"limits.{name}", _("不能写本项目自己的代码"))
    yield from _ages(limits)
    yield from _posts(blueprint)
    yield from _guards(blueprint)


def _ages(limits: Limits) -> Iterator[Problem]:
    for name in ("retire_men", "retire_women"):
        age = getattr(limits, name)
        if age and not MIN_AGE <= age <= MAX_AGE:
            yield Problem(f"limits.{name}", _("退休年龄应在 %d 到 %d 岁之间，0 表示不限") % (MIN_AGE, MAX_AGE))
    if limits.retire_margin < 0:
        yield Problem("limits.retire_margin", _("不能为负数"))


def _posts(blueprint: Blueprint) -> Iterator[Problem]:
    limits = blueprint.limits
    if not limits.post_field:
        return
    if not blueprint.has_field(limits.post_field):
        yield Problem("limits.post_field", _("没有字段“%s”") % limits.post_field)
        return
    offered = {choice.value for choice in blueprint.field(limits.post_field).choices}
    for value in limits.barred_posts:
        if value not in offered:
            yield Problem("limits.barred_posts", _("“%s”不是该字段的选项") % value)


def _guards(blueprint: Blueprint) -> Iterator[Problem]:
    """A guard without its parameters would let everybody through while people think it is at work."""
    stage, limits = blueprint.stage(StageKind.APPLICATION), blueprint.limits
    asks_person = any(
        spec.type == FieldType.PERSON_ID_NUMBER or any(c.type == FieldType.PERSON_ID_NUMBER for c in spec.columns)
        for spec in blueprint.fields
    )
    needs = {
        "engine.cooldown": (blueprint.honour.repeat_years > 0, _("须写明荣誉的重复申报限制年数")),
        "engine.higher_honour": (bool(limits.higher), _("须在申报限制中写明更高荣誉的项目")),
        "engine.veto_period": (any(v.event_field for v in blueprint.vetoes), _("须有否决情形写明发生日期字段")),
        "engine.retirement": (
            bool(limits.retire_men and limits.retire_women) and asks_person,
            _("须写明男、女退休年龄，表单须填身份证号"),
        ),
        "engine.posts": (bool(limits.post_field and limits.barred_posts), _("须写明职务字段和不参评的职务")),
    }
    for key in stage.guards if stage else ():
        fulfilled, message = needs.get(key, (True, ""))
        if not fulfilled:
            yield Problem("stages.application.guards", _("附加条件“%(key)s”：%(why)s") % {"key": key, "why": message})


def _type_of(blueprint: Blueprint, code: str) -> str:
    return blueprint.field(code).type if blueprint.has_field(code) else ""
