"""师徒帮教: the contract of two people, its monthly records, its end."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.growth.enums import ENDED, LIVING, TONE_OF_MENTORSHIP, MentorState
from competitions.growth.models.people import WorkerFile
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class Mentorship(ScopedModel, TimeStamped):
    """师徒合同. One apprentice learns one trade from one master at a time (database constraint)."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(WorkerFile, verbose_name=_("师傅"), on_delete=models.PROTECT, related_name="apprenticed")
    apprentice = models.ForeignKey(
        WorkerFile, verbose_name=_("徒弟"), on_delete=models.PROTECT, related_name="mentored"
    )
    trade = models.CharField(_("工种"), max_length=60)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    goals = models.TextField(_("培养目标"))
    plan = models.TextField(_("帮教计划"))
    allowance = models.DecimalField(
        _("师傅津贴（每月）"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
    )
    state = models.CharField(_("状态"), max_length=20, choices=MentorState, default=MentorState.DRAFT)
    mentor_signed_on = models.DateField(_("师傅签字日期"), null=True, blank=True)
    apprentice_signed_on = models.DateField(_("徒弟签字日期"), null=True, blank=True)
    signed_at = models.DateTimeField(_("登记签订时间"), null=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    marks = models.JSONField(_("考核得分"), default=dict)  # criterion → whole points
    total = models.PositiveSmallIntegerField(_("考核总分"), null=True)
    opinion = models.TextField(_("考核意见"), blank=True)
    ended_on = models.DateField(_("结束办理日期"), null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(_("终止原因"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("师徒合同")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(mentor=F("apprentice")), name="competitions_mentorship_two"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="competitions_mentorship_term"),
            models.UniqueConstraint(
                fields=["apprentice", "trade"], condition=Q(state__in=LIVING), name="competitions_mentorship_once"
            ),
            models.CheckConstraint(
                condition=Q(state=MentorState.DRAFT, signed_at=None)
                | Q(mentor_signed_on__isnull=False, apprentice_signed_on__isnull=False, signed_at__isnull=False)
                | Q(state=MentorState.TERMINATED),
                name="competitions_mentorship_signed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVING, ended_on=None)
                | Q(state__in=(MentorState.COMPLETED, MentorState.FAILED), ended_on__isnull=False, total__isnull=False)
                | (Q(state=MentorState.TERMINATED, ended_on__isnull=False) & ~Q(end_reason="")),
                name="competitions_mentorship_ended",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="competitions_mentorship_state")]

    def __str__(self) -> str:
        return _("师徒合同 %s") % self.pk  # never the names

    def get_absolute_url(self) -> str:
        return reverse("competitions:mentorship.detail", kwargs={"pk": self.pk})

    @property
    def pair(self) -> str:
        return f"{self.mentor.name} → {self.apprentice.name}"

    @property
    def badge(self) -> Badge:
        return Badge(MentorState(self.state).label, TONE_OF_MENTORSHIP[self.state])

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class MentorMonth(ScopedModel):
    """月度记录: one a calendar month of the term, made when the contract is signed; due on the fifth of the next."""

    scope_owner = "mentorship__organisation__path"

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(_("月份"))  # its first day
    due_on = models.DateField(_("应填日期"))
    content = models.TextField(_("帮教内容"), blank=True)
    progress = models.TextField(_("徒弟学习情况"), blank=True)
    hours = models.DecimalField(
        _("帮教学时"), max_digits=5, decimal_places=1, default=Decimal(0), validators=[MinValueValidator(Decimal(0))]
    )
    recorded_at = models.DateTimeField(_("填写时间"), null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("师徒帮教月度记录")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "month"], name="competitions_mentor_month_once"),
            models.CheckConstraint(
                condition=Q(recorded_at=None, content="") | (Q(recorded_at__isnull=False) & ~Q(content="")),
                name="competitions_mentor_month_told",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="competitions_mentor_month_due")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def badge_on(self, today: dt.date) -> Badge:
        """Written, overdue, or still in time on ``today``."""
        if self.recorded_at:
            return Badge(_("已填写"), "ok")
        if self.month > today:
            return Badge(_("未到月份"), "neutral")
        return Badge(_("逾期未填"), "stopped") if self.due_on < today else Badge(_("待填写"), "waiting")

    def audit_paths(self) -> tuple[str, str]:
        return self.mentorship.audit_paths()
