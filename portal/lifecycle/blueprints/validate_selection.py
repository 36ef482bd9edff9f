"""Rules of the selection stage: which of its parameters belong to which rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.stages import SelectionParams
from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.vocabulary import MARKING_METHODS, FieldType, SelectionRule, StageKind

UNUSED: Mapping[SelectionRule, tuple[str, ...]] = {
    SelectionRule.PLACES: ("budget", "amount_field", "amount_cap"),
    SelectionRule.PLACES_PER_TRACK: ("budget", "amount_field", "amount_cap"),
    SelectionRule.THRESHOLD: ("places", "reserves", "budget", "amount_field", "amount_cap"),
    SelectionRule.BATCH: ("reserves", "min_score", "cap_per_employer", "budget", "amount_field", "amount_cap"),
    SelectionRule.BUDGET: ("places", "reserves", "cap_per_nominating", "cap_per_employer"),
}
"""Parameters that would do nothing under a rule; written down, they would promise what is not kept."""


def selection_problems(path: str, params: SelectionParams, blueprint: Blueprint) -> Iterator[Problem]:
    """Broken rules of the selection stage."""
    for key in UNUSED[params.rule]:
        if getattr(params, key) not in (None, "", 0):
            yield Problem(f"{path}.{key}", _("评选规则“%s”不用此项") % params.rule.label)
    if params.rule == SelectionRule.PLACES and not (params.places or 0) > 0:
        yield Problem(f"{path}.places", _("按名额择优须写明名额"))
    if params.rule == SelectionRule.PLACES_PER_TRACK:
        yield from _places_per_track(path, params, blueprint)
    if params.rule == SelectionRule.THRESHOLD and params.min_score is None:
        yield Problem(f"{path}.min_score", _("按分数线评选须写明分数线"))
    if params.rule == SelectionRule.BATCH and params.places is not None and params.places < 1:
        yield Problem(f"{path}.places", _("应不小于 1"))
    if params.rule == SelectionRule.BUDGET:
        yield from _budget(path, params, blueprint)
    yield from _limits(path, params)
    if params.rule != SelectionRule.BATCH:
        yield from _marks(path, params, blueprint)


def _limits(path: str, params: SelectionParams) -> Iterator[Problem]:
    if params.min_score is not None and not 0 <= params.min_score <= 100:
        yield Problem(f"{path}.min_score", _("应在 0 到 100 之间"))
    if params.reserves < 0:
        yield Problem(f"{path}.reserves", _("不能为负数"))
    for key in ("cap_per_nominating", "cap_per_employer"):
        if (cap := getattr(params, key)) is not None and cap < 1:
            yield Problem(f"{path}.{key}", _("应不小于 1"))


def _marks(path: str, params: SelectionParams, blueprint: Blueprint) -> Iterator[Problem]:
    """All rules but 一批 go by marks, so somebody must give them."""
    review = blueprint.stage(StageKind.REVIEW)
    if review is None:
        yield Problem(f"{path}.rule", _("“%s”须有评审环节") % params.rule.label)
    elif review.params.method not in MARKING_METHODS:
        values = {"rule": params.rule.label, "method": review.params.method.label}
        yield Problem(f"{path}.rule", _("“%(rule)s”须有得分，而评审方式是“%(method)s”") % values)


def _places_per_track(path: str, params: SelectionParams, blueprint: Blueprint) -> Iterator[Problem]:
    places = [track.places for track in blueprint.tracks]
    if not places or None in places:
        yield Problem(f"{path}.rule", _("按类别名额择优，每个类别都须写明名额"))
    elif params.places is not None and sum(filter(None, places)) != params.places:
        yield Problem(f"{path}.places", _("各类别名额之和应等于总名额"))


def _budget(path: str, params: SelectionParams, blueprint: Blueprint) -> Iterator[Problem]:
    for key, missing in (("budget", _("在预算内择优须写明预算（元）")), ("amount_cap", "")):
        amount = getattr(params, key)
        if amount is None:
            if missing:
                yield Problem(f"{path}.{key}", missing)
        elif amount <= 0:
            yield Problem(f"{path}.{key}", _("应大于 0"))
        elif amount != round(amount, 2):
            yield Problem(f"{path}.{key}", _("金额最多两位小数"))
    if not params.amount_field:
        yield Problem(f"{path}.amount_field", _("在预算内择优须指明申请金额取自哪个字段"))
    elif not blueprint.has_field(params.amount_field):
        yield Problem(f"{path}.amount_field", _("没有字段“%s”") % params.amount_field)
    elif blueprint.field(params.amount_field).type != FieldType.MONEY:
        yield Problem(f"{path}.amount_field", _("字段“%s”不是金额（money），不能作为申请金额") % params.amount_field)
    elif not blueprint.field(params.amount_field).required:
        yield Problem(f"{path}.amount_field", _("申请金额须为必填（required = true）"))
