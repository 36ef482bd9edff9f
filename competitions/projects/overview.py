"""A project at a glance: its card on the wall, and everything its page shows. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from competitions.projects import queries, scoring
from competitions.projects.display import light_badge, place_of, plain, reason_of
from competitions.projects.enums import FilePurpose, PeriodState, TicketState
from competitions.projects.lights import limits
from competitions.projects.models import KeyProject, ProjectFile
from portal.core.context import Actor
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.ui import Badge, Chart, Fact, Series

SHOWN = 5  # rows of each kind on the project's page; the rest is in the lists


@dataclass(frozen=True, slots=True)
class Card:
    """One project on the wall."""

    project: Any
    badge: Badge
    place: str
    gap: str
    light: str


def card(project: Any, now: dt.datetime) -> Card:
    return Card(project, light_badge(project.light), place_of(project), reason_of(project), project.light)


def page_of(project: Any, *, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """Context of the project's page; the same number of queries however long the project runs."""
    periods = list(queries.periods().filter(project=project))
    visits = list(queries.visits().filter(project=project)[:SHOWN])
    tickets = queries.tickets().filter(project=project)
    return {
        "gap": reason_of(project),
        "overdue_words": _("其中逾期%d个") % project.overdue_tickets if project.overdue_tickets else "",
        "chart": _curve(periods) if project.has_plan else None,
        "next_period": next((p for p in periods if p.state in queries.OWED), None) if project.is_running else None,
        "waiting_periods": [p for p in periods if p.state == PeriodState.SUBMITTED],
        "periods": _told(periods, now),
        "milestones": list(queries.milestones().filter(project=project)),
        "tickets": list(tickets.exclude(state=TicketState.CLOSED)),
        "closed_tickets": tickets.filter(state=TicketState.CLOSED).count(),
        "may_tell": bool(may(actor, "case.add")),
        "visits": visits,
        "next_visit": next((v for v in reversed(visits) if v.visited_on is None), None),
        "cards": [(c, grade(c)) for c in queries.scorecards().filter(project=project)[:SHOWN]],
        "care": list(queries.care_visits().filter(project=project)[:SHOWN]),
        "participants": list(queries.participants(project)),
        "documents": list(ProjectFile.objects.filter(project=project, purpose__in=(FilePurpose.PLAN, FilePurpose.SUMMARY))),
        "facts": facts_of(project),
        "may_change": bool(may(actor, "project.change", project)),
        "may_plan": bool(may(actor, "project.plan", project)),
        "may_report": bool(may(actor, "period.report")),
        "today": local_date(now),
    }  # fmt: skip


def grade(card: Any) -> str:
    return scoring.grade_of(scoring.parse(card.definition.content), card.total, is_vetoed=bool(card.veto))


def _told(periods: list[Any], now: dt.datetime) -> list[Any]:
    """The latest periods that have begun, newest first."""
    today = local_date(now)
    return [p for p in reversed(periods) if p.starts_on <= today][: SHOWN + 1]


def _curve(periods: list[Any]) -> Chart:
    real = [p.percent if p.state == PeriodState.ACCEPTED else None for p in periods]
    return Chart(
        "line",
        _("计划进度与形象进度"),
        [p.label for p in periods],
        [Series(_("计划"), [p.planned for p in periods], tone="info"), Series(_("实际"), real, tone="primary")],
        unit="%",
        definition=_(
            "累计百分比；实际只取已审核的报告。落后计划超过%(yellow)s个百分点为偏慢，超过%(red)s个百分点或发生事故为滞后。"
        )
        % {"yellow": plain(limits().yellow_over), "red": plain(limits().red_over)},
        label_heading=_("期间"),
    )


def facts_of(project: KeyProject) -> list[Fact]:
    return [
        Fact(_("所在地"), place_of(project)),
        Fact(_("级别"), project.get_level_display()),
        Fact(_("建设状态"), project.get_status_display()),
        Fact(_("项目代码"), project.approval_code),
        Fact(_("建设单位"), project.client),
        Fact(_("总承包单位"), project.contractor),
        Fact(_("监理单位"), project.supervisor),
        Fact(_("总投资"), plain(project.investment), unit=_("万元")),
        Fact(_("开工日期"), project.starts_on),
        Fact(_("计划竣工"), project.ends_on),
        Fact(_("参建职工"), project.workers, unit=_("人，其中农民工%d人") % project.migrant_workers),
        Fact(_("班组"), project.teams, unit=_("个")),
        Fact(_("管理工会"), project.owner.name),
        Fact(_("填报单位"), project.reporter.name if project.reporter else _("由管理工会填报")),
        Fact(_("示范工程"), _("%d年命名") % project.named_year if project.named_year else _("未命名")),
        Fact(_("京津冀协同"), _("是") if project.is_regional else _("否")),
        Fact(_("竞赛委员会"), project.committee, wide=True),
    ]


def report_facts(period: Any) -> list[Fact]:
    """The figures of a report with the plan beside them."""
    return [
        Fact(_("计划进度"), plain(period.planned), unit="%"),
        Fact(_("形象进度"), plain(period.percent), unit="%"),
        Fact(_("累计完成投资"), plain(period.invested), unit=_("万元")),
        Fact(_("一次验收合格率"), plain(period.pass_rate), unit="%"),
        Fact(_("质量安全事故"), period.accidents, unit=_("起"), tone="stopped" if period.accidents else ""),
        Fact(_("隐患"), _("查出%(a)d处，整改%(b)d处") % {"a": period.hazards, "b": period.hazards_fixed}),
        Fact(_("技术创新成果"), period.innovations, unit=_("项")),
        Fact(_("竞赛活动"), _("%(a)d场，%(b)d人次") % {"a": period.events, "b": period.people}),
        Fact(_("报送"), period.reported_by or "", help=""),
        Fact(_("报送时间"), period.reported_at or ""),
        Fact(_("进展情况"), period.words, wide=True),
        Fact(_("困难问题"), period.difficulties, wide=True),
    ]


def file_url(file: ProjectFile) -> str:
    return reverse("competitions:file", kwargs={"pk": file.pk})
