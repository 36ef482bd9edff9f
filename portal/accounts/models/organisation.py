"""The union tree, employers, and who reports to whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import (
    LEVEL_OF_KIND,
    UNIT_LEVELS,
    EmergingKind,
    OrganisationKind,
    OwnershipClass,
    SizeClass,
    UnionLevel,
)
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel, path_prefixes


class Organisation(ScopedModel, TimeStamped):
    """工会组织: a node of the tree; ``path`` is the materialised path (``0000001/0000007/``), written by the domain."""

    scope_owner = "path"
    scope_downward = "path"

    parent = models.ForeignKey(
        "self", verbose_name=_("上级工会"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    path = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("组织类型"), max_length=20, choices=OrganisationKind)
    level = models.CharField(_("层级"), max_length=20, choices=UnionLevel, editable=False)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    code = models.CharField(_("内部编号"), max_length=30, unique=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, default="")
    district_code = models.CharField(_("所在区"), max_length=6, blank=True, default="")
    member_count = models.PositiveIntegerField(_("会员数"), default=0)
    is_active = models.BooleanField(_("在用"), default=True)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("并入"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("工会组织")
        ordering = ["path"]
        permissions = [("observe_organisation", _("查看该组织的竞赛情况"))]
        indexes = [models.Index(fields=["level", "kind"], name="accounts_org_level")]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="accounts_organisation_credit_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.level = LEVEL_OF_KIND[self.kind]
        super().save(*args, **kwargs)

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def is_unit(self) -> bool:
        """基层工会 and below: works on its own entries."""
        return self.level in UNIT_LEVELS

    @property
    def ancestor_paths(self) -> list[str]:
        """Paths from the root down to the organisation itself."""
        return path_prefixes(self.path)

    def audit_paths(self) -> tuple[str, str]:
        return self.path, self.path


class Employer(ScopedModel, TimeStamped):
    """用人单位: a legal unit with its own facts; one union may cover several (union count ≠ employer count)."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所属基层工会"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("单位名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True, null=True, blank=True)
    economic_type = models.CharField(_("经济类型"), max_length=10, blank=True, default="")
    ownership = models.CharField(_("所有制"), max_length=20, choices=OwnershipClass, default=OwnershipClass.OTHER)
    emerging_kind = models.CharField(
        _("三新和八大群体"), max_length=20, choices=EmergingKind, blank=True, default=""
    )  # empty: none of them
    industry = models.CharField(_("行业"), max_length=10, blank=True, default="")
    size_class = models.CharField(_("规模"), max_length=10, choices=SizeClass, default=SizeClass.NOT_APPLICABLE)
    district_code = models.CharField(_("所在区"), max_length=6, blank=True, default="")
    address = models.CharField(_("经营地址"), max_length=200, blank=True, default="")
    established_on = models.DateField(_("成立日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("用人单位")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.organisation.path


class EmployerYear(ScopedModel, TimeStamped):
    """单位年度信息: head counts, turnover and 规上, confirmed by year (domain.md 12.4)."""

    scope_owner = "employer__organisation__path"

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveIntegerField(_("年度"))
    employees = models.PositiveIntegerField(_("职工数"), default=0)
    members = models.PositiveIntegerField(_("会员数"), default=0)
    frontline = models.PositiveIntegerField(_("一线职工数"), default=0)
    migrant = models.PositiveIntegerField(_("农民工数"), default=0)
    revenue = models.BigIntegerField(_("营业收入（万元）"), null=True, blank=True)
    assets = models.BigIntegerField(_("资产总额（万元）"), null=True, blank=True)
    is_above_scale = models.BooleanField(_("规模以上"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位年度信息")
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["employer", "year"], name="accounts_employer_year")]

    def audit_paths(self) -> tuple[str, str]:
        return self.employer.organisation.path, self.employer.organisation.path


class UnionCoverage(ScopedModel):
    """工会覆盖单位: joint unions cover several employers."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("工会覆盖单位")
        constraints = [models.UniqueConstraint(fields=["organisation", "employer"], name="accounts_coverage_unique")]


class ReportingLine(ScopedModel):
    """推荐关系: the union a unit is nominated through where it differs from the home tree.

    ``scheme`` is a programme code or empty for all; ``year`` empty for all years. Exactly one per scheme and year.
    """

    scope_owner = "organisation__path"
    scope_route = "parent__path"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(_("项目"), max_length=60, blank=True, default="")
    year = models.PositiveIntegerField(_("年度"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("推荐关系")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scheme", "year"], nulls_distinct=False, name="accounts_reportingline_unique"
            ),
        ]

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.organisation.path
