"""The register of key projects, their plan and the progress against it."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects.enums import (
    TONE_OF_PERIOD,
    Cadence,
    Duty,
    PeriodState,
    ProjectKind,
    ProjectLevel,
    ProjectStatus,
)
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class KeyProject(ScopedModel, TimeStamped):
    """重点工程: managed by one union, reported by one unit, seen by all unions that have a hand in it."""

    scope_owner = "owner__path"
    scope_shared = "seen_by"

    number = models.CharField(_("工程编号"), max_length=20, unique=True)
    owner = models.ForeignKey(Organisation, verbose_name=_("管理工会"), on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey(
        Organisation, verbose_name=_("填报单位工会"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_by = ArrayField(models.CharField(max_length=200), default=list)  # derived: domain.register.refresh_sight
    name = models.CharField(_("工程名称"), max_length=120)
    approval_code = models.CharField(_("项目代码"), max_length=40, blank=True)
    level = models.CharField(_("级别"), max_length=20, choices=ProjectLevel)
    kind = models.CharField(_("类别"), max_length=20, choices=ProjectKind)
    status = models.CharField(_("建设状态"), max_length=20, choices=ProjectStatus)
    districts = ArrayField(models.CharField(max_length=6), verbose_name=_("所在区"), default=list, blank=True)
    place = models.CharField(_("市外地点"), max_length=120, blank=True)
    is_regional = models.BooleanField(_("京津冀协同项目"), default=False)
    client = models.CharField(_("建设单位"), max_length=120)
    contractor = models.CharField(_("总承包单位"), max_length=120, blank=True)
    supervisor = models.CharField(_("监理单位"), max_length=120, blank=True)
    committee = models.CharField(_("竞赛委员会"), max_length=300, blank=True)
    investment = models.DecimalField(_("总投资"), max_digits=14, decimal_places=2, null=True, blank=True)  # 万元
    workers = models.PositiveIntegerField(_("参建职工"), default=0)
    migrant_workers = models.PositiveIntegerField(_("其中农民工"), default=0)
    teams = models.PositiveIntegerField(_("班组数"), default=0)
    starts_on = models.DateField(_("开工日期"))
    ends_on = models.DateField(_("计划竣工日期"))
    cadence = models.CharField(_("报送周期"), max_length=20, choices=Cadence, default=Cadence.MONTHLY)
    report_days = models.PositiveSmallIntegerField(_("报送期限"), default=5)  # working days after the period's end
    named_year = models.PositiveIntegerField(_("示范工程命名年度"), null=True, blank=True)
    plan_filed_at = models.DateTimeField(_("方案备案时间"), null=True)
    finished_on = models.DateField(_("实际竣工日期"), null=True, blank=True)
    summary = models.TextField(_("竞赛总结"), blank=True)
    experience = models.TextField(_("典型经验做法"), blank=True)
    closed_at = models.DateTimeField(_("收尾时间"), null=True)
    archived_at = models.DateTimeField(_("归档时间"), null=True)
    archived_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("重点工程")
        ordering = ["number"]
        indexes = [GinIndex(fields=["seen_by"], name="competitions_project_seen")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="competitions_project_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="competitions_project_dates"),
            models.CheckConstraint(
                condition=Q(migrant_workers__lte=models.F("workers")), name="competitions_project_workers"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:project.detail", kwargs={"pk": self.pk})

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_running(self) -> bool:
        """Still built, not closed: owes reports."""
        return self.closed_at is None and self.status in {ProjectStatus.BUILDING, ProjectStatus.PLANNED}

    @property
    def has_plan(self) -> bool:
        return self.plan_filed_at is not None

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, self.reporter.path if self.reporter_id else ""


class OfProject(ScopedModel):
    """What belongs to one project is seen by those who see the project."""

    scope_owner = "project__owner__path"
    scope_shared = "project__seen_by"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.project.audit_paths()


class Participant(OfProject):
    """参建单位、所在地工会."""

    project = models.ForeignKey(KeyProject, on_delete=models.CASCADE, related_name="participants")
    organisation = models.ForeignKey(Organisation, verbose_name=_("工会"), on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(_("参与方式"), max_length=20, choices=Duty)

    class Meta:
        verbose_name = verbose_name_plural = _("参与工会")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="competitions_participant_once")
        ]

    def __str__(self) -> str:
        return self.organisation.name


class Milestone(OfProject):
    """关键节点."""

    project = models.ForeignKey(KeyProject, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("节点"), max_length=80)
    planned_on = models.DateField(_("计划完成"))
    done_on = models.DateField(_("实际完成"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("关键节点")
        ordering = ["planned_on", "pk"]

    def __str__(self) -> str:
        return self.title


class Period(OfProject):
    """A month or quarter of the plan: how far the works should be at its end, and what was reported of it."""

    project = models.ForeignKey(KeyProject, on_delete=models.CASCADE, related_name="periods")
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    planned = models.DecimalField(_("计划进度"), max_digits=5, decimal_places=2, validators=PERCENT)
    due_at = models.DateTimeField(_("报送截止"))
    state = models.CharField(_("状态"), max_length=20, choices=PeriodState, default=PeriodState.WAITING)
    percent = models.DecimalField(_("形象进度"), max_digits=5, decimal_places=2, null=True, validators=PERCENT)
    invested = models.DecimalField(_("累计完成投资"), max_digits=14, decimal_places=2, null=True)  # 万元
    pass_rate = models.DecimalField(_("一次验收合格率"), max_digits=5, decimal_places=2, null=True, validators=PERCENT)
    accidents = models.PositiveIntegerField(_("质量安全事故"), default=0)
    hazards = models.PositiveIntegerField(_("查出隐患"), default=0)
    hazards_fixed = models.PositiveIntegerField(_("整改隐患"), default=0)
    innovations = models.PositiveIntegerField(_("技术创新成果"), default=0)  # 工法、QC、五小
    events = models.PositiveIntegerField(_("竞赛活动场次"), default=0)
    people = models.PositiveIntegerField(_("参赛人次"), default=0)
    words = models.TextField(_("进展情况"), blank=True)
    difficulties = models.TextField(_("困难问题"), blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(_("报送时间"), null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("审核时间"), null=True)
    opinion = models.TextField(_("退回意见"), blank=True)
    reminded_at = models.DateTimeField(_("上次催报"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("进展报告")
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["project", "starts_on"], name="competitions_period_once"),
            models.CheckConstraint(condition=Q(hazards_fixed__lte=models.F("hazards")), name="competitions_hazards"),
            models.CheckConstraint(
                condition=Q(state=PeriodState.WAITING) | Q(percent__isnull=False, reported_at__isnull=False),
                name="competitions_period_reported",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="competitions_period_due")]

    def __str__(self) -> str:
        return f"{self.project} · {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:period.detail", kwargs={"pk": self.pk})

    @property
    def label(self) -> str:
        """2026年3月, or 2026年第1季度."""
        if (self.ends_on.year, self.ends_on.month) == (self.starts_on.year, self.starts_on.month):
            return _("%(year)d年%(month)d月") % {"year": self.ends_on.year, "month": self.ends_on.month}
        return _("%(year)d年第%(q)d季度") % {"year": self.ends_on.year, "q": (self.ends_on.month + 2) // 3}

    @property
    def badge(self) -> Badge:
        return Badge(PeriodState(self.state).label, TONE_OF_PERIOD[self.state])
