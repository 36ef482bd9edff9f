"""Figures of the cycle's page, ready for its template."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.dates import local_date
from portal.core.policies import may
from portal.lifecycle.programmes import queries
from portal.lifecycle.programmes.domain.stages import unfinished_before
from portal.lifecycle.programmes.models import Cycle, CycleStage, CycleStatus, StageStatus
from portal.lifecycle.programmes.stage_rules import closing_obstacles, closing_warnings
from portal.lifecycle.programmes.tables import STAGE_TONES
from portal.lifecycle.programmes.working_days import working_calendar
from portal.web.formats import cn_date
from portal.web.ui import Action, Badge, Chart, Fact, Series

if TYPE_CHECKING:
    from portal.core.context import Actor


@dataclass(frozen=True)
class StageLine:
    """One stage with its state, what is left to do, and the button of the owner's manager."""

    stage: CycleStage
    badge: Badge
    is_overdue: bool
    obstacles: list[str]
    action: Action | None


def stage_lines(cycle: Cycle, *, actor: Actor, now: dt.datetime) -> list[StageLine]:
    runs = bool(may(actor, "cycle.run", cycle))
    return [_line(stage, cycle, now, runs=runs) for stage in cycle.stages.all()]


def _line(stage: CycleStage, cycle: Cycle, now: dt.datetime, *, runs: bool) -> StageLine:
    status = StageStatus(stage.status)
    overdue = status == StageStatus.OPEN and stage.closes_at + stage.grace < now
    badge = Badge(_("已到期"), "stopped") if overdue else Badge(status.label, STAGE_TONES[status])
    obstacles = closing_obstacles(stage) if runs and status == StageStatus.OPEN else []
    action = _action(stage, cycle, obstacles) if runs else None
    return StageLine(stage, badge, overdue, obstacles, action)


def _action(stage: CycleStage, cycle: Cycle, obstacles: list[str]) -> Action | None:
    kwargs = {"pk": stage.pk}
    if cycle.status not in queries.ALIVE:
        return None
    if stage.status == StageStatus.PENDING:
        if unfinished_before(stage):
            return None
        text = _t("确定现在开启“%(stage)s”吗？") % {"stage": stage.title}
        return Action(_("开启"), reverse("lifecycle:stage.open", kwargs=kwargs), post=True, confirm=text)
    if stage.status == StageStatus.OPEN:
        text = _t("确定结束“%(stage)s”吗？结束后不能再办理该环节的事项。") % {"stage": stage.title}
        text += closing_warnings(stage)
        return (
            None
            if obstacles
            else Action(_("结束"), reverse("lifecycle:stage.close", kwargs=kwargs), post=True, confirm=text)
        )
    if cycle.status == CycleStatus.RUNNING:
        return Action(_("重新开启"), reverse("lifecycle:stage.reopen", kwargs=kwargs), kind="ghost")
    return None


def cycle_facts(cycle: Cycle) -> list[Fact]:
    rules = cycle.rules
    return [
        Fact(_("主办工会"), cycle.owner.name),
        Fact(_("通知文号"), cycle.call_number or "—"),
        Fact(_("成果起止"), f"{cn_date(cycle.period_start)}—{cn_date(cycle.period_end)}"),
        Fact(_("周期"), _rhythm(rules)),
        Fact(_("方案版本"), _version(cycle)),
        Fact(
            _("方案指纹"),
            cycle.blueprint.sha256[:16],
            help=_("本届按这一版方案办理，另有规则调整的，以变更通知为准。")
            if cycle.amended
            else _("本届始终按这一版方案办理，方案以后的修改不影响本届。"),
        ),
        Fact(_("补助") if rules.honour.is_grant else _("荣誉"), rules.honour.title or "—"),
        Fact(_("类别"), "、".join(track.title for track in rules.tracks) or _("不分类别")),
    ]


def _version(cycle: Cycle) -> str:
    blueprint = cycle.blueprint
    return _t("第%(n)s版，%(day)s发布") % {"n": blueprint.version, "day": cn_date(blueprint.published_at)}


def _rhythm(rules: Any) -> str:
    years = rules.programme.period_years
    if years == 1:
        return _t("每年一届")
    return _t("每%(n)s年一届") % {"n": years} if years else str(rules.programme.cadence.label)


STEPS = (
    # stage, figure, word, for the organiser only (True), for all others (False), for everybody (None)
    ("recommendation", "recommended", _("推荐"), None),
    ("review", "reviewed", _("评审完成"), True),
    ("selection", "selected", _("拟入选"), True),
    ("notice", "published", _("公示"), False),
    ("conferral", "conferred", _("命名"), None),
)


def cycle_funnel(cycle: Cycle, *, actor: Actor) -> Chart | None:
    """How far the entries have come, as far as the desk sees them; None without entries.

    Only the organiser sees what the review and the round have decided before it is public.
    """
    figures = queries.funnel(cycle)
    own = bool(actor.desk and actor.desk.organisation_id == cycle.owner_id)
    steps = [] if own else [("drafted", _("填报"))]
    steps.append(("submitted", _("上报")))
    kinds = {stage.kind for stage in cycle.stages.all()}
    steps += [(key, label) for kind, key, label, mine in STEPS if kind in kinds and mine in {None, own}]
    if not figures[steps[0][0]]:
        return None
    return Chart(
        kind="funnel",
        title=_("申报件走到了哪一步"),
        labels=[label for _key, label in steps],
        series=[Series(_("申报件"), [figures[key] for key, _label in steps])],
        unit=_("件"),
        definition=_(
            "每一步的数字是到达过这一步的申报件；退回、撤回的仍计入已到达的步骤。只统计您工作台能看到的申报件。"
        ),
        label_heading=_("步骤"),
    )


def unknown_years(stages: list[CycleStage]) -> tuple[int, ...]:
    """Years of the cycle whose holidays nobody has entered yet: their dates count Monday to Friday."""
    if not stages:
        return ()
    first, last = local_date(stages[0].opens_at), local_date(stages[-1].closes_at)
    return working_calendar(first.year, last.year).unknown_years(first, last)
