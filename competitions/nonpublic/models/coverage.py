"""Reminders to unions whose enterprises hold no competition, and coverage as it stood at the end of a period."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic.enums import Answer
from portal.accounts.enums import OwnershipClass, SizeClass
from portal.accounts.models import Employer, Organisation, User
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class Reminder(ScopedModel):
    """竞赛提醒: asks the union of an enterprise to hold a competition this year, or to say why not."""

    scope_owner = "organisation__path"

    employer = models.ForeignKey(Employer, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所属工会"), on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveIntegerField(_("年度"))
    words = models.TextField(_("提醒内容"))
    due_at = models.DateTimeField(_("反馈截止"))
    sent_from = models.ForeignKey(
        Organisation, verbose_name=_("提醒工会"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("提醒时间"))
    answer = models.CharField(_("反馈"), max_length=20, choices=Answer, blank=True)
    answer_words = models.TextField(_("反馈说明"), blank=True)
    planned_on = models.DateField(_("计划开展日期"), null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("反馈时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛提醒")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "year"], condition=Q(answered_at=None), name="competitions_reminder_open_once"
            )
        ]

    def __str__(self) -> str:
        return self.employer.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:reminder.detail", kwargs={"pk": self.pk})

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def badge(self) -> Badge:
        return Badge(_("待反馈"), "waiting") if self.is_open else Badge(self.get_answer_display(), "ok")

    def audit_paths(self) -> tuple[str, str]:
        return self.sent_from.path if self.sent_from_id else "", self.organisation.path


class CoverageSnapshot(ScopedModel):
    """覆盖面时点数据: numerators and denominators as they stood on one day; a correction is a new version with its reason.

    Everybody below the union that took it sees the part of its own tree (``CoverageRow``).
    """

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("统计工会"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField(_("年度"))
    version = models.PositiveSmallIntegerField(_("版本"))
    reason = models.CharField(_("更正原因"), max_length=300, blank=True)
    units = models.PositiveIntegerField(_("单位数"), default=0)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(_("形成时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("覆盖面时点数据")
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "year", "version"], name="competitions_snapshot_version"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="competitions_snapshot_reason"),
        ]

    def __str__(self) -> str:
        return _("%(year)d年第%(version)d版") % {"year": self.year, "version": self.version}

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class CoverageRow(ScopedModel):
    """One unit of a snapshot: its group facts and the competitions it held, copied, so that later changes do not reach it."""

    scope_owner = "organisation__path"

    snapshot = models.ForeignKey(CoverageSnapshot, on_delete=models.CASCADE, related_name="rows")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ownership = models.CharField(max_length=20, choices=OwnershipClass)
    size_class = models.CharField(max_length=10, choices=SizeClass)
    district_code = models.CharField(max_length=6, blank=True, default="")
    above_scale = models.BooleanField(null=True)  # None: not confirmed for the year
    employees = models.PositiveIntegerField(null=True)
    held = models.PositiveIntegerField()  # filed competitions of the year
    layers = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("覆盖面时点明细")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "employer"], name="competitions_coverage_unit")]

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""
