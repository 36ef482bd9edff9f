"""What is measured and by which coefficients: versions that are never changed, and the groups that are compared."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.green.enums import BenchmarkKind, Direction
from portal.accounts.models import Organisation
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel

AMOUNT = {"max_digits": 20, "decimal_places": 6}


class OfFederation(ScopedModel):
    """Laid down by a federation, read by all below it."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("制定单位"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class Indicator(OfFederation):
    """能效指标: one version of its formula."""

    code = models.SlugField(_("代码"), max_length=40)
    version = models.PositiveIntegerField(_("版本"))
    name = models.CharField(_("指标"), max_length=60)
    unit = models.CharField(_("单位"), max_length=20)
    direction = models.CharField(_("方向"), max_length=10, choices=Direction, default=Direction.LOWER)
    inputs = models.JSONField(_("填报项"))  # [{code, label, unit}]
    formula = models.CharField(_("公式"), max_length=300)
    weight = models.CharField(_("权数"), max_length=40)  # the input that is the denominator
    saving = models.CharField(_("折标准煤"), max_length=300, blank=True)  # tce out of ``saved``
    co2 = models.CharField(_("折二氧化碳"), max_length=300, blank=True)  # tCO₂ out of ``saved``
    source = models.CharField(_("依据"), max_length=200, blank=True)
    loaded_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("能效指标")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "code", "version"], name="competitions_indicator_version")
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"


class CoefficientTable(OfFederation):
    """折标准煤系数和排放因子 of a year; a change is the next version."""

    year = models.PositiveIntegerField(_("年度"))
    version = models.PositiveIntegerField(_("版本"))
    source = models.CharField(_("来源"), max_length=300)
    values = models.JSONField(_("系数"))  # {code: {value, label, unit}}
    loaded_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("系数表")
        ordering = ["-year", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "year", "version"], name="competitions_coefficients_version")
        ]

    def __str__(self) -> str:
        return _("%(year)d年系数表第%(version)d版") % {"year": self.year, "version": self.version}

    @property
    def numbers(self) -> dict[str, Decimal]:
        return {code: Decimal(entry["value"]) for code, entry in self.values.items()}


class BenchmarkGroup(OfFederation, TimeStamped):
    """对标组: the same product or process, one indicator, one benchmark. The co-hosting department reads what is in it."""

    scope_guest = "cohost__path"

    name = models.CharField(_("对标组"), max_length=60)
    product = models.CharField(_("产品或工序"), max_length=60)
    boundary = models.TextField(_("统计边界"))
    indicator = models.ForeignKey(Indicator, verbose_name=_("对标指标"), on_delete=models.PROTECT, related_name="+")
    benchmark_kind = models.CharField(_("标杆来源"), max_length=20, choices=BenchmarkKind)
    benchmark = models.DecimalField(_("标杆值"), **AMOUNT)
    basis = models.CharField(_("标准号或出处"), max_length=120)
    is_seasonal = models.BooleanField(_("季节性工序"), default=False)
    cohost = models.ForeignKey(
        Organisation, verbose_name=_("联合主办部门"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_open = models.BooleanField(_("接受参赛"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("对标组")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="competitions_green_group_once"),
            models.CheckConstraint(condition=Q(benchmark__gt=0), name="competitions_green_benchmark"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:green.group", kwargs={"pk": self.pk})
