"""A marking at a glance: what stands where, who sits where, and what may be done next. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from competitions.marking import queries
from competitions.marking.domain.schemes import unready
from competitions.marking.enums import BoardState, PartState
from competitions.marking.models import Judge, Marking, SubCriterion
from portal.accounts.enums import Role
from portal.core.context import Actor
from portal.core.decisions import refuse
from portal.core.policies import may
from portal.web.ui import Action, Fact, Step


@dataclass(frozen=True, slots=True)
class Line:
    """One sub-criterion in the overview."""

    part: SubCriterion
    judges: str
    entered: int
    wanted: int
    is_mine: bool


def url_of(marking: Marking, name: str, **more: Any) -> str:
    return reverse(f"competitions:marking.{name}", kwargs={"pk": marking.pk} | more)


def page_of(marking: Any, *, actor: Actor) -> dict[str, Any]:
    """Context of the page; the same number of queries however many sub-criteria and benches there are."""
    scheme = queries.scheme_in_force(marking) or queries.draft_of(marking)
    judges = list(Judge.objects.filter(marking=marking).select_related("user"))
    lines = _lines(marking, scheme, actor) if scheme else []
    mine = [line for line in lines if line.is_mine and line.part.is_open] if marking.started_at else []
    return {
        "scheme": scheme,
        "judges": judges,
        "lines": lines,
        "mine": mine,
        "is_judge": actor.role == Role.EXPERT,
        "missing": unready(scheme) if scheme and not marking.started_at else [],
        "steps": _steps(marking, scheme, judges, lines),
        "facts": _facts(marking, scheme),
        "may_organise": bool(may(actor, "marking.organise", marking)),
    }


def _lines(marking: Marking, scheme: Any, actor: Actor) -> list[Line]:
    seats: dict[int, list[Any]] = {}
    for seat in queries.seats_of(scheme):
        seats.setdefault(seat.part_id, []).append(seat)
    counts = queries.entered(marking) if marking.started_at else {}
    return [
        Line(
            part, "、".join(s.judge.user.name for s in seats.get(part.pk, ())), *counts.get(part.pk, (0, 0)),
            any(s.judge.user_id == actor.user_id for s in seats.get(part.pk, ())),
        )
        for part in queries.parts().filter(scheme=scheme)
    ]  # fmt: skip


def _steps(marking: Any, scheme: Any, judges: list[Judge], lines: list[Line]) -> list[Step]:
    locked = bool(lines) and all(line.part.state == PartState.LOCKED for line in lines)
    done = (
        (_("导入方案"), scheme is not None),
        (_("安排裁判"), bool(judges) and scheme is not None and (bool(marking.started_at) or not unready(scheme))),
        (_("开始评分"), marking.started_at is not None),
        (_("复核锁定"), locked),
        (_("移交成绩"), marking.closed_at is not None),
    )
    first = next((n for n, (_label, is_done) in enumerate(done) if not is_done), len(done))
    return [
        Step(label, "done" if n < first else "current" if n == first else "todo") for n, (label, _d) in enumerate(done)
    ]


def _facts(marking: Any, scheme: Any) -> list[Fact]:
    return [
        Fact(_("主办单位"), marking.owner.name),
        Fact(_("工位"), marking.benches_here, unit=_("个")),
        Fact(_("评分方案"), f"{scheme} · {scheme.get_state_display()}" if scheme else _("未导入")),
        Fact(_("裁判长"), marking.chief_name or _("未指定")),
        Fact(_("开始评分"), marking.started_at or _("未开始")),
        Fact(_("榜单封存"), marking.freezes_at or _("未设定")),
        Fact(_("榜单更新"), marking.published_at or "—"),
        Fact(_("成绩移交"), marking.closed_at or _("未移交")),
    ]


def actions_of(marking: Any, actor: Actor) -> list[Action]:
    """The next step first; what the board needs beside it."""
    if not may(actor, "marking.organise", marking):
        return _board_actions(marking, actor)
    actions = [
        Action(_("导入方案"), url_of(marking, "load"), icon="upload"),
        Action(_("裁判名单"), url_of(marking, "judges"), icon="users"),
        Action(_("安排席位"), url_of(marking, "seats"), icon="armchair"),
    ]
    if marking.contest is None:
        actions.append(Action(_("导入工位"), url_of(marking, "benches_load"), icon="table-import"))
    if marking.started_at is None:
        sure = _("开始后评分方案冻结，变更须导入新版并说明原因。确定开始？")
        draft = queries.draft_of(marking)
        missing = unready(draft) if draft else [_("还没有导入评分方案。")]
        decision = refuse("unready", "".join(missing)) if missing else None
        start = Action(_("开始评分"), url_of(marking, "start"), icon="player-play", kind="primary", post=True,
                       confirm=sure, decision=decision)  # fmt: skip
        return [start, *actions]
    if marking.contest is not None:
        actions.append(Action(_("更新工位"), url_of(marking, "benches"), icon="refresh", post=True))
    actions.append(Action(_("登记缺考"), url_of(marking, "absent"), icon="user-off"))
    sure = _("各小项锁定后移交，移交后不能再改。确定移交？")
    left = marking.parts - marking.parts_locked
    decision = refuse("open", _("还有%d个小项没有锁定。") % left) if left else None
    actions.append(
        Action(_("移交成绩"), url_of(marking, "close"), icon="file-check", post=True, confirm=sure, decision=decision)
    )
    return [*_board_actions(marking, actor), *actions]


def _board_actions(marking: Any, actor: Actor) -> list[Action]:
    if marking.started_at is None or not may(actor, "marking.board", marking):
        return []
    state = marking.board_state
    if state == BoardState.HIDDEN:
        return [Action(_("公开榜单"), url_of(marking, "board_show"), icon="broadcast", kind="primary")]
    possible = []
    if state == BoardState.LIVE:
        possible.append(("freeze", _("封存榜单"), "snowflake", _("封存后榜单停在现在的名次，直到揭晓。确定封存？")))
    if state in {BoardState.LIVE, BoardState.FROZEN}:
        possible.append(("reveal", _("揭晓榜单"), "confetti", _("揭晓后公布最终名次。确定揭晓？")))
    possible.append(("hide", _("撤下榜单"), "eye-off", _("撤下后公众不再能看到。确定撤下？")))
    return [
        Action(label, url_of(marking, "board_turn", step=step), icon=icon, post=True, confirm=sure,
               kind="primary" if step == "reveal" else "secondary")
        for step, label, icon, sure in possible
    ]  # fmt: skip
