"""Rules of the checklist, the vote, the visit and the presentation of a review stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.vocabulary import SHEET_METHODS, ReviewMethod

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.review_blocks import (
        ChecklistItem,
        ChecklistParams,
        ChecklistSection,
        MeetingParams,
        PresentationParams,
        VisitParams,
        VoteParams,
    )
    from portal.lifecycle.blueprints.stages import ReviewParams

FULL = Decimal(100)
CENT = Decimal("0.01")
CODE_NAME = 8  # characters: it heads a column


def block_problems(path: str, params: ReviewParams) -> Iterator[Problem]:
    """Broken rules of the blocks that stand beside the rubric."""
    if params.method == ReviewMethod.CHECKLIST and params.checklist is None:
        yield Problem(f"{path}.checklist", _("评审方式为考核表，须写明考核表（[stages.checklist]）"))
    if params.checklist is not None:
        if params.method != ReviewMethod.CHECKLIST:
            yield Problem(f"{path}.checklist", _("评审方式“%s”不用考核表") % params.method.label)
        yield from _checklist(f"{path}.checklist", params.checklist)
    if params.vote is not None:
        yield from _vote(f"{path}.vote", params.vote)
    if params.visit is not None:
        yield from _visit(f"{path}.visit", params.visit)
    if params.presentation is not None:
        yield from _presentation(f"{path}.presentation", params.presentation)
    if params.meeting is not None:
        yield from _meeting(f"{path}.meeting", params)
    if params.codes is not None:
        yield from _codes(f"{path}.codes", params)


def _codes(path: str, params: ReviewParams) -> Iterator[Problem]:
    """Experts read under the review code of a blind review; layers are for those who take part in person."""
    if params.method != ReviewMethod.IMPORTED_MARKS:
        yield Problem(path, _("抽签加密用于导入竞赛成绩的评审；专家评分请用匿名评审（blind）"))
    if params.codes.layers not in {1, 2}:
        yield Problem(f"{path}.layers", _("应为 1（一次加密）或 2（二次加密）"))
    names = params.codes.names
    if names and len(names) != params.codes.layers:
        yield Problem(
            f"{path}.names", _("加密 %d 次，就须写 %d 个名称，例如抽签号、赛位号") % ((params.codes.layers,) * 2)
        )
    yield from _repeated(f"{path}.names", names, _("名称“%s”重复，两次码须能分清"))
    if any(not 1 <= len(name.strip()) <= CODE_NAME for name in names):
        yield Problem(f"{path}.names", _("每个名称为 1 至 %d 个字") % CODE_NAME)


def _checklist(path: str, checklist: ChecklistParams) -> Iterator[Problem]:
    yield from _repeated(f"{path}.sections", (s.code for s in checklist.sections), _("考核部分代码“%s”重复"))
    yield from _repeated(f"{path}.sections", (i.code for i in checklist.items), _("考核项代码“%s”重复"))
    if checklist.base_points != FULL:
        shown = format(checklist.base_points.normalize(), "f")
        yield Problem(f"{path}.sections", _("除加分部分外各项分值之和应为 100，现为 %s") % shown)
    minimum = checklist.self_minimum
    if minimum is not None and not 0 < minimum <= FULL:
        yield Problem(f"{path}.self_minimum", _("应大于 0 且不超过 100"))
    if minimum is not None and not checklist.self_mark:
        yield Problem(f"{path}.self_minimum", _("不要求自评（self_mark = false），就不能有自评最低分"))
    has_bonus = any(section.bonus for section in checklist.sections)
    if has_bonus and not checklist.bonus_cap > 0:
        yield Problem(f"{path}.bonus_cap", _("有加分部分就须写明加分上限"))
    if checklist.bonus_cap and not has_bonus:
        yield Problem(f"{path}.bonus_cap", _("没有加分部分（bonus = true），不用此项"))
    for index, section in enumerate(checklist.sections):
        yield from _section(f"{path}.sections[{index}]", section)


def _section(path: str, section: ChecklistSection) -> Iterator[Problem]:
    if not section.items:
        yield Problem(f"{path}.items", _("考核部分不能为空"))
    if section.min_share is not None:
        if section.bonus:
            yield Problem(f"{path}.min_share", _("加分部分不能有最低得分比例"))
        elif not 0 < section.min_share <= 1:
            yield Problem(f"{path}.min_share", _("应大于 0 且不超过 1"))
        elif not section.scored:
            yield Problem(f"{path}.min_share", _("只有否决项的部分没有分值"))
    for index, item in enumerate(section.items):
        yield from _item(f"{path}.items[{index}]", item)


def _item(path: str, item: ChecklistItem) -> Iterator[Problem]:
    if item.veto:
        if item.points:
            yield Problem(f"{path}.points", _("否决项不计分，分值应为 0"))
        return
    if item.points <= 0:
        yield Problem(f"{path}.points", _("应大于 0"))
    elif item.step <= 0 or item.step % CENT or item.points % item.step:
        yield Problem(f"{path}.step", _("分值应为打分步长的整数倍，步长最小 0.01"))


def _vote(path: str, vote: VoteParams) -> Iterator[Problem]:
    for key in ("days", "votes_per_person", "address_cap"):
        if getattr(vote, key) < 1:
            yield Problem(f"{path}.{key}", _("应不小于 1"))


def _visit(path: str, visit: VisitParams) -> Iterator[Problem]:
    if not visit.items:
        yield Problem(f"{path}.items", _("实地考察须列出考察内容"))
    yield from _repeated(f"{path}.items", (item.code for item in visit.items), _("考察内容代码“%s”重复"))
    if visit.minimum_visitors < 1:
        yield Problem(f"{path}.minimum_visitors", _("应不小于 1"))
    if not 0 <= visit.photos_min <= 20:
        yield Problem(f"{path}.photos_min", _("应在 0 到 20 之间"))


def _presentation(path: str, presentation: PresentationParams) -> Iterator[Problem]:
    if presentation.minutes < 1:
        yield Problem(f"{path}.minutes", _("应不小于 1"))
    if presentation.questions_minutes < 0:
        yield Problem(f"{path}.questions_minutes", _("不能为负数"))


def _meeting(path: str, params: ReviewParams) -> Iterator[Problem]:
    """The members of a meeting are those of a panel, so there must be panels."""
    meeting: MeetingParams = params.meeting
    if params.method not in SHEET_METHODS:
        yield Problem(path, _("评审会由评审组召开，评审方式“%s”没有评审组") % params.method.label)
    if not 1 <= meeting.rounds <= 3:
        yield Problem(f"{path}.rounds", _("投票轮次应在 1 到 3 之间"))


def _repeated(path: str, codes: Iterable[str], message: str) -> Iterator[Problem]:
    for code, count in Counter(codes).items():
        if count > 1:
            yield Problem(path, message % code)
