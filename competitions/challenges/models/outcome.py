"""成效: what solving a problem brought, with its proof and the finance department's (row 68)."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

PERCENT = {"max_digits": 7, "decimal_places": 2, "null": True, "blank": True}


class Outcome(models.Model):
    """Figures are improvements: percent of quality and productivity, 元 saved in a year. None: not affected."""

    outcome = models.TextField(_("攻关成果"), blank=True)
    quality_gain = models.DecimalField(_("质量提升"), **PERCENT)
    productivity_gain = models.DecimalField(_("劳动生产率提升"), **PERCENT)
    cost_saved = models.DecimalField(
        _("年降本增效"), max_digits=16, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(Decimal(0))]
    )  # 元
    proof = models.FileField(upload_to="challenges/%Y/", blank=True)
    proof_name = models.CharField(max_length=200, blank=True)
    proof_type = models.CharField(max_length=100, blank=True)
    finance = models.FileField(upload_to="challenges/%Y/", blank=True)
    finance_name = models.CharField(max_length=200, blank=True)
    finance_type = models.CharField(max_length=100, blank=True)
    outcome_at = models.DateTimeField(_("成果提交时间"), null=True)

    class Meta:
        abstract = True
