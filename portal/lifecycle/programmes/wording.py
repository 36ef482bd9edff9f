"""What notice and conferral are called: 命名 for an honour, 拨付 for a grant (domain.md 0.1, 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.vocabulary import StageKind

if TYPE_CHECKING:
    from portal.lifecycle.blueprints.schema import Blueprint


DECISIONS = _("命名和拨付决定")
"""Decisions of all programmes together: menu, list, saved files."""


@dataclass(frozen=True)
class Words:
    notice_title: Any  # with %(honour)s and %(label)s
    notice_intro: Any  # with %(way)s
    decision: Any
    decision_title: Any  # with %(honour)s and %(label)s
    verb: Any
    list_title: Any
    issue: Any
    confirm: Any
    issued: Any
    nobody: Any
    issued_already: Any


HONOUR = Words(
    notice_title=_("关于拟命名%(honour)s的公示（%(label)s）"),
    notice_intro=_("经%(way)s，拟命名下列对象，现予公示。"),
    decision=_("命名决定"),
    decision_title=_("关于命名%(honour)s的决定（%(label)s）"),
    verb=_("命名"),
    list_title=_("命名名单"),
    issue=_("印发并命名"),
    confirm=_("印发后将为名单中的每一项编号、登记荣誉并生成证书，不能撤回。确认印发？"),
    issued=_("已印发：证书已编号，荣誉已登记，公众可以查询和核验。"),
    nobody=_("没有可以命名的申报件。"),
    issued_already=_("命名决定已经印发。"),
)
GRANT = Words(
    notice_title=_("关于拟拨付%(honour)s的公示（%(label)s）"),
    notice_intro=_("经%(way)s，拟对下列项目予以补助，现予公示。"),
    decision=_("拨付决定"),
    decision_title=_("关于拨付%(honour)s的决定（%(label)s）"),
    verb=_("拨付"),
    list_title=_("拨付名单"),
    issue=_("印发并拨付"),
    confirm=_("印发后名单和金额不能再改，按此办理拨付。确认印发？"),
    issued=_("已印发：名单和金额已登记，请按决定办理拨付。"),
    nobody=_("没有可以拨付的申报件。"),
    issued_already=_("拨付决定已经印发。"),
)


def words_of(rules: Blueprint) -> Words:
    return GRANT if rules.honour.is_grant else HONOUR


def default_intro(rules: Blueprint, *, with_sum: bool) -> Any:
    """First words of a decision whose blueprint has none; with %(way)s, %(count)d, %(honour)s and %(total)s."""
    if not rules.honour.is_grant:
        return _("经%(way)s，决定命名%(count)d个（名）“%(honour)s”。")
    if with_sum:
        return _("经%(way)s，决定对%(count)d个项目拨付“%(honour)s”，共计%(total)s元。")
    return _("经%(way)s，决定对%(count)d个项目拨付“%(honour)s”。")


def way_of(rules: Blueprint, *, until: str = "") -> str:
    """经…，as the programme's own stages have it, up to (without) the stage ``until``."""
    steps = (
        (StageKind.RECOMMENDATION, _("逐级推荐")),
        (StageKind.CLEARANCE, _("资格审查")),
        (StageKind.REVIEW, _("评审")),
        (StageKind.SELECTION, _("集体研究")),
        (StageKind.NOTICE, _("社会公示")),
    )
    names = [str(word) for kind, word in steps if kind != until and rules.stage(kind) is not None]
    return "、".join(names[:-1]) + (f"和{names[-1]}" if len(names) > 1 else "".join(names))


def has_certificate(rules: Blueprint) -> bool:
    """A conferral without a number pattern (a grant that gives money only) has no certificates."""
    stage = rules.stage(StageKind.CONFERRAL)
    return stage is not None and bool(stage.params.number_pattern)
