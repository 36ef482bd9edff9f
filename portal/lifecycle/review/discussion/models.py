"""Entries that experts have to talk about again before their marks count."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage


class Discussion(ScopedModel):
    """复议: raised with a reason, settled with an outcome; while it is open the entry stays in the review."""

    scope_owner = "stage__cycle__owner__path"
    scope_reviewer = "entry__assignments__expert_id"
    scope_reviewer_where = Q(entry__assignments__state__in=("open", "submitted"))

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="discussions")
    stage = models.ForeignKey(CycleStage, on_delete=models.CASCADE, related_name="discussions")
    reason = models.CharField(_("复议原因"), max_length=300)
    raised_by = models.ForeignKey(User, verbose_name=_("提出人"), on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("提出时间"))
    outcome = models.CharField(_("复议结论"), max_length=300, blank=True)
    settled_by = models.ForeignKey(
        User, verbose_name=_("办结人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("复议")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(settled_at=None), name="lifecycle_discussion_one_open"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | ~Q(outcome=""), name="lifecycle_discussion_settled_with_outcome"
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""
