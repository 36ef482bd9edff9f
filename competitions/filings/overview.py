"""A filing at a glance: everything its page and its paper show. Reads only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from competitions.filings import money
from competitions.filings.domain.content import content_of, has_scheme, missing, wrong
from competitions.filings.enums import FilePurpose, FilingState
from competitions.filings.models import (
    Amendment,
    BudgetLine,
    CoHost,
    Commendation,
    CommitteeMember,
    CompetitionFiling,
    FilingFile,
    FilingIndicator,
    FilingPhase,
    FilingReport,
    FilingStep,
    SpotCheck,
    Tagging,
)
from portal.accounts.models import CodeList
from portal.accounts.queries import codes
from portal.core.context import Actor
from portal.core.policies import may
from portal.web.formats import cn_date
from portal.web.ui import Fact, Step, TimelineItem

WAY = (FilingState.FILED, FilingState.ACCEPTED, FilingState.RUNNING, FilingState.SUMMARISED, FilingState.ARCHIVED)


def page_of(filing: CompetitionFiling, *, actor: Actor, now: Any) -> dict[str, Any]:
    """Context of the page; what a co-host was not granted is empty because the scope does not show it."""
    may_change = bool(may(actor, "filing.change", filing))
    is_own = filing.owner.path.startswith(actor.path) if actor.path else False
    return paper_of(filing) | {
        "steps": way(filing),
        "history": history(filing),
        "reports": list(FilingReport.objects.filter(filing=filing).select_related("filing")),
        "amendments": list(Amendment.objects.filter(filing=filing).select_related("actor")),
        "checks": list(SpotCheck.objects.filter(filing=filing).select_related("organisation", "filing", "draw")),
        "commendations": list(Commendation.objects.filter(filing=filing)),
        "missing": lacking(filing) if may_change else [],
        "may_change": may_change,
        "may_cohost": bool(may(actor, "filing.cohost", filing)),
        "may_note": bool(may(actor, "amendment.note")) and filing.reviewer_id == actor.at_desk.organisation_id,
        "mine_to_confirm": [c for c in cohosts(filing) if may(actor, "cohost.confirm", c)],
        "is_own": is_own,
        "is_host": filing.owner.path == actor.path,
        "roster_url": rosters_of(filing, actor),
    }


def rosters_of(filing: CompetitionFiling, actor: Actor) -> str:
    """The rosters of this competition; "" before it takes people, and for desks that see no rosters.

    The room of rosters stands on this one: it is known by the name of its page only.
    """
    if filing.state not in WAY[1:] or not may(actor, "roster.view"):
        return ""
    return f"{reverse('competitions:roster.list')}?{urlencode({'q': filing.title})}"


def lacking(filing: CompetitionFiling) -> list[str]:
    """What keeps a draft from being filed, in words."""
    content = content_of(filing)
    found = wrong(content) | missing(content, has_scheme_file=has_scheme(filing))
    return [message for messages in found.values() for message in messages]


def cohosts(filing: CompetitionFiling) -> list[CoHost]:
    return list(CoHost.objects.filter(filing=filing, ended_at=None).select_related("organisation", "filing"))


def paper_of(filing: CompetitionFiling) -> dict[str, Any]:
    """What page and printed form share."""
    budget = list(BudgetLine.objects.filter(filing=filing))
    members = list(CommitteeMember.objects.filter(filing=filing))
    funds = money.funds_of((line.source, line.amount) for line in budget)
    files = list(FilingFile.objects.filter(filing=filing))
    return {
        "facts": facts_of(filing),
        "tags": [t.item.name for t in Tagging.objects.filter(filing=filing).select_related("item")],
        "members": members,
        "administrative": sum(m.is_administrative for m in members),
        "administrative_share": money.share(sum(m.is_administrative for m in members), len(members)),
        "indicators": list(FilingIndicator.objects.filter(filing=filing)),
        "phases": list(FilingPhase.objects.filter(filing=filing)),
        "budget": budget,
        "funds": funds,
        "leverage": money.leverage_words(funds.leverage),
        "cohosts": cohosts(filing),
        "files": [(FilePurpose(purpose).label, [f for f in files if f.purpose == purpose]) for purpose in FilePurpose
                  if any(f.purpose == purpose for f in files)],
        "basis": [
            Fact(_("文件名称"), filing.basis_title, wide=True),
            Fact(_("发文单位"), filing.basis_issuer),
            Fact(_("文号"), filing.basis_number),
            Fact(_("发文日期"), filing.basis_on or ""),
        ],
        "office": [
            Fact(_("办公室设在"), filing.committee_office),
            Fact(_("成立文件文号"), filing.committee_document),
            Fact(_("任期"), f"{cn_date(filing.committee_from)}—{cn_date(filing.committee_until)}"
                 if filing.committee_from and filing.committee_until else ""),
        ],
    }  # fmt: skip


def facts_of(filing: CompetitionFiling) -> list[Fact]:
    both = filing.starts_on and filing.ends_on
    return [
        Fact(_("主办工会"), filing.owner.name),
        Fact(_("年度"), filing.year),
        Fact(_("竞赛形式"), filing.kind.name),
        Fact(_("所属竞赛活动"), filing.campaign.name if filing.campaign else ""),
        Fact(_("竞赛层面"), filing.get_layer_display()),
        Fact(_("双城格局"), filing.get_area_display()),
        Fact(_("行业门类"), codes.industry_label(filing.industry)),
        Fact(_("所在区"), codes.label_of(CodeList.DISTRICT, filing.district_code)),
        Fact(_("起止日期"), f"{cn_date(filing.starts_on)}—{cn_date(filing.ends_on)}" if both else ""),
        Fact(_("预计参赛"), _("%(a)d人，%(b)d个单位") % {"a": filing.expected_people, "b": filing.expected_units}),
        Fact(_("引领性竞赛项目库"), filing.get_library_display()),
        Fact(_("市级计划"), _("已纳入") if filing.in_city_plan_at else _("未纳入")),
        Fact(_("联系"), filing.contact),
        Fact(_("审核工会"), filing.reviewer.name if filing.reviewer else _("本级立项")),
        Fact(_("工种"), "、".join(filing.trades), wide=True),
    ]


def way(filing: CompetitionFiling) -> list[Step]:
    """Where the filing stands on its way."""
    if filing.state == FilingState.WITHDRAWN:
        return [Step(_("已撤回"), "stopped")]
    reached = WAY.index(filing.state) if filing.state in WAY else -1
    found = [Step(_("填报"), "done" if reached >= 0 else "stopped" if filing.state == FilingState.RETURNED else "current",
                  note=_("退回补正") if filing.state == FilingState.RETURNED else "")]  # fmt: skip
    for place, state in enumerate(WAY):
        if state == FilingState.FILED and filing.reviewer_id is None:
            continue
        label = _("上级审核") if state == FilingState.FILED else FilingState(state).label
        where = "current" if place == reached else "done" if place < reached else "todo"
        found.append(Step(label, "done" if state == FilingState.ARCHIVED and where == "current" else where))
    return found


def history(filing: CompetitionFiling) -> list[TimelineItem]:
    rows = FilingStep.objects.filter(filing=filing).select_related("actor", "organisation").order_by("-at", "-pk")
    return [
        TimelineItem(
            row.at, row.title, actor=row.organisation.label if row.organisation else _("系统"), text=row.text,
            tone="stopped" if row.after in {"returned", "withdrawn"} else "ok" if row.after == "accepted" else "neutral",
        )
        for row in rows
    ]  # fmt: skip
