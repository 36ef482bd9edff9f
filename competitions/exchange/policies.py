"""A union writes its own; the union above checks cases; all unions of the federation register and book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from competitions.exchange.enums import BookingState, CaseState, DutyState, EventState, PlaceState
from competitions.exchange.models import (
    EventRegistration,
    ExchangeCase,
    ExchangeEvent,
    OpenDay,
    ShareDuty,
    VisitBooking,
)
from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import ALL_STAFF, at_own, has_role, is_department
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor

DESK = (Role.FILER, Role.CHECKER, Role.MANAGER)
CHECK = (Role.CHECKER, Role.MANAGER)


def of_union(actor: Actor, *roles: str) -> Decision:
    decision = has_role(actor, *roles)
    return refuse("level", "由各级工会办理。") if decision and is_department(actor) else decision


def own(actor: Actor, organisation: Any, *roles: str) -> Decision:
    decision = of_union(actor, *roles)
    return at_own(actor, organisation, *roles) if decision and organisation is not None else decision


def in_state(decision: Decision, ok: bool, words: str) -> Decision:
    return refuse("state", words) if decision and not ok else decision


@register_policy
class CasePolicy(Policy):
    """经验案例."""

    name = "case"
    actions = ("view", "add", "change", "check", "withdraw", "show", "subscribe", "follow", "remind")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return of_union(actor, *DESK)

    def can_change(self, actor: Actor, obj: ExchangeCase | None) -> Decision:
        decision = own(actor, obj and obj.owner, *DESK)
        return in_state(decision, obj is None or obj.is_open, "已报送的案例不能修改；需要修改请审核工会退回。")

    def can_check(self, actor: Actor, obj: ExchangeCase | None) -> Decision:
        decision = own(actor, obj and obj.checked_at, *CHECK)
        return in_state(decision, obj is None or obj.state == CaseState.SUBMITTED, "只有待审核的案例可以审核。")

    def can_withdraw(self, actor: Actor, obj: ExchangeCase | None) -> Decision:
        decision = own(actor, obj and obj.checked_at, *CHECK)
        return in_state(decision, obj is None or obj.state == CaseState.PUBLISHED, "只有已发布的案例可以撤下。")

    def can_show(self, actor: Actor, obj: ExchangeCase | None) -> Decision:
        decision = own(actor, obj and obj.checked_at, *CHECK)
        return in_state(decision, obj is None or obj.state == CaseState.PUBLISHED, "只有已发布的案例可以面向社会公开。")

    def can_subscribe(self, actor: Actor, obj: Any) -> Decision:
        return of_union(actor, *DESK)

    def can_follow(self, actor: Actor, obj: ExchangeCase | None) -> Decision:
        decision = of_union(actor, *DESK)
        if decision and obj is not None and obj.owner_id == actor.at_desk.organisation_id:
            return refuse("own", "本单位自己的经验不用登记学用。")
        return in_state(decision, obj is None or obj.state == CaseState.PUBLISHED, "案例没有发布。")

    def can_remind(self, actor: Actor, obj: Any) -> Decision:
        decision = of_union(actor, *CHECK)
        if decision and actor.level in UNIT_LEVELS:
            return refuse("level", "由上级工会提醒。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = ExchangeCase.objects.all()
        match self._bare(action):
            case "check":
                return rows.filter(checked_at__path=actor.path, state=CaseState.SUBMITTED)
            case "change":
                return rows.filter(owner__path=actor.path, state__in=(CaseState.DRAFT, CaseState.RETURNED))
        return rows


@register_policy
class DutyPolicy(Policy):
    """年度交流任务."""

    name = "duty"
    actions = ("view", "set", "report", "check")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_set(self, actor: Actor, obj: Any) -> Decision:
        decision = of_union(actor, *CHECK)
        return refuse("level", "由上级工会布置。") if decision and actor.level in UNIT_LEVELS else decision

    def can_report(self, actor: Actor, obj: ShareDuty | None) -> Decision:
        decision = own(actor, obj and obj.organisation, *DESK)
        alive = obj is None or obj.state in {DutyState.OPEN, DutyState.REPORTED}
        return in_state(decision, alive, "任务已经检查，不能再报告。")

    def can_check(self, actor: Actor, obj: ShareDuty | None) -> Decision:
        decision = own(actor, obj and obj.set_from, *CHECK)
        alive = obj is None or obj.state in {DutyState.OPEN, DutyState.REPORTED}
        return in_state(decision, alive, "任务已经检查。")

    def rows(self, actor: Actor, action: str) -> QuerySet:
        rows = ShareDuty.objects.all()
        match self._bare(action):
            case "report":
                return rows.filter(organisation__path=actor.path, state=DutyState.OPEN)
            case "check":
                return rows.filter(set_from__path=actor.path, state=DutyState.REPORTED)
        return rows


@register_policy
class ExchangePolicy(Policy):
    """交流活动: ``obj`` of ``leave`` and ``feedback`` is the registration."""

    name = "exchange"
    actions = ("view", "add", "change", "open", "cancel", "hold", "register", "leave", "feedback")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_add(self, actor: Actor, obj: Any) -> Decision:
        return of_union(actor, *DESK)

    def can_change(self, actor: Actor, obj: ExchangeEvent | None) -> Decision:
        decision = own(actor, obj and obj.owner, *DESK)
        return in_state(
            decision,
            obj is None or obj.state == EventState.PLANNED,
            "已开放报名的活动不能修改；情况有变请取消后另行组织。",
        )

    def can_open(self, actor: Actor, obj: ExchangeEvent | None) -> Decision:
        decision = own(actor, obj and obj.owner, *CHECK)
        return in_state(decision, obj is None or obj.state == EventState.PLANNED, "只有筹备中的活动可以开放报名。")

    def can_cancel(self, actor: Actor, obj: ExchangeEvent | None) -> Decision:
        decision = own(actor, obj and obj.owner, *CHECK)
        alive = obj is None or obj.state in {EventState.PLANNED, EventState.OPEN}
        return in_state(decision, alive, "已举办或已取消的活动不能取消。")

    def can_hold(self, actor: Actor, obj: ExchangeEvent | None) -> Decision:
        decision = own(actor, obj and obj.owner, *DESK)
        return in_state(
            decision, obj is None or obj.state == EventState.OPEN, "只有开放过报名、尚未登记的活动可以登记。"
        )

    def can_register(self, actor: Actor, obj: ExchangeEvent | None) -> Decision:
        decision = of_union(actor, *DESK)
        if decision and obj is not None and obj.owner_id == actor.at_desk.organisation_id:
            return refuse("own", "主办单位不用报名。")
        return in_state(decision, obj is None or obj.state == EventState.OPEN, "活动没有开放报名。")

    def can_leave(self, actor: Actor, obj: EventRegistration | None) -> Decision:
        decision = own(actor, obj and obj.organisation, *DESK)
        alive = obj is None or (obj.state != PlaceState.LEFT and obj.event.state == EventState.OPEN)
        return in_state(decision, alive, "现在不能退出这项活动。")

    def can_feedback(self, actor: Actor, obj: EventRegistration | None) -> Decision:
        decision = own(actor, obj and obj.organisation, *DESK)
        return in_state(decision, obj is None or bool(obj.came), "活动举办并签到后可以评价。")

    def rows(self, actor: Actor, action: str) -> QuerySet:
        action = self._bare(action)
        if action in {"leave", "feedback"}:
            return EventRegistration.objects.filter(organisation__path=actor.path)
        rows = ExchangeEvent.objects.all()
        return rows if action in {"view", "add", "register"} else rows.filter(owner__path=actor.path)


@register_policy
class OpenDayPolicy(Policy):
    """开放日和参观预约: ``obj`` of ``answer``, ``record`` and ``cancel`` is the booking."""

    name = "openday"
    actions = ("view", "offer", "close", "book", "answer", "record", "cancel")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, *ALL_STAFF)

    def can_offer(self, actor: Actor, obj: Any) -> Decision:
        return of_union(actor, *DESK)

    def can_close(self, actor: Actor, obj: OpenDay | None) -> Decision:
        return in_state(own(actor, obj and obj.owner, *DESK), obj is None or not obj.is_closed, "预约已经关闭。")

    def can_book(self, actor: Actor, obj: OpenDay | None) -> Decision:
        decision = of_union(actor, *DESK)
        if decision and obj is not None and obj.owner_id == actor.at_desk.organisation_id:
            return refuse("own", "不用预约本单位的开放日。")
        return in_state(decision, obj is None or not obj.is_closed, "预约已经关闭。")

    def can_answer(self, actor: Actor, obj: VisitBooking | None) -> Decision:
        decision = own(actor, obj and obj.day.owner, *DESK)
        return in_state(decision, obj is None or obj.state == BookingState.ASKED, "这项预约已经答复。")

    def can_record(self, actor: Actor, obj: VisitBooking | None) -> Decision:
        decision = own(actor, obj and obj.day.owner, *DESK)
        return in_state(
            decision, obj is None or obj.state == BookingState.ACCEPTED, "只有已接受的预约可以登记接待情况。"
        )

    def can_cancel(self, actor: Actor, obj: VisitBooking | None) -> Decision:
        decision = own(actor, obj and obj.organisation, *DESK)
        alive = obj is None or obj.state in {BookingState.ASKED, BookingState.ACCEPTED}
        return in_state(decision, alive, "这项预约已经结束。")

    def rows(self, actor: Actor, action: str) -> QuerySet:
        match self._bare(action):
            case "answer" | "record":
                return VisitBooking.objects.filter(day__owner__path=actor.path)
            case "cancel":
                return VisitBooking.objects.filter(organisation__path=actor.path)
            case "close":
                return OpenDay.objects.filter(owner__path=actor.path, is_closed=False)
        return OpenDay.objects.all()
