"""Re-marking as a set: which sheets were given back together, why, and what they said before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.crypto import EncryptedTextField
from portal.core.scoping import ScopedModel
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.models import Assignment


class RemarkingState(models.TextChoices):
    OPEN = "open", _("重新评分中")
    APPLIED = "applied", _("已采用新评分")
    CANCELLED = "cancelled", _("已取消，恢复原评分")


class Remarking(ScopedModel):
    """整组复评: at most one at a time in a review stage; until it is decided nothing leaves the review."""

    scope_owner = "stage__cycle__owner__path"

    stage = models.ForeignKey(CycleStage, on_delete=models.CASCADE, related_name="remarkings")
    reason = models.CharField(_("复评原因"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=RemarkingState, default=RemarkingState.OPEN)
    opened_by = models.ForeignKey(User, verbose_name=_("发起人"), on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("发起时间"))
    decision = models.CharField(_("决定理由"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        User, verbose_name=_("决定人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    effect = models.JSONField(_("对名次的影响"), default=list)  # frozen when decided: what people saw

    class Meta:
        verbose_name = verbose_name_plural = _("整组复评")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage"], condition=Q(state="open"), name="lifecycle_remarking_one_open"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="lifecycle_remarking_decided"
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def is_open(self) -> bool:
        return self.state == RemarkingState.OPEN

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""


class RemarkedSheet(ScopedModel):
    """One sheet of the set with its marks before; they stay readable whatever is decided."""

    scope_owner = "remarking__stage__cycle__owner__path"

    remarking = models.ForeignKey(Remarking, on_delete=models.CASCADE, related_name="sheets")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="remarkings")
    old_marks = EncryptedTextField(_("原评分"))
    old_comment = models.TextField(_("原评语"), blank=True)
    old_submitted_at = models.DateTimeField(_("原提交时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("复评的评分表")
        ordering = ["assignment"]
        constraints = [
            models.UniqueConstraint(fields=["remarking", "assignment"], name="lifecycle_remarked_sheet_once")
        ]

    def __str__(self) -> str:
        return f"{self.remarking_id} {self.assignment_id}"

    def audit_paths(self) -> tuple[str, str]:
        return self.remarking.audit_paths()
