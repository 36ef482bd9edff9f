"""The union that runs a competition files it; the one above decides; the federation plans; co-hosts look on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.filings.enums import COUNTED, OPEN_STATES, FilingState, ReportState
from competitions.filings.models import Amendment, CatalogueItem, CoHost, CompetitionFiling, FilingReport
from competitions.filings.steps import AMENDABLE, EDITABLE, STEPS
from portal.accounts.enums import Role, UnionLevel
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department, is_municipal
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
NOT_A_UNION = refuse("level", "竞赛由各级工会立项备案，班组和联合主办部门不单独备案。")
MUNICIPAL_ONLY = refuse("municipal_only", "这项工作由市总工会办理。")
STATE = refuse("state", "这项竞赛现在的状态不能办理此事，请刷新页面查看最新进展。")


def files_competitions(actor: Actor) -> Decision:
    decision = has_role(actor, *DESK)
    return NOT_A_UNION if decision and (actor.level == UnionLevel.TEAM or is_department(actor)) else decision


def in_state(decision: Decision, filing: CompetitionFiling, states: tuple[str, ...]) -> Decision:
    return STATE if decision and filing.state not in states else decision


def decided_by(actor: Actor, filing: CompetitionFiling) -> Decision:
    """The union above; what a federation runs itself is decided by itself."""
    return at_own(actor, filing.reviewer or filing.owner, *STAFF)


@register_policy
class FilingPolicy(Policy):
    """``obj`` is the filing; who sees it (scope) may read it."""

    name = "filing"
    actions = (
        "view", "create", "change", "file", "decide", "plan", "start", "amend", "cohost", "withdraw", "archive", "copy",
    )  # fmt: skip

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_create(self, actor: Actor, obj: Any) -> Decision:
        return files_competitions(actor)

    def can_change(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        return self._own(actor, obj, EDITABLE)

    def can_file(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        return self._own(actor, obj, EDITABLE)

    def can_decide(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision
        if obj.reviewer_id is None:
            return refuse("own", "本级立项的竞赛不需要上级审核。")
        return in_state(decided_by(actor, obj), obj, (FilingState.FILED,))

    def can_plan(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        """纳入市级计划: the federation of the host's own tree."""
        decision = has_role(actor, *STAFF)
        if decision and not is_municipal(actor):
            return MUNICIPAL_ONLY
        if not decision or obj is None:
            return decision
        if not obj.owner.path.startswith(actor.path):
            return refuse("outside", "该竞赛由其他市的工会主办。")
        return in_state(decision, obj, COUNTED)

    def can_start(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        return self._own(actor, obj, STEPS["start"].before)

    def can_amend(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        return self._own(actor, obj, AMENDABLE)

    def can_cohost(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        return self._own(actor, obj, (*EDITABLE, FilingState.FILED, *AMENDABLE))

    def can_withdraw(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        return self._own(actor, obj, STEPS["withdraw"].before)

    def can_archive(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        return self._own(actor, obj, STEPS["archive"].before)

    def can_copy(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        """次年复制."""
        decision = files_competitions(actor)
        return at_own(actor, obj.owner, *DESK) if decision and obj is not None else decision

    def _own(self, actor: Actor, filing: CompetitionFiling | None, states: tuple[str, ...]) -> Decision:
        decision = files_competitions(actor)
        if not decision or filing is None:
            return decision
        return in_state(at_own(actor, filing.owner, *DESK), filing, states)

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare, rows = self._bare(action), CompetitionFiling.objects.all()
        if bare == "view":
            return rows
        if bare == "decide":
            return rows.filter(reviewer__path=actor.path, state=FilingState.FILED)
        if bare == "plan":
            return rows.filter(owner__path__startswith=actor.path, state__in=COUNTED)
        states = {
            "change": EDITABLE, "file": EDITABLE, "amend": AMENDABLE, "start": STEPS["start"].before,
            "cohost": (*EDITABLE, FilingState.FILED, *AMENDABLE), "withdraw": STEPS["withdraw"].before,
            "archive": STEPS["archive"].before,
        }.get(bare, tuple(FilingState.values))  # fmt: skip
        return rows.filter(owner__path=actor.path, state__in=states)


@register_policy
class CoHostPolicy(Policy):
    """联合主办: the other side sees what was agreed and confirms it."""

    name = "cohost"
    actions = ("view", "confirm")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_confirm(self, actor: Actor, obj: CoHost | None) -> Decision:
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision
        if obj.organisation_id is None:
            return refuse("no_desk", "该单位没有工作台，由主办工会线下联系。")
        decision = at_own(actor, obj.organisation, *STAFF)
        if decision and (obj.confirmed_at is not None or obj.ended_at is not None):
            return refuse("confirmed", "已经确认过，或者联合主办已经结束。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = CoHost.objects.all()
        if self._bare(action) == "view":
            return rows
        return rows.filter(organisation__path=actor.path, confirmed_at=None, ended_at=None)


@register_policy
class FilingReportPolicy(Policy):
    """阶段报告、年中检查、年终总结、表彰建议."""

    name = "filingreport"
    actions = ("view", "report", "decide", "commend")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_report(self, actor: Actor, obj: FilingReport | None) -> Decision:
        decision = files_competitions(actor)
        if not decision or obj is None:
            return decision
        decision = in_state(at_own(actor, obj.filing.owner, *DESK), obj.filing, OPEN_STATES)
        if decision and obj.state in {ReportState.SUBMITTED, ReportState.ACCEPTED}:
            return refuse("state", "这份报告已经报送，退回后才能修改。")
        return decision

    def can_decide(self, actor: Actor, obj: FilingReport | None) -> Decision:
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision
        decision = decided_by(actor, obj.filing)
        return STATE if decision and obj.state != ReportState.SUBMITTED else decision

    def can_commend(self, actor: Actor, obj: CompetitionFiling | None) -> Decision:
        """``obj`` is the filing."""
        decision = files_competitions(actor)
        if not decision or obj is None:
            return decision
        return in_state(at_own(actor, obj.owner, *DESK), obj, (FilingState.RUNNING, FilingState.SUMMARISED))

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare, rows = self._bare(action), FilingReport.objects.all()
        if bare == "decide":
            return rows.filter(filing__reviewer__path=actor.path, state=ReportState.SUBMITTED)
        return rows if bare == "view" else rows.filter(filing__owner__path=actor.path)


@register_policy
class CataloguePolicy(Policy):
    """竞赛目录: known to everybody below the federation that keeps it."""

    name = "filingcatalogue"
    actions = ("view", "keep")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_keep(self, actor: Actor, obj: CatalogueItem | None) -> Decision:
        decision = has_role(actor, Role.MANAGER)
        if decision and not is_municipal(actor):
            return MUNICIPAL_ONLY
        return at_own(actor, obj.owner, Role.MANAGER) if decision and obj is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = CatalogueItem.objects.all()
        return rows if self._bare(action) == "view" else rows.filter(owner__path=actor.path)


@register_policy
class AmendmentPolicy(Policy):
    """备案变更: made by the host, taken note of by the union above."""

    name = "amendment"
    actions = ("view", "note")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_note(self, actor: Actor, obj: Amendment | None) -> Decision:
        decision = has_role(actor, *STAFF)
        if not decision or obj is None:
            return decision
        decision = decided_by(actor, obj.filing)
        return refuse("noted", "这项变更已经登记知悉。") if decision and obj.noted_at is not None else decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = Amendment.objects.all()
        if self._bare(action) == "view":
            return rows
        return rows.filter(filing__reviewer__path=actor.path, noted_at=None)
