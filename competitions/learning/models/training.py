"""赛前培训: what competitors of a contest are to learn before it is held."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.learning.models.resources import TrainingResource
from portal.accounts.models import User
from portal.core.scoping import ScopedModel


class ContestTraining(ScopedModel):
    """A resource named by the host; known to all who know the contest."""

    scope_owner = "contest__owner__path"
    scope_shared = "contest__seen_by"
    scope_downward = "contest__owner__path"

    contest = models.ForeignKey(
        "competitions.Contest", verbose_name=_("赛项"), on_delete=models.CASCADE, related_name="trainings"
    )
    resource = models.ForeignKey(
        TrainingResource, verbose_name=_("培训资源"), on_delete=models.CASCADE, related_name="contests"
    )
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("指定时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("赛前培训")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "resource"], name="competitions_contest_training_once")
        ]

    def __str__(self) -> str:
        return f"{self.contest} · {self.resource}"

    def audit_paths(self) -> tuple[str, str]:
        return self.contest.audit_paths()
