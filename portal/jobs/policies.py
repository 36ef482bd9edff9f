"""Background work: seen by the desk that started it (and its own organisation's desks, by scope)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.enums import Role
from portal.accounts.policies import ALL_STAFF, has_role
from portal.core.decisions import Decision, refuse
from portal.core.policies import Policy, register_policy
from portal.jobs.models import JobRun

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor


@register_policy
class JobPolicy(Policy):
    name = "job"
    actions = ("view", "download")

    def can_view(self, actor: Actor, obj: JobRun | None) -> Decision:
        decision = has_role(actor, *ALL_STAFF, Role.EXPERT)
        if decision and obj is not None and obj.organisation_path != actor.path:
            return refuse("not_here", "这项任务由其他组织发起。")
        return decision

    def can_download(self, actor: Actor, obj: JobRun | None) -> Decision:
        """The product may hold more than a colleague's role shows: only who asked for it."""
        decision = self.can_view(actor, obj)
        if decision and obj is not None and obj.started_by_id != actor.user_id:
            return refuse("not_yours", "只有发起人可以下载；您可以用自己的工作台重新生成。")
        return decision

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return JobRun.objects.filter(organisation_path=actor.path)
