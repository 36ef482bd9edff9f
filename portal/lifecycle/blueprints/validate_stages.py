"""Rules of the stages: order, parameters, and what one stage needs of another."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.stages import (
    ApplicationParams,
    ClearanceParams,
    ConferralParams,
    Criterion,
    NoticeParams,
    RecommendationParams,
    ReviewParams,
    SelectionParams,
    ShowcaseParams,
)
from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.vocabulary import (
    ROUTE_ORDER,
    STAGE_ORDER,
    AllocationRule,
    ReviewMethod,
    SelectionRule,
    StageKind,
    TieBreak,
)

NOTICE_MINIMUM = 5
"""domain.md 0.4: at least five working days at every level."""

NEEDS: Mapping[str, str] = {
    StageKind.NOTICE: StageKind.SELECTION,
    StageKind.CONFERRAL: StageKind.SELECTION,
}
"""A stage on the left works on what the stage on the right has produced."""


def stage_problems(blueprint: Blueprint, *, guards: frozenset[str] | None) -> list[Problem]:
    """Broken rules of the stages."""
    found = list(_order(blueprint))
    for index, stage in enumerate(blueprint.stages):
        path = f"stages[{index}]"
        if stage.working_days < 0:
            found.append(Problem(f"{path}.working_days", _("不能为负数")))
        if guards is not None:
            found += [
                Problem(f"{path}.guards", _("没有附加条件“%s”") % key) for key in stage.guards if key not in guards
            ]
        check = _BY_KIND.get(stage.kind)
        if check is not None:
            found += check(path, stage.params, blueprint)
    return found


def _order(blueprint: Blueprint) -> Iterator[Problem]:
    kinds = [stage.kind for stage in blueprint.stages]
    if not kinds or kinds[0] != StageKind.APPLICATION:
        yield Problem("stages", _("第一个环节必须是申报（application）"))
    for kind, count in Counter(kinds).items():
        if count > 1:
            yield Problem("stages", _("环节“%s”只能有一个") % kind.label)
    for index in range(1, len(kinds)):
        if STAGE_ORDER.index(kinds[index]) < STAGE_ORDER.index(kinds[index - 1]):
            values = {"late": kinds[index].label, "early": kinds[index - 1].label}
            yield Problem(f"stages[{index}].kind", _("环节顺序不对：“%(late)s”不能在“%(early)s”之后") % values)
    for index, kind in enumerate(kinds):
        if kind in NEEDS and NEEDS[kind] not in kinds:
            values = {"kind": kind.label, "needed": StageKind(NEEDS[kind]).label}
            yield Problem(f"stages[{index}].kind", _("有“%(kind)s”就必须有“%(needed)s”") % values)


def _application(path: str, params: ApplicationParams, blueprint: Blueprint) -> Iterator[Problem]:
    if params.days < 1:
        yield Problem(f"{path}.days", _("申报至少一天"))
    if not 0 <= params.grace_minutes <= 1440:
        yield Problem(f"{path}.grace_minutes", _("应在 0 到 1440 分钟之间"))
    try:
        dt.time.fromisoformat(params.closes_at)
    except ValueError:
        yield Problem(f"{path}.closes_at", _("应为形如 17:00 的时刻"))
    for key in ("max_per_unit", "max_per_person", "team_max"):
        if (getattr(params, key) or 1) < 1:
            yield Problem(f"{path}.{key}", _("应不小于 1"))


def _recommendation(path: str, params: RecommendationParams, blueprint: Blueprint) -> Iterator[Problem]:
    positions = [ROUTE_ORDER.index(level) for level in params.route]
    if not positions:
        yield Problem(f"{path}.route", _("推荐路径不能为空"))
    if positions != sorted(set(positions)):
        yield Problem(f"{path}.route", _("推荐路径须由低到高，每级一次"))
    for level in params.optional_levels:
        if level not in params.route:
            yield Problem(f"{path}.optional_levels", _("推荐路径中没有“%s”") % level)
    yield from _levels(path, params)
    for level, days in params.notice_working_days.items():
        if 0 < days < NOTICE_MINIMUM:
            yield Problem(f"{path}.notice_working_days.{level}", _("公示不得少于 %s 个工作日") % NOTICE_MINIMUM)
    if params.reserves and not params.ranked:
        yield Problem(f"{path}.reserves", _("有递补名额就必须排序推荐（ranked = true）"))
    if params.return_days < 1:
        yield Problem(f"{path}.return_days", _("补正期限至少一天"))
    yield from _allocation(f"{path}.allocation", params)


def _levels(path: str, params: RecommendationParams) -> Iterator[Problem]:
    for key in ("caps", "reserves", "notice_working_days", "handling_working_days"):
        for level, number in getattr(params, key).items():
            if level not in params.route:
                yield Problem(f"{path}.{key}.{level}", _("推荐路径中没有“%s”") % level)
            if number < 1:
                yield Problem(f"{path}.{key}.{level}", _("应不小于 1"))


def _allocation(path: str, params: RecommendationParams) -> Iterator[Problem]:
    allocation = params.allocation
    if allocation.rule != AllocationRule.NONE and allocation.level not in params.route:
        yield Problem(f"{path}.level", _("推荐路径中没有“%s”") % allocation.level)
    if allocation.rule == AllocationRule.FIXED and not (allocation.places or 0) > 0:
        yield Problem(f"{path}.places", _("每家固定名额须写明名额"))
    if allocation.rule == AllocationRule.BY_MEMBERS and not (allocation.members_per_place or 0) > 0:
        yield Problem(f"{path}.members_per_place", _("按会员人数分配须写明每名额对应会员数"))
    if allocation.maximum is not None and allocation.maximum < allocation.minimum:
        yield Problem(f"{path}.maximum", _("上限不能小于下限"))


def _clearance(path: str, params: ClearanceParams, blueprint: Blueprint) -> Iterator[Problem]:
    if not params.checks and not params.opinions:
        yield Problem(path, _("资格审查须列出审查事项或征求意见的部门"))
    for code, count in Counter(check.code for check in params.checks).items():
        if count > 1:
            yield Problem(f"{path}.checks", _("审查事项代码“%s”重复") % code)


def _review(path: str, params: ReviewParams, blueprint: Blueprint) -> Iterator[Problem]:
    if params.experts_per_entry < 1:
        yield Problem(f"{path}.experts_per_entry", _("应不小于 1"))
    if params.trim_each and params.trim_from <= 2 * params.trim_each:
        yield Problem(f"{path}.trim_from", _("去掉高低分后须至少剩一个分数"))
    if not 0 <= params.decimals <= 4:
        yield Problem(f"{path}.decimals", _("应在 0 到 4 之间"))
    if params.method not in {ReviewMethod.RUBRIC_PANEL, ReviewMethod.CHECKLIST}:
        return
    if not params.rubric:
        yield Problem(f"{path}.rubric", _("评分表不能为空"))
        return
    if params.total_weight != 100:
        yield Problem(
            f"{path}.rubric", _("各项权重之和应为 100，现为 %s") % format(params.total_weight.normalize(), "f")
        )
    for code, count in Counter(criterion.code for criterion in params.rubric).items():
        if count > 1:
            yield Problem(f"{path}.rubric", _("评分项代码“%s”重复") % code)
    if TieBreak.CORE_CRITERION in params.ties and not any(criterion.core for criterion in params.rubric):
        yield Problem(f"{path}.ties", _("按核心指标处理同分，须有一项评分项标为核心（core = true）"))
    for index, criterion in enumerate(params.rubric):
        yield from _criterion(f"{path}.rubric[{index}]", criterion)


def _criterion(path: str, criterion: Criterion) -> Iterator[Problem]:
    if criterion.weight <= 0:
        yield Problem(f"{path}.weight", _("应大于 0"))
    if criterion.max_score <= 0:
        yield Problem(f"{path}.max_score", _("应大于 0"))
        return
    if criterion.floor_ratio is not None and not 0 < criterion.floor_ratio <= 1:
        yield Problem(f"{path}.floor_ratio", _("应大于 0 且不超过 1"))
    if criterion.step <= 0 or criterion.max_score % criterion.step:
        yield Problem(f"{path}.step", _("满分应为打分步长的整数倍"))
    if not criterion.bands:
        yield Problem(f"{path}.bands", _("每个评分项须写明各档次的标准"))
        return
    bands = sorted(enumerate(criterion.bands), key=lambda pair: pair[1].minimum)
    expected = Decimal(0)
    for index, band in bands:
        here = f"{path}.bands[{index}]"
        if band.minimum > band.maximum:
            yield Problem(here, _("档次的下限不能大于上限"))
        if band.minimum != expected:
            yield Problem(here, _("档次须从 0 到满分首尾相接：此档应从 %s 开始") % format(expected.normalize(), "f"))
        if not band.description.strip():
            yield Problem(f"{here}.description", _("不能为空"))
        expected = band.maximum + criterion.step
    if bands[-1][1].maximum != criterion.max_score:
        yield Problem(f"{path}.bands", _("最高档应到满分 %s") % format(criterion.max_score.normalize(), "f"))


def _selection(path: str, params: SelectionParams, blueprint: Blueprint) -> Iterator[Problem]:
    if params.rule == SelectionRule.PLACES and not (params.places or 0) > 0:
        yield Problem(f"{path}.places", _("按名额择优须写明名额"))
    if params.rule == SelectionRule.PLACES_PER_TRACK:
        yield from _places_per_track(path, params, blueprint)
    if params.rule == SelectionRule.THRESHOLD and params.min_score is None:
        yield Problem(f"{path}.min_score", _("按分数线评选须写明分数线"))
    if params.min_score is not None and not 0 <= params.min_score <= 100:
        yield Problem(f"{path}.min_score", _("应在 0 到 100 之间"))
    if params.reserves < 0:
        yield Problem(f"{path}.reserves", _("不能为负数"))
    if (params.cap_per_nominating or 1) < 1:
        yield Problem(f"{path}.cap_per_nominating", _("应不小于 1"))
    needs_marks = {SelectionRule.PLACES, SelectionRule.PLACES_PER_TRACK, SelectionRule.THRESHOLD, SelectionRule.BUDGET}
    if params.rule in needs_marks and blueprint.stage(StageKind.REVIEW) is None:
        yield Problem(f"{path}.rule", _("“%s”须有评审环节") % params.rule.label)


def _places_per_track(path: str, params: SelectionParams, blueprint: Blueprint) -> Iterator[Problem]:
    places = [track.places for track in blueprint.tracks]
    if not places or None in places:
        yield Problem(f"{path}.rule", _("按类别名额择优，每个类别都须写明名额"))
    elif params.places is not None and sum(filter(None, places)) != params.places:
        yield Problem(f"{path}.places", _("各类别名额之和应等于总名额"))


def _notice(path: str, params: NoticeParams, blueprint: Blueprint) -> Iterator[Problem]:
    if params.working_days < NOTICE_MINIMUM:
        yield Problem(f"{path}.working_days", _("公示不得少于 %s 个工作日") % NOTICE_MINIMUM)
    if params.objection_ruling_working_days < 1:
        yield Problem(f"{path}.objection_ruling_working_days", _("应不小于 1"))
    yield from _shown(path, params.shown_fields, blueprint)


def _shown(path: str, codes: tuple[str, ...], blueprint: Blueprint) -> Iterator[Problem]:
    for code in codes:
        if not blueprint.has_field(code):
            yield Problem(f"{path}.shown_fields", _("没有字段“%s”") % code)
        elif not blueprint.field(code).public:
            yield Problem(f"{path}.shown_fields", _("字段“%s”没有标为可公开（public = true）") % code)


def _conferral(path: str, params: ConferralParams, blueprint: Blueprint) -> Iterator[Problem]:
    for key in ("number_pattern", "document_pattern"):
        pattern = getattr(params, key)
        if not pattern and key == "document_pattern":
            continue
        try:
            distinct = pattern.format(year=2026, serial=1) != pattern.format(year=2026, serial=2)
        except (KeyError, ValueError, IndexError):
            distinct = False
        if not distinct:
            yield Problem(f"{path}.{key}", _("须含 {serial}，可含 {year}，例如 津工创〔{year}〕{serial:04d}"))


def _showcase(path: str, params: ShowcaseParams, blueprint: Blueprint) -> Iterator[Problem]:
    yield from _shown(path, params.shown_fields, blueprint)
    if (params.months or 1) < 1:
        yield Problem(f"{path}.months", _("应不小于 1"))


_BY_KIND: Mapping[str, Callable[[str, Any, Blueprint], Iterator[Problem]]] = {
    StageKind.APPLICATION: _application,
    StageKind.RECOMMENDATION: _recommendation,
    StageKind.CLEARANCE: _clearance,
    StageKind.REVIEW: _review,
    StageKind.SELECTION: _selection,
    StageKind.NOTICE: _notice,
    StageKind.CONFERRAL: _conferral,
    StageKind.SHOWCASE: _showcase,
}
