"""A plan of the federation, its tasks, and what each second-level union makes of them year by year."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge
from portal.workplans.enums import TONE_OF_STATUS, SchemeStatus


class Plan(ScopedModel, TimeStamped):
    """总体方案: what the federation has resolved, broken down into tasks; known to everybody below."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("制定单位"), on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(_("代码"), max_length=60)
    title = models.CharField(_("方案名称"), max_length=160)
    first_year = models.PositiveIntegerField(_("起始年度"))
    last_year = models.PositiveIntegerField(_("终止年度"))
    mandate = models.TextField(_("实施要求"))
    source = models.CharField(_("来源"), max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = _("总体方案")
        ordering = ["-first_year", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="workplans_plan_code")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("workplans:plan.detail", kwargs={"pk": self.pk})

    @property
    def period(self) -> str:
        return f"{self.first_year}—{self.last_year}"

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class PlanTask(ScopedModel):
    """任务: one sentence of the plan with its lead department and, where it has one, a target that can be counted."""

    scope_owner = "plan__owner__path"
    scope_downward = "plan__owner__path"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField(_("序号"))
    code = models.CharField(_("任务编号"), max_length=20)
    chapter = models.CharField(_("章节"), max_length=80)
    title = models.CharField(_("任务"), max_length=80)
    text = models.TextField(_("方案原文"))
    source_lines = models.CharField(_("原文行号"), max_length=20)
    lead = models.CharField(_("牵头部门"), max_length=60)
    first_year = models.PositiveIntegerField(_("起始年度"))
    last_year = models.PositiveIntegerField(_("终止年度"))
    measure = models.CharField(_("衡量指标"), max_length=80)
    unit = models.CharField(_("单位"), max_length=20)
    city_target = models.DecimalField(_("全市年度目标"), max_digits=12, decimal_places=2, null=True, blank=True)
    accumulates = models.BooleanField(_("按季累计"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("任务")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="workplans_task_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("workplans:task.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.plan.owner.path, ""


class PlanYear(ScopedModel):
    """年度部署: the year in which every second-level union owes a scheme and four reports."""

    scope_owner = "plan__owner__path"
    scope_downward = "plan__owner__path"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveIntegerField(_("年度"))
    scheme_due_at = models.DateTimeField(_("方案报送截止"))
    review_days = models.PositiveIntegerField(_("市总审核工作日"), default=10)
    report_days = models.PositiveIntegerField(_("季报工作日"), default=10)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("部署时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("年度部署")
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["plan", "year"], name="workplans_year_once")]

    def __str__(self) -> str:
        return _("%(year)d年度") % {"year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("workplans:board", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.plan.owner.path, ""


class Scheme(ScopedModel, TimeStamped):
    """实施方案: what one second-level union will do in one year."""

    scope_owner = "organisation__path"

    year = models.ForeignKey(PlanYear, on_delete=models.CASCADE, related_name="schemes")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("报送单位"), on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("状态"), max_length=20, choices=SchemeStatus, default=SchemeStatus.DRAFT)
    text = models.TextField(_("实施方案正文"), blank=True, default="")
    due_at = models.DateTimeField(_("报送截止"))
    submitted_at = models.DateTimeField(_("报送时间"), null=True)
    decide_by = models.DateTimeField(_("审核期限"), null=True)
    reason = models.TextField(_("退回意见"), blank=True, default="")
    accepted_at = models.DateTimeField(_("通过时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("实施方案")
        ordering = ["organisation__path"]
        constraints = [models.UniqueConstraint(fields=["year", "organisation"], name="workplans_scheme_once")]

    def __str__(self) -> str:
        return _("%(name)s%(year)d年度实施方案") % {"name": self.organisation.label, "year": self.year.year}

    def get_absolute_url(self) -> str:
        return reverse("workplans:scheme.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(SchemeStatus(self.status).label, TONE_OF_STATUS[self.status])

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class SchemeLine(ScopedModel):
    """任务分解: one task at one union in one year – what the federation assigns, what the union undertakes."""

    scope_owner = "scheme__organisation__path"

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="lines")
    task = models.ForeignKey(PlanTask, on_delete=models.PROTECT, related_name="lines")
    assigned = models.DecimalField(
        _("下达指标"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    target = models.DecimalField(
        _("本单位目标"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    steps = models.TextField(_("工作举措"), blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("任务分解")
        ordering = ["task__position"]
        constraints = [models.UniqueConstraint(fields=["scheme", "task"], name="workplans_line_once")]

    def __str__(self) -> str:
        return f"{self.scheme.organisation.label} · {self.task}"


class ProgressReport(ScopedModel):
    """季度进展: due from the day the scheme is accepted; empty until it is reported."""

    scope_owner = "line__scheme__organisation__path"

    line = models.ForeignKey(SchemeLine, on_delete=models.CASCADE, related_name="reports")
    quarter = models.PositiveSmallIntegerField(_("季度"))
    due_at = models.DateTimeField(_("报送截止"))
    value = models.DecimalField(_("完成数"), max_digits=12, decimal_places=2, null=True)
    words = models.TextField(_("进展情况"), blank=True, default="")
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(_("报送时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("季度进展")
        ordering = ["quarter"]
        constraints = [
            models.UniqueConstraint(fields=["line", "quarter"], name="workplans_report_once"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="workplans_report_quarter"),
        ]

    def __str__(self) -> str:
        return _("%(line)s 第%(quarter)d季度") % {"line": self.line, "quarter": self.quarter}

    def audit_paths(self) -> tuple[str, str]:
        return self.line.scheme.organisation.path, ""


class SchemeFile(ScopedModel):
    """附件: of a scheme, or the evidence of a report; checked by content."""

    scope_owner = "scheme__organisation__path"

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="files")
    report = models.ForeignKey(ProgressReport, on_delete=models.CASCADE, null=True, related_name="files")
    file = models.FileField(upload_to="workplans/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(_("指纹"), max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    removed_at = models.DateTimeField(_("移除时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.scheme.audit_paths()


class SchemeVersion(ScopedModel):
    """方案版本: what exactly was sent, and what the federation answered; the accepted one is published below."""

    scope_owner = "scheme__organisation__path"
    scope_downward = "published_for__path"

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    content = models.JSONField()  # {"text", "lines": [{"code", "title", "target", "unit", "steps"}], "files": [...]}
    fingerprint = models.CharField(_("指纹"), max_length=64)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("报送时间"))
    outcome = models.CharField(_("结果"), max_length=20, choices=SchemeStatus, default=SchemeStatus.SUBMITTED)
    opinion = models.TextField(_("意见"), blank=True, default="")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("审核时间"), null=True)
    # Set when accepted: the union in whose tree everybody may read this version.
    published_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("方案版本")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="workplans_version_once")]

    def __str__(self) -> str:
        return _("%(scheme)s（第%(number)d版）") % {"scheme": self.scheme, "number": self.number}

    @property
    def badge(self) -> Badge:
        return Badge(SchemeStatus(self.outcome).label, TONE_OF_STATUS[self.outcome])

    def audit_paths(self) -> tuple[str, str]:
        return self.scheme.audit_paths()
