"""Rules of the stages: order, parameters, and what one stage needs of another."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.stages import (
    ApplicationParams,
    ClearanceParams,
    ConferralParams,
    NoticeParams,
    RecommendationParams,
    ShowcaseParams,
)
from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.validate_review import review_problems
from portal.lifecycle.blueprints.validate_selection import selection_problems
from portal.lifecycle.blueprints.vocabulary import (
    ROUTE_ORDER,
    STAGE_ORDER,
    AllocationRule,
    StageKind,
)

NOTICE_MINIMUM = 5
"""domain.md 0.4: at least five working days at every level."""

MAX_REPLY_DAYS = 60
"""Working days: nobody waits a quarter of a year for a department."""

NEEDS: Mapping[str, str] = {
    StageKind.REVIEW: StageKind.SELECTION,
    StageKind.NOTICE: StageKind.SELECTION,
    StageKind.CONFERRAL: StageKind.SELECTION,
}
"""Notice and conferral work on what the selection has produced; marks that decide nothing are not asked for."""


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
    if not 1 <= params.reply_working_days <= MAX_REPLY_DAYS:
        yield Problem(f"{path}.reply_working_days", _("应在 1 到 %d 个工作日之间") % MAX_REPLY_DAYS)


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
    if not params.number_pattern and (blueprint.honour.forms or not blueprint.honour.is_grant):
        yield Problem(f"{path}.number_pattern", _("须写明证书编号格式（不发证书的补助项目除外）"))
    for key in ("number_pattern", "document_pattern"):
        pattern = getattr(params, key)
        if not pattern:
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
    StageKind.REVIEW: review_problems,
    StageKind.SELECTION: selection_problems,
    StageKind.NOTICE: _notice,
    StageKind.CONFERRAL: _conferral,
    StageKind.SHOWCASE: _showcase,
}
