"""Qualification checks and opinions of outside departments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry


class Opinion(models.TextChoices):
    PENDING = "pending", _("待回复")
    AGREED = "agreed", _("同意")
    RESERVED = "reserved", _("有保留")
    REFUSED = "refused", _("不同意")


class Clearance(ScopedModel):
    """资格审查与联审: one check or one department's opinion on one entry (domain.md 0.5)."""

    scope_owner = "entry__cycle__owner__path"
    scope_route = "entry__cycle__owner__path"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="clearances")
    key = models.CharField(_("事项"), max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    opinion = models.CharField(_("意见"), max_length=20, choices=Opinion, default=Opinion.PENDING)
    note = models.TextField(_("说明"), blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("资格审查与联审")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "key"], name="lifecycle_clearance_once")]

    def audit_paths(self) -> tuple[str, str]:
        return self.entry.cycle.owner.path, self.entry.cycle.owner.path
