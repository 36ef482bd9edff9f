"""Code lists (代码表) and the holiday table: reference data, the same for all municipal roots."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeList(models.TextChoices):
    """代码表: which list a code belongs to (domain.md 15.4)."""

    DISTRICT = "district", _("行政区划（GB/T 2260）")
    ECONOMIC_TYPE = "economic_type", _("经济类型（GB/T 12402）")
    INDUSTRY = "industry", _("国民经济行业门类（GB/T 4754）")
    ETHNIC_GROUP = "ethnic_group", _("民族（GB/T 3304）")
    EDUCATION = "education", _("学历（GB/T 4658）")
    POLITICAL_STATUS = "political_status", _("政治面貌（GB/T 4762）")
    SKILL_LEVEL = "skill_level", _("职业技能等级")


class Code(models.Model):
    """代码: one entry of a code list; withdrawn codes stay, so that old records keep their words."""

    list = models.CharField(_("代码表"), max_length=30, choices=CodeList)
    code = models.CharField(_("代码"), max_length=20)
    label = models.CharField(_("名称"), max_length=100)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    is_current = models.BooleanField(_("在用"), default=True)
    facts = models.JSONField(_("附加信息"), default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("代码")
        ordering = ["list", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="accounts_code_unique")]

    def __str__(self) -> str:
        return self.label


class Holiday(models.Model):
    """节假日与调休: the State Council's yearly table, kept by the administrator for years the library lacks."""

    day = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("调休上班"), default=False)
    name = models.CharField(_("名称"), max_length=50, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("节假日")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
