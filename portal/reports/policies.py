"""Reports: whoever may read the rows may export them, within the desk's scope; every export is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.accounts.enums import Role
from portal.accounts.policies import has_role
from portal.core.policies import Policy, register_policy
from portal.jobs.models import JobRun

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.core.context import Actor
    from portal.core.decisions import Decision


@register_policy
class ReportPolicy(Policy):
    name = "report"
    actions = ("view", "export")

    def can_view(self, actor: Actor, obj: Any) -> Decision:
        return has_role(actor, Role.CHECKER, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR)

    can_export = can_view

    def rows(self, actor: Actor, action: str) -> QuerySet:
        self._bare(action)
        return JobRun.objects.filter(organisation_path=actor.path)
