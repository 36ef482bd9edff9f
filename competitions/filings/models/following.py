"""What follows a filing: reports, commendation proposals, random checks, complaints."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import (
    TONE_OF_REPORT,
    TONE_OF_RESULT,
    CheckResult,
    ComplaintKind,
    ComplaintOutcome,
    ReportKind,
    ReportState,
    Sight,
    Subject,
)
from competitions.filings.models.filing import CompetitionFiling, InnerOfFiling, OfFiling
from competitions.filings.models.parts import FilingPhase
from portal.accounts.models import Organisation, User
from portal.core.crypto import EncryptedTextField
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class FilingReport(OfFiling):
    """阶段报告、年中检查、年终总结: one row for each that is owed, made when the filing is accepted."""

    scope_shared = "filing__reports_seen_by"
    scope_guest_where = OfFiling.scope_guest_where & Q(filing__cohosts__sight__contains=[Sight.REPORTS.value])

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(_("报告类别"), max_length=20, choices=ReportKind)
    phase = models.ForeignKey(FilingPhase, on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(_("报告"), max_length=80)
    covers_until = models.DateField(_("截至"))
    due_at = models.DateTimeField(_("报送截止"))
    state = models.CharField(_("状态"), max_length=20, choices=ReportState, default=ReportState.WAITING)
    people = models.PositiveIntegerField(_("参赛职工"), default=0)  # persons, each counted once
    times = models.PositiveIntegerField(_("参赛人次"), default=0)
    units = models.PositiveIntegerField(_("参赛单位"), default=0)
    events = models.PositiveIntegerField(_("活动场次"), default=0)
    promoted = models.PositiveIntegerField(_("技能晋级"), default=0)
    suggestions = models.PositiveIntegerField(_("合理化建议"), default=0)
    benefit = models.DecimalField(
        _("经济效益"), max_digits=14, decimal_places=2, null=True, validators=[MinValueValidator(Decimal(0))]
    )  # 万元
    words = models.TextField(_("工作情况"), blank=True)
    results = models.TextField(_("主要成果"), blank=True)
    problems = models.TextField(_("问题和打算"), blank=True)
    experience = models.TextField(_("经验做法"), blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(_("报送时间"), null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("审核时间"), null=True)
    opinion = models.TextField(_("审核意见"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛报告")
        ordering = ["covers_until", "pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="competitions_report_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "kind"], condition=~Q(kind="stage"), name="competitions_report_once"
            ),
            models.UniqueConstraint(fields=["phase"], name="competitions_report_phase"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(reported_at__isnull=False), name="competitions_report_reported"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing} · {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:filingreport.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(ReportState(self.state).label, TONE_OF_REPORT[self.state])


class ReportFile(OfFiling):
    """Attachments of a report; seen like the report."""

    scope_shared = "filing__reports_seen_by"
    scope_guest_where = FilingReport.scope_guest_where

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(FilingReport, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="filings/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("报告附件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Commendation(InnerOfFiling):
    """表彰建议: whom the competition proposes for which honour; handed on with the summary."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="commendations")
    position = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(_("对象"), max_length=20, choices=Subject)
    name = models.CharField(_("集体名称或姓名"), max_length=80)
    unit = models.CharField(_("所在单位"), max_length=120)
    honour = models.CharField(_("建议授予"), max_length=60)
    deeds = models.CharField(_("主要事迹"), max_length=300)
    handed_at = models.DateTimeField(_("移交时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("表彰建议")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class CheckDraw(ScopedModel, TimeStamped):
    """随机抽查: a lot drawn over the competitions of a year; seed and population are kept, so that anyone can recompute it."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("抽查工会"), on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=80)
    seed = models.CharField(_("随机种子"), max_length=64)
    population = models.JSONField(_("抽查范围"))  # 备案号, sorted
    size = models.PositiveSmallIntegerField(_("抽取数"))
    method = models.CharField(max_length=20, default="sha256-1")
    due_on = models.DateField(_("检查期限"))
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(_("抽取时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("随机抽查")
        ordering = ["-drawn_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:checkdraw.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class SpotCheck(InnerOfFiling):
    """抽查记录: one competition of a draw; its union sees the finding as the checking union does."""

    draw = models.ForeignKey(CheckDraw, on_delete=models.CASCADE, related_name="checks")
    filing = models.ForeignKey(CompetitionFiling, on_delete=models.PROTECT, related_name="checks")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("抽查工会"), on_delete=models.PROTECT, related_name="+"
    )
    order = models.PositiveSmallIntegerField(_("抽取顺序"))
    result = models.CharField(_("结果"), max_length=20, choices=CheckResult, default=CheckResult.WAITING)
    checked_on = models.DateField(_("检查日期"), null=True)
    checkers = models.CharField(_("检查人员"), max_length=120, blank=True)
    findings = models.TextField(_("检查情况"), blank=True)
    rectified = models.TextField(_("整改情况"), blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("抽查记录")
        ordering = ["draw", "order"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "filing"], name="competitions_check_once"),
            models.CheckConstraint(
                condition=Q(result="waiting") | Q(checked_on__isnull=False), name="competitions_check_recorded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing} {self.draw}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:filingcheck.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(CheckResult(self.result).label, TONE_OF_RESULT[self.result])


class CheckPhoto(InnerOfFiling):
    """Pictures of a check, without the camera's data."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="+")
    spot_check = models.ForeignKey(SpotCheck, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="filings/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("抽查照片")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Complaint(ScopedModel, TimeStamped):
    """竞赛投诉: seen by the union that answers – the one above the host – and those above it, never by the host."""

    scope_owner = "handler__path"

    code = models.CharField(_("受理编号"), max_length=30, unique=True)
    filing = models.ForeignKey(CompetitionFiling, on_delete=models.PROTECT, related_name="complaints")
    handler = models.ForeignKey(Organisation, verbose_name=_("受理工会"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("类别"), max_length=20, choices=ComplaintKind)
    grounds = models.TextField(_("反映的情况"))
    is_named = models.BooleanField(_("实名"), default=False)
    name = EncryptedTextField(_("姓名"), blank=True, default="")
    phone = EncryptedTextField(_("联系电话"), blank=True, default="")
    query_hash = models.CharField(max_length=64, db_index=True)  # of the code the reporter keeps
    received_at = models.DateTimeField(_("收到时间"))
    due_at = models.DateTimeField(_("答复期限"))
    outcome = models.CharField(_("结论"), max_length=20, choices=ComplaintOutcome, blank=True, default="")
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛投诉")
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["handler", "outcome", "due_at"], name="competitions_complaint_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(answered_at__isnull=False), name="competitions_complaint_answer"
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("competitions:complaint.detail", kwargs={"pk": self.pk})

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def badge(self) -> Badge:
        if self.is_open:
            return Badge(_("待答复"), "waiting")
        return Badge(ComplaintOutcome(self.outcome).label, "ok" if self.outcome == "dismissed" else "stopped")

    def audit_paths(self) -> tuple[str, str]:
        return self.handler.path, ""


class ComplaintFile(ScopedModel):
    """投诉附件: seen like the complaint."""

    scope_owner = "complaint__handler__path"

    complaint = models.ForeignKey(Complaint, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="complaints/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = _("投诉附件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.complaint.audit_paths()
