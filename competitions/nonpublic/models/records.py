"""What leaders did for competitions, and what workers and the enterprise gained by them."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic.enums import Benefit, Engagement
from portal.accounts.models import Employer, Organisation, User
from portal.core.scoping import ScopedModel

MONEY = {"max_digits": 14, "decimal_places": 2, "validators": [MinValueValidator(Decimal(0))]}


class OfEmployer(ScopedModel):
    """A record of one enterprise, with its evidence; seen by its union and those above."""

    scope_owner = "employer__organisation__path"

    employer = models.ForeignKey(Employer, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    words = models.TextField(_("说明"))
    file = models.FileField(upload_to="nonpublic/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("登记单位"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.employer.organisation.path, self.organisation.path if self.organisation_id else ""


class EngagementRecord(OfEmployer):
    """企业负责人参与竞赛的记录 (row 148)."""

    kind = models.CharField(_("参与方式"), max_length=20, choices=Engagement)
    leader = models.CharField(_("负责人"), max_length=60)
    post = models.CharField(_("职务"), max_length=60)
    amount = models.DecimalField(_("金额"), null=True, blank=True, **MONEY)  # 元

    class Meta:
        verbose_name = verbose_name_plural = _("负责人参与记录")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.employer.name} {self.get_kind_display()}"


class BenefitRecord(OfEmployer):
    """一次竞赛给职工或企业带来的受益 (rows 150, 186). ``headcount`` counts people of this record once."""

    kind = models.CharField(_("受益类别"), max_length=20, choices=Benefit)
    contest = models.CharField(_("竞赛名称"), max_length=120)
    headcount = models.PositiveIntegerField(_("受益职工"), default=0)
    amount = models.DecimalField(_("金额"), default=Decimal(0), **MONEY)  # 元

    class Meta:
        verbose_name = verbose_name_plural = _("受益记录")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Benefit.ENTERPRISE) | Q(headcount__gt=0), name="competitions_benefit_people"
            )
        ]

    def __str__(self) -> str:
        return f"{self.employer.name} {self.get_kind_display()}"
