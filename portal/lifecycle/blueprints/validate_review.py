"""Rules of the review stage: what each method of giving marks needs, and the rubric itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.schema import Blueprint
from portal.lifecycle.blueprints.stages import Criterion, ReviewParams
from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.validate_review_blocks import block_problems
from portal.lifecycle.blueprints.vocabulary import MARKING_METHODS, BalanceRule, ReviewMethod, TieBreak

RUBRIC_METHODS = frozenset({ReviewMethod.RUBRIC_PANEL, ReviewMethod.IMPORTED_MARKS})
"""Methods whose marks are given by [[stages.rubric]]; a checklist brings its own sections."""


def review_problems(path: str, params: ReviewParams, blueprint: Blueprint) -> Iterator[Problem]:
    """Broken rules of the review stage."""
    if params.experts_per_entry < 1:
        yield Problem(f"{path}.experts_per_entry", _("应不小于 1"))
    if params.trim_each and params.trim_from <= 2 * params.trim_each:
        yield Problem(f"{path}.trim_from", _("去掉高低分后须至少剩一个分数"))
    if not 0 <= params.decimals <= 4:
        yield Problem(f"{path}.decimals", _("应在 0 到 4 之间"))
    if params.balance == BalanceRule.ZSCORE:
        yield Problem(
            f"{path}.balance",
            _(
                "平衡分（标准分）含开方，没有精确值，不能作为排序依据；请写 information（只供参考），名次按评审规则的总分"
            ),
        )
    if params.method in RUBRIC_METHODS:
        yield from _rubric(path, params)
    elif params.rubric and "rubric" not in params.derived_keys():
        yield Problem(f"{path}.rubric", _("评审方式“%s”不用评分表") % params.method.label)
    if params.method == ReviewMethod.IMPORTED_MARKS:
        yield from _imported(path, params)
    if params.method not in MARKING_METHODS:
        yield from _without_marks(path, params)
    yield from block_problems(path, params)


def _imported(path: str, params: ReviewParams) -> Iterator[Problem]:
    """Results of a contest stand in for one expert's marks: there is nobody to hide from and nothing to trim."""
    if params.experts_per_entry != 1:
        yield Problem(f"{path}.experts_per_entry", _("导入的竞赛成绩每件只有一份，应为 1"))
    if params.blind:
        yield Problem(f"{path}.blind", _("导入竞赛成绩没有专家打分，不必匿名评审"))


def _without_marks(path: str, params: ReviewParams) -> Iterator[Problem]:
    if params.method == ReviewMethod.VOTE and params.vote is None:
        yield Problem(f"{path}.vote", _("评审方式为投票，须写明投票规则（[stages.vote]）"))
    if params.method == ReviewMethod.NONE and not (params.vote or params.visit or params.presentation):
        yield Problem(f"{path}.method", _("不评分，也没有考察、展示或投票：请去掉评审环节"))


def _rubric(path: str, params: ReviewParams) -> Iterator[Problem]:
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
        here = f"{path}.rubric[{index}]"
        yield from _criterion(here, criterion)
        if criterion.max_score > 0 and (criterion.bands or params.method == ReviewMethod.RUBRIC_PANEL):
            yield from _bands(here, criterion)


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


def _bands(path: str, criterion: Criterion) -> Iterator[Problem]:
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
