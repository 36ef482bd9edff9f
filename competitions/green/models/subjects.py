"""Who is compared, from which baseline, and the monthly values."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.green.enums import TONE_OF_CHECK, CheckState, SubjectLevel
from competitions.green.models.dictionary import AMOUNT, BenchmarkGroup, CoefficientTable, Indicator
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


def month_words(month) -> str:
    return _("%(year)d年%(month)d月") % {"year": month.year, "month": month.month}


class BenchmarkSubject(ScopedModel, TimeStamped):
    """参赛主体: an enterprise, a team or a post, reported by the union of its unit."""

    scope_owner = "organisation__path"
    scope_guest = "group__cohost__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("填报单位工会"), on_delete=models.PROTECT, related_name="+"
    )
    group = models.ForeignKey(
        BenchmarkGroup, verbose_name=_("对标组"), on_delete=models.PROTECT, related_name="subjects"
    )
    level = models.CharField(_("层级"), max_length=20, choices=SubjectLevel)
    name = models.CharField(_("参赛主体"), max_length=60)
    people = models.PositiveIntegerField(_("参赛职工"), default=1)
    leader = models.CharField(_("负责人"), max_length=20, blank=True)
    first_month = models.DateField(_("开始填报月份"))
    last_month = models.DateField(_("最后填报月份"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("参赛主体")
        ordering = ["group", "level", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "group", "level", "name"], name="competitions_subject_once"
            ),
            models.CheckConstraint(
                condition=Q(last_month=None) | Q(last_month__gte=models.F("first_month")),
                name="competitions_subject_months",
            ),
        ]
        indexes = [models.Index(fields=["group", "level"], name="competitions_subject_group")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:green.subject", kwargs={"pk": self.pk})

    @property
    def unit(self) -> Organisation:
        return self.organisation

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class OfSubject(ScopedModel):
    """A version that the unit handed in and the union above checks."""

    scope_owner = "subject__organisation__path"
    scope_guest = "subject__group__cohost__path"

    state = models.CharField(_("状态"), max_length=20, choices=CheckState, default=CheckState.SUBMITTED)
    version = models.PositiveIntegerField(_("版本"), default=1)
    value = models.DecimalField(_("指标值"), **AMOUNT)
    note = models.TextField(_("说明"), blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("报送时间"))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("核对时间"), null=True)
    opinion = models.TextField(_("退回原因"), blank=True)

    class Meta:
        abstract = True

    @property
    def unit(self) -> Organisation:
        return self.subject.organisation

    @property
    def badge(self) -> Badge:
        return Badge(CheckState(self.state).label, TONE_OF_CHECK[self.state])

    def audit_paths(self) -> tuple[str, str]:
        return self.subject.organisation.path, ""


class Baseline(OfSubject):
    """基准期: the subject's own value of a period before, with its proof."""

    subject = models.ForeignKey(BenchmarkSubject, on_delete=models.CASCADE, related_name="baselines")
    starts_on = models.DateField(_("基准期起"))
    ends_on = models.DateField(_("基准期止"))  # first days of the first and the last month

    class Meta:
        verbose_name = verbose_name_plural = _("基准值")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="competitions_baseline_version"),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state="accepted"), name="competitions_baseline_counts"
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state="submitted"), name="competitions_baseline_waits"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on"), value__gt=0), name="competitions_baseline_sane"
            ),
        ]

    def __str__(self) -> str:
        return _("%(subject)s 基准值") % {"subject": self.subject}

    def get_absolute_url(self) -> str:
        return self.subject.get_absolute_url()


class MonthlyReading(OfSubject):
    """月报: what was metered, and the value calculated from it under one version of formula and coefficients."""

    subject = models.ForeignKey(BenchmarkSubject, on_delete=models.CASCADE, related_name="readings")
    month = models.DateField(_("月份"))  # its first day
    inputs = models.JSONField(_("填报数据"))  # {code: text of a Decimal}
    weight = models.DecimalField(_("权数"), **AMOUNT)
    indicator = models.ForeignKey(Indicator, verbose_name=_("指标版本"), on_delete=models.PROTECT, related_name="+")
    coefficients = models.ForeignKey(
        CoefficientTable, verbose_name=_("系数版本"), on_delete=models.PROTECT, related_name="+"
    )
    is_late = models.BooleanField(_("逾期报送"), default=False)
    saved_tce = models.DecimalField(_("节能量"), null=True, **AMOUNT)  # against the baseline; derived when accepted
    saved_co2 = models.DecimalField(_("减碳量"), null=True, **AMOUNT)

    class Meta:
        verbose_name = verbose_name_plural = _("能耗月报")
        ordering = ["-month", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "month", "version"], name="competitions_reading_version"),
            models.UniqueConstraint(
                fields=["subject", "month"], condition=Q(state="accepted"), name="competitions_reading_counts"
            ),
            models.UniqueConstraint(
                fields=["subject", "month"], condition=Q(state="submitted"), name="competitions_reading_waits"
            ),
            models.CheckConstraint(condition=Q(month__day=1, weight__gt=0), name="competitions_reading_sane"),
        ]
        indexes = [models.Index(fields=["state", "month"], name="competitions_reading_state")]

    def __str__(self) -> str:
        return f"{self.subject} · {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:green.reading", kwargs={"pk": self.pk})

    @property
    def label(self) -> str:
        return month_words(self.month)
