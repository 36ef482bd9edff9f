"""What the pages of a contest and of the year's plan show. Reads only."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from competitions.contests import queries, ranking
from competitions.contests.enums import NEXT, CompetitorState, ContestClass, ContestState, Level, TieKey, TradeField
from competitions.contests.mark_sources import mark_sources
from competitions.contests.rules import rules
from competitions.contests.tables import part_badge
from competitions.contests.views.base import url
from portal.core.context import Actor
from portal.core.decisions import Decision, refuse
from portal.core.policies import may
from portal.web.ui import Action, Chart, Fact, Series, Step

S = ContestState
WAY = (S.DRAFT, *NEXT.values())
# state: (url, label, icon, question before it is done)
NEXT_ACTS: dict[str, tuple[tuple[str, Any, str, Any], ...]] = {
    S.DRAFT: (("contest.open", "开放报名", "door-enter", "开放报名后不能再改权重。确定开放？"),),
    S.REGISTRATION: (
        ("contest.close", "完成资格审核", "checks", "审核完成后不再接受报名。确定完成？"),
        ("contest.check", "按规则审核资格", "clipboard-check", "逐人核对社保、在岗、年限、等级和称号。现在审核？"),
    ),
    S.QUALIFIED: (("contest.draw", "抽签", "dice", "抽签只能进行一次，结果立即生效。确定抽签？"),),
    S.DRAWN: (("contest.start", "开赛", "player-play", "开赛后可以登记成绩。确定开赛？"),),
    S.RUNNING: (("contest.lock", "锁定成绩", "lock", "锁定后计算名次，成绩不能再改。确定锁定？"),),
    S.LOCKED: (("contest.publish", "公示成绩", "speakerphone", "成绩将在公众网站公示（姓名隐去一字）。确定公示？"),),
    S.PUBLISHED: (("contest.confirm", "确认成绩", "rosette", "确认后列出晋升名单和荣誉人选。确定？"),),
    S.CONFIRMED: (("contest.archive", "归档", "archive", "归档后只能查看。确定归档？"),),
}


def actions_of(contest: Any, actor: Actor) -> list[Action]:
    """The next step first, then what else can be done now."""
    actions: list[Action] = []
    if may(actor, "contest.manage", contest):
        for number, (name, label, icon, sure) in enumerate(NEXT_ACTS.get(contest.state, ())):
            kind = "secondary" if number else "primary"
            decision = _unlocked(contest) if name == "contest.lock" else None
            actions.append(
                Action(_(label), url(name, contest.pk), icon=icon, kind=kind, post=True, confirm=_(sure),
                       decision=decision)
            )  # fmt: skip
        if contest.state in {S.DRAFT, S.REGISTRATION}:
            actions.append(Action(_("发布技术文件"), url("contest.document", contest.pk), icon="file-upload"))
            actions.append(Action(_("修改赛项"), url("contest.edit", contest.pk), icon="edit"))
        if contest.drawn_at is None:
            actions.append(Action(_("增加场次"), url("contest.session", contest.pk), icon="calendar-plus"))
    if may(actor, "contest.cancel", contest):
        if not contest.is_selection_only:
            actions.append(Action(_("只用于选拔"), url("contest.narrow", contest.pk), icon="filter"))
        actions.append(Action(_("取消赛项"), url("contest.cancel", contest.pk), icon="x", kind="danger"))
    if may(actor, "contest.enter", contest):
        mine = queries.delegations().filter(contest=contest, organisation__path=actor.path).first()
        if mine is None:
            enter = url("delegation.add", contest.pk)
            actions.insert(0, Action(_("组队报名"), enter, icon="user-plus", kind="primary"))
        else:
            actions.insert(0, Action(_("本单位代表队"), mine.get_absolute_url(), icon="users", kind="primary"))
    return [*actions, *_papers(contest, actor)]


def _unlocked(contest: Any) -> Decision | None:
    """Why marks cannot be locked yet: parts that nobody has confirmed."""
    titles = [part.title for part in queries.parts().filter(contest=contest, confirmed_at=None)]
    return refuse("open", _("还没有复核的成绩：%s。") % "、".join(titles)) if titles else None


def _papers(contest: Any, actor: Actor) -> list[Action]:
    found = []
    if may(actor, "contest.certify", contest):
        address = url("contest.certificates", contest.pk)
        found.append(Action(_("打印名次证书"), address, icon="certificate", new_tab=True))
    if contest.with_scale and contest.locked_at:
        found.append(Action(_("700分制报告"), url("contest.scale", contest.pk), icon="report-analytics"))
    return found


def steps_of(contest: Any) -> list[Step]:
    if contest.state == S.CANCELLED:
        return [Step(_("已取消"), "stopped", note=contest.decided)]
    here = WAY.index(S(contest.state))
    return [
        Step(S(state).label, "done" if n < here else "current" if n == here else "todo") for n, state in enumerate(WAY)
    ]


def page_of(contest: Any, *, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Context of the contest's page; a constant number of queries."""
    counts = queries.field_of(contest)
    parts = list(queries.parts().filter(contest=contest))
    may_manage = bool(may(actor, "contest.manage", contest))
    sources = {source.code: source for source in mark_sources()}
    return {
        "steps": steps_of(contest),
        "facts": facts_of(contest),
        "counts": counts,
        "short": max(contest.min_field - counts[CompetitorState.QUALIFIED], 0) if contest.drawn_at is None else 0,
        "parts": [
            (
                part,
                part_badge(part),
                getattr(sources.get(part.source), "title", ""),
                part.entered_by_id != actor.user_id,
            )
            for part in parts
        ],
        "marked_by": marked_by(contest, parts),
        "sessions": list(queries.sessions().filter(contest=contest)),
        "documents": list(queries.files().filter(contest=contest, purpose="document")),
        "delegations": list(queries.delegations().filter(contest=contest)),
        "appeals": list(queries.appeals().filter(contest=contest)),
        "podium": list(queries.results().filter(contest=contest, rank__lte=3)[:10]) if contest.locked_at else [],
        "may_manage": may_manage,
        "may_mark": may_manage and contest.state == S.RUNNING,
        "now": now,
    }


