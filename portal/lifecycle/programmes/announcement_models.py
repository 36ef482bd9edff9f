"""What the organiser tells those concerned by a change of a cycle, to whom, and who has read it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel
from portal.lifecycle.programmes.models import Cycle, CycleStatus


class AnnouncementKind(models.TextChoices):
    DATES = "dates", _("日期调整")
    RULES = "rules", _("规则调整")
    VERSION = "version", _("改用新版方案")
    HOSTS = "hosts", _("联合主办调整")


class CycleAnnouncement(ScopedModel):
    """届次变更通知: the difference in words with its reason; stays on the cycle's page."""

    scope_owner = "cycle__owner__path"
    scope_downward = "cycle__owner__path"
    scope_public: ClassVar = Q(is_public=True, cycle__status__in=[CycleStatus.RUNNING, CycleStatus.FINISHED])

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="announcements")
    kind = models.CharField(_("类别"), max_length=20, choices=AnnouncementKind)
    lines = models.JSONField(_("变更内容"), default=list)
    reason = models.CharField(_("原因"), max_length=500)
    is_public = models.BooleanField(_("对外公布"), default=True)
    published_at = models.DateTimeField(_("发布时间"), db_index=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("届次变更通知")
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_kind_display()}"

    def audit_paths(self) -> tuple[str, str]:
        return self.cycle.owner.path, ""


class AnnouncementRecipient(ScopedModel):
    """A union that the change concerns, or an expert (``user``; ``organisation`` is then the union that asked them)."""

    scope_owner = "organisation__path"
    scope_reviewer = "user_id"

    announcement = models.ForeignKey(CycleAnnouncement, on_delete=models.CASCADE, related_name="recipients")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("变更通知对象")
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "organisation", "user"],
                nulls_distinct=False,
                name="lifecycle_announcement_recipient",
            )
        ]

    def __str__(self) -> str:
        return str(self.user or self.organisation)


class AnnouncementReading(ScopedModel):
    """Who has read a notice, at which union's desk: it leaves that person's work list."""

    scope_owner = "organisation__path"
    scope_reviewer = "user_id"

    announcement = models.ForeignKey(CycleAnnouncement, on_delete=models.CASCADE, related_name="readings")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(_("阅读时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("变更通知阅读")
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "organisation", "user"], name="lifecycle_announcement_reading"
            )
        ]
