"""政策落实: a policy with its check items, the yearly self-assessment, and what each union answers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic.enums import TONE_OF_ANSWER, AnswerState, Reached
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class PolicyPaper(ScopedModel, TimeStamped):
    """政策文件: everybody below its owner may read it. ``items``: ``[{"words": …, "evidence": …}]`` in their order."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("登记工会"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("文件名称"), max_length=160)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issuer = models.CharField(_("发文单位"), max_length=80)
    issued_on = models.DateField(_("发文日期"), null=True, blank=True)
    link = models.URLField(_("原文链接"), max_length=300, blank=True)
    file = models.FileField(upload_to="nonpublic/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    items = models.JSONField(_("检查项目"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("政策文件")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:policy.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class SelfAssessment(ScopedModel):
    """年度自评: once a year for a policy. ``items`` are the policy's as they stood when it was opened."""

    scope_owner = "policy__owner__path"
    scope_downward = "policy__owner__path"

    policy = models.ForeignKey(PolicyPaper, on_delete=models.PROTECT, related_name="assessments")
    year = models.PositiveIntegerField(_("年度"))
    items = models.JSONField(_("检查项目"))
    due_on = models.DateField(_("报送截止"))
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("布置时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("年度自评")
        ordering = ["-year", "policy"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "year"], name="competitions_self_assessment_once"),
        ]

    def __str__(self) -> str:
        return _("%(year)d年度自评：%(title)s") % {"year": self.year, "title": self.policy.title}

    def get_absolute_url(self) -> str:
        return reverse("competitions:assessment.detail", kwargs={"pk": self.pk})

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def audit_paths(self) -> tuple[str, str]:
        return self.policy.owner.path, ""


class SelfAnswer(ScopedModel):
    """One union's answers. ``marks``: item's number (as text) → ``{"reached": …, "words": …}``."""

    scope_owner = "union__path"

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.CASCADE, related_name="answers")
    union = models.ForeignKey(Organisation, verbose_name=_("工会"), on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=20, choices=AnswerState, default=AnswerState.OPEN)
    marks = models.JSONField(_("自评"), default=dict)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField(_("报送时间"), null=True)
    returned_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("办理时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("自评报告")
        ordering = ["assessment", "union__path"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "union"], name="competitions_self_answer_once"),
            models.CheckConstraint(
                condition=Q(status__in=["open"]) | Q(filed_at__isnull=False), name="competitions_self_answer_filed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.union.name} {self.assessment}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:selfanswer.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_status_display(), TONE_OF_ANSWER[AnswerState(self.status)])

    @property
    def is_with_union(self) -> bool:
        """Still to be written: not filed, or returned."""
        return self.status in {AnswerState.OPEN, AnswerState.RETURNED} and self.assessment.is_open

    def mark(self, number: int) -> dict[str, Any]:
        return self.marks.get(str(number), {})

    def count(self, reached: str) -> int:
        return sum(1 for mark in self.marks.values() if mark.get("reached") == reached)

    @property
    def full(self) -> int:
        return self.count(Reached.FULL)

    @property
    def partly(self) -> int:
        return self.count(Reached.PARTLY)

    @property
    def missing(self) -> int:
        return self.count(Reached.NOT)

    def audit_paths(self) -> tuple[str, str]:
        return self.union.path, self.assessment.policy.owner.path


class AnswerFile(ScopedModel):
    """佐证材料 of one item."""

    scope_owner = "answer__union__path"

    answer = models.ForeignKey(SelfAnswer, on_delete=models.CASCADE, related_name="files")
    item = models.PositiveSmallIntegerField(_("检查项目"))
    file = models.FileField(upload_to="nonpublic/%Y/")
    file_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("自评佐证")
        ordering = ["item", "pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return self.answer.get_absolute_url()

    def audit_paths(self) -> tuple[str, str]:
        return self.answer.audit_paths()