def marked_by(contest: Any, parts: list[Any]) -> list[tuple[Any, str]]:
    """Sources that mark a part of this contest, with the address of their page; one query for each source."""
    kinds = {part.kind for part in parts}
    found = [(s.title, s.link(contest.pk)) for s in mark_sources() if s.link and kinds & set(s.kinds)]
    return [(title, address) for title, address in found if address]


def facts_of(contest: Any) -> list[Fact]:
    ties = " → ".join(str(TieKey(key).label) for key in contest.ties) or _("名次并列")
    return [
        Fact(_("工种"), contest.trade.name),
        Fact(_("职业编码"), contest.trade.occupation_code or _("编码待核定")),
        Fact(_("领域"), contest.trade.get_field_display()),
        Fact(_("组别"), contest.get_group_display()),
        Fact(_("比赛日期"), contest.planned_on),
        Fact(_("赛场"), contest.venue),
        Fact(_("报名截止"), contest.entry_until or _("待定")),
        Fact(_("联合主办、承办"), contest.cohosts),
        Fact(_("每队选手"), contest.per_delegation, unit=_("名以内")),
        Fact(_("最少参赛"), contest.min_field, unit=_("人"), help=rules().classes[contest.klass].words),
        Fact(_("技能等级要求"), Level(contest.min_level).label if contest.min_level else _("不要求")),
        Fact(_("工种年限要求"), contest.min_years, unit=_("年")),
        Fact(_("同分规则"), ties, wide=True),
        Fact(_("奖牌"), _("金、银、铜牌") if contest.with_medals else _("不设")),
        Fact(_("抽签种子"), contest.draw_seed, wide=True, help=_("任何人可以按种子重算抽签结果。")),
    ]


