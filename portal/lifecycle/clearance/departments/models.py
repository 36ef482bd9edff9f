"""Letters to outside departments, what they answered, and decisions to go on without their agreement."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.scoping import ScopedModel
from portal.lifecycle.clearance.models import Clearance, Opinion
from portal.lifecycle.programmes.models import Cycle


class DepartmentLetter(ScopedModel):
    """征求意见函 as it was sent: number, day, day until which an answer is asked for; ``lines`` are its annexed list."""

    scope_owner = "cycle__owner__path"
    scope_route = "cycle__owner__path"

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="department_letters")
    department = models.CharField(_("部门"), max_length=60)
    number = models.CharField(_("文号"), max_length=60)
    sent_on = models.DateField(_("发函日期"))
    answer_by = models.DateField(_("答复期限"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("征求意见函")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "department", "number"], name="lifecycle_department_letter_once"),
            models.CheckConstraint(condition=Q(answer_by__gte=F("sent_on")), name="lifecycle_department_letter_days"),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.number}"

    def audit_paths(self) -> tuple[str, str]:
        return self.cycle.owner.path, self.cycle.owner.path


class LetterLine(ScopedModel):
    """One candidate on a letter's list. A request stands on one letter only; a reminder repeats the letter."""

    scope_owner = "letter__cycle__owner__path"
    scope_route = "letter__cycle__owner__path"

    letter = models.ForeignKey(DepartmentLetter, on_delete=models.CASCADE, related_name="lines")
    clearance = models.OneToOneField(Clearance, on_delete=models.CASCADE, related_name="line")

    class Meta:
        verbose_name = verbose_name_plural = _("征求意见对象")
        ordering: ClassVar = ["pk"]


class DepartmentReply(ScopedModel):
    """部门回复: who entered what, and when. Rows are only added; the highest version is the department's standing word."""

    scope_owner = "clearance__entry__cycle__owner__path"
    scope_route = "clearance__entry__cycle__owner__path"

    clearance = models.ForeignKey(Clearance, on_delete=models.CASCADE, related_name="replies")
    version = models.PositiveIntegerField(_("版次"))
    opinion = models.CharField(_("意见"), max_length=20, choices=Opinion)
    note = models.TextField(_("说明"), blank=True)
    reason = models.TextField(_("更正原因"), blank=True)
    received_on = models.DateField(_("收到日期"), null=True)
    file = models.FileField(_("回函扫描件"), upload_to="replies/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("部门回复")
        ordering: ClassVar = ["clearance", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clearance", "version"], name="lifecycle_department_reply_version")
        ]

    def audit_paths(self) -> tuple[str, str]:
        return self.clearance.audit_paths()


class ClearanceWaiver(ScopedModel):
    """例外: the organiser goes on although a department has not agreed; counts when another person has confirmed it."""

    scope_owner = "clearance__entry__cycle__owner__path"
    scope_route = "clearance__entry__cycle__owner__path"

    clearance = models.OneToOneField(Clearance, on_delete=models.CASCADE, related_name="waiver")
    decision = models.CharField(_("研究决定的会议或文号"), max_length=120)
    reason = models.TextField(_("理由"))
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("联审例外")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="lifecycle_waiver_two_persons",
            )
        ]

    def __str__(self) -> str:
        return str(self.clearance.title)

    def audit_paths(self) -> tuple[str, str]:
        return self.clearance.audit_paths()
