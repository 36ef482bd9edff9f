"""Who records and ends that somebody keeps away, and what such a person may not do in the cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.enums import UNIT_LEVELS, Role
from portal.accounts.policies import at_own, has_role, is_department
from portal.accounts.queries.desks import DESK_FACTS
from portal.core.decisions import ALLOWED, Decision, refuse
from portal.core.policies import HINDRANCES, Policy, register_policy
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.recusals.models import Recusal
from portal.lifecycle.programmes.models import Cycle

if TYPE_CHECKING:
    from portal.core.context import Actor

STAFF = (Role.CHECKER, Role.MANAGER)
RECORDERS = (*STAFF, Role.SUPERVISOR)
STEPS = ("stage", "round", "panel", "notice", "conferral", "cycle")
READING = frozenset({"view", "marks", "docket", "follow", "object", "attend"})


@register_policy
class RecusalPolicy(Policy):
    """``record`` for oneself or a colleague; ``end`` is for others than the person concerned."""

    name = "recusal"
    actions = ("view", "record", "end")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return self._staff(actor, *RECORDERS, Role.AUDITOR)

    def can_record(self, actor: Actor, obj: Entry | None) -> Decision:
        """``obj`` is the entry: drafts are the unit's own business."""
        decision = self._staff(actor, *RECORDERS)
        if decision and obj is not None and obj.facts.editable_by_applicant and obj.submitted_at is None:
            return refuse("state", _("申报件还没有上报，不用回避。"))
        return decision

    def can_end(self, actor: Actor, obj: Recusal | None) -> Decision:
        if obj is None:
            return self._staff(actor, Role.MANAGER, Role.SUPERVISOR)
        decision = at_own(actor, obj.organisation, Role.MANAGER, Role.SUPERVISOR)
        if decision and obj.user_id == actor.user_id:
            return refuse("own", _("本人的回避由其他人解除。"))
        if decision and obj.ended_at is not None:
            return refuse("over", _("这项回避已经解除。"))
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        bare = self._bare(action)
        if bare == "record":
            return Entry.objects.exclude(submitted_at=None)
        rows = Recusal.objects.filter(organisation=actor.at_desk.organisation_id)
        return rows.filter(ended_at=None).exclude(user=actor.user) if bare == "end" else rows

    def _staff(self, actor: Actor, *roles: str) -> Decision:
        decision = has_role(actor, *roles)
        if decision and (actor.level in UNIT_LEVELS or is_department(actor)):
            return refuse("unions", _("经办回避由街镇以上工会登记。"))
        return decision


def _open_recusals() -> QuerySet[Recusal]:
    """Of the membership that is loaded: the same person at the same union, whatever the role. Asked before any scope."""
    return (
        QuerySet(Recusal).filter(user=OuterRef("user"), organisation=OuterRef("organisation"), ended_at=None).order_by()
    )


DESK_FACTS["withheld"] = lambda: ArraySubquery(_open_recusals().values("entry_id"))
DESK_FACTS["conflicted"] = lambda: ArraySubquery(_open_recusals().values("entry__cycle_id").distinct())


def decides_on_the_whole(actor: Actor, action: str, obj: Any) -> Decision:
    """Lists, rounds, notices and stages are made out of all entries: who may not see one of them cannot decide on all."""
    if actor.desk is None or not actor.desk.conflicted or action.rpartition(".")[2] in READING:
        return ALLOWED
    if cycle_of(obj) not in actor.desk.conflicted:
        return ALLOWED
    return refuse("recused", _("您对本届有申报件回避，涉及全部名单的事项由本级其他人员办理。"))


def cycle_of(obj: Any) -> int | None:
    """The cycle that an act on ``obj`` decides about as a whole; None for single entries and what hangs on one."""
    if obj is None or isinstance(obj, Entry) or getattr(obj, "entry_id", None):
        return None
    if isinstance(obj, Cycle):
        return obj.pk
    if found := getattr(obj, "cycle_id", None):
        return int(found)
    return next((cycle_of(getattr(obj, step)) for step in STEPS if getattr(obj, f"{step}_id", None)), None)


HINDRANCES.append(decides_on_the_whole)