def plan_page(year: int) -> dict[str, Any]:
    """The matrix of the year, against the target."""
    found, counts, lines = queries.plan_of(year), queries.plan_counts(year), queries.matrix(year)
    target = found.target if found else 100
    classes = list(ContestClass.choices)
    totals = [sum(line["cells"][n]["planned"] for line in lines) for n in range(len(classes))]
    return {
        "year": year, "target": target, "basis": found.basis if found else "", "counts": counts, "lines": lines,
        "classes": classes, "totals": totals, "total": sum(totals),
        "share": min(counts["planned"] * 100 // target, 100) if target else 0,
        "chart": _chart(lines) if counts["contests"] else None,
        "trade_count": queries.trades().count(),
    }  # fmt: skip


def _chart(lines: list[dict[str, Any]]) -> Chart:
    return Chart(
        "stack", _("各领域、各等级赛项"), [TradeField(line["field"]).label for line in lines],
        [Series(label, [line["cells"][n]["planned"] for line in lines]) for n, (_k, label) in enumerate(ContestClass.choices)],
        unit=_("项"), definition=_("列入计划、没有取消的赛项；同一工种由几级工会举办的分别计数。"), label_heading=_("领域"),
    )  # fmt: skip


def competitor_facts(row: Any) -> list[Fact]:
    yes, no = _("是"), _("否")
    return [
        Fact(_("代表队"), row.delegation.organisation.name),
        Fact(_("所在单位"), row.employer),
        Fact(_("身份证号"), row.masked_id),
        Fact(_("性别"), row.get_sex_display()),
        Fact(_("手机"), row.masked_phone),
        Fact(_("现有技能等级"), row.get_level_display()),
        Fact(_("等级证书编号"), row.certificate_number),
        Fact(_("工种年限"), row.trade_years, unit=_("年")),
        Fact(_("赛前集训"), row.training_hours, unit=_("学时")),
        Fact(_("在本市参保"), yes if row.is_insured else no),
        Fact(_("在岗"), yes if row.is_employed else no),
        Fact(_("已获技术能手"), yes if row.is_champion else no),
        Fact(_("非公企业"), yes if row.is_nonpublic else no),
        Fact(_("抽签号"), row.draw_number or ""),
        Fact(_("加密号"), row.code),
    ]


def honour_facts(row: Any) -> list[Fact]:
    """What the page of a candidate tells: nothing of the person but the masked name in its heading."""
    contest, result = row.competitor.contest, row.competitor.result
    return [
        Fact(_("赛项"), contest.name),
        Fact(_("竞赛等级"), contest.get_klass_display()),
        Fact(_("工种"), contest.trade.name),
        Fact(_("名次"), _("第%d名") % result.rank),
        Fact(_("总成绩"), result.total, unit=_("分")),
        Fact(_("比赛日期"), contest.planned_on),
        Fact(_("所在单位"), row.competitor.employer),
        Fact(_("代表队"), row.competitor.delegation.organisation.name),
        Fact(_("推荐单位"), row.unit.name),
        Fact(_("报送部门"), row.rule.to) if row.rule.to else Fact(_("起草时间"), row.drafted_at or _("未起草")),
    ]


def scale_report(contest: Any) -> dict[str, Any]:
    """The results with their points, and what the points were made of."""
    rows = list(queries.results().filter(contest=contest).order_by("rank", "pk"))
    totals = [row.total for row in rows]
    return {
        "rows": rows,
        "people": len(rows),
        "middle": ranking.median(totals).quantize(ranking.CENT) if totals else "—",
        "deviation": ranking.spread(totals).quantize(ranking.CENT) if totals else "—",
        "above": sum(row.scaled is not None and row.scaled >= ranking.MEDIAN for row in rows),
    }


def certificate_facts(row: Any) -> list[Fact]:
    """What the public register says: what the results page says, and no more."""
    return [
        Fact(_("证书编号"), row.certificate_number),
        Fact(_("选手"), row.shown_name),
        Fact(_("所在单位"), row.shown_unit),
        Fact(_("赛项"), row.contest.name),
        Fact(_("工种"), row.contest.trade.name),
        Fact(_("名次"), _("第%d名") % row.rank),
        Fact(_("主办工会"), row.contest.owner.name),
        Fact(_("成绩确认"), row.contest.confirmed_at),
    ]
