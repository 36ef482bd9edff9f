"""The lists inside a filing: tags, committee, indicators, money, time plan, co-hosts, files, and its history."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import FilePurpose, FilingState, FundSource, Seat, Sight
from competitions.filings.models.catalogue import CatalogueItem
from competitions.filings.models.filing import CompetitionFiling, InnerOfFiling, OfFiling
from portal.accounts.models import Organisation, User

NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


class Tagging(OfFiling):
    """战略任务、重点领域、产业链标签."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="taggings")
    item = models.ForeignKey(CatalogueItem, verbose_name=_("标签"), on_delete=models.PROTECT, related_name="taggings")

    class Meta:
        verbose_name = verbose_name_plural = _("标签")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["filing", "item"], name="competitions_tagging_once")]

    def __str__(self) -> str:
        return self.item.name


class CommitteeMember(OfFiling):
    """竞赛委员会成员: by post; ``is_administrative`` = a leader of the administration, not of the union."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="committee")
    position = models.PositiveSmallIntegerField(default=0)
    seat = models.CharField(_("职责"), max_length=20, choices=Seat)
    name = models.CharField(_("姓名"), max_length=40)
    post = models.CharField(_("单位及职务"), max_length=80)
    is_administrative = models.BooleanField(_("行政领导"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛委员会成员")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class FilingIndicator(OfFiling):
    """竞赛指标: what is aimed at, and with the summary what was reached."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="indicators")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("指标"), max_length=60)
    unit = models.CharField(_("单位"), max_length=20)
    target = models.DecimalField(_("目标值"), max_digits=14, decimal_places=2, validators=NOT_NEGATIVE)
    actual = models.DecimalField(_("完成值"), max_digits=14, decimal_places=2, null=True, validators=NOT_NEGATIVE)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛指标")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class BudgetLine(OfFiling):
    """经费预算, in 元; shown to co-hosts that were granted it."""

    scope_shared = "filing__budget_seen_by"
    scope_guest_where = OfFiling.scope_guest_where & Q(filing__cohosts__sight__contains=[Sight.BUDGET.value])

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="budget")
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(_("资金来源"), max_length=20, choices=FundSource)
    purpose = models.CharField(_("用途"), max_length=80)
    amount = models.DecimalField(_("预算"), max_digits=14, decimal_places=2, validators=NOT_NEGATIVE)
    spent = models.DecimalField(_("决算"), max_digits=14, decimal_places=2, null=True, validators=NOT_NEGATIVE)

    class Meta:
        verbose_name = verbose_name_plural = _("经费")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.purpose


class FilingPhase(OfFiling):
    """时间安排: a phase of the competition; its report is due after its end."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("阶段"), max_length=60)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    tasks = models.CharField(_("主要工作"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("时间安排")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="competitions_phase_dates")
        ]

    def __str__(self) -> str:
        return self.title


class CoHost(OfFiling):
    """联合主办单位: by name, or – to see the filing at its own desk – as an organisation, also of another root."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="cohosts")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("联合主办工会"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(_("单位名称"), max_length=120)
    duty = models.CharField(_("分工"), max_length=120, blank=True)
    sight = ArrayField(models.CharField(max_length=20, choices=Sight), verbose_name=_("可查看"), default=list)
    added_at = models.DateTimeField(_("加入时间"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    ended_at = models.DateTimeField(_("退出时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("联合主办单位")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "name"], condition=Q(ended_at=None), name="competitions_cohost_once"),
            models.UniqueConstraint(
                fields=["filing", "organisation"], condition=Q(ended_at=None), name="competitions_cohost_org_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class FilingStep(OfFiling):
    """办理过程: every change of state with who, when and why; only ever added to."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="steps")
    before = models.CharField(max_length=20, choices=FilingState, blank=True)
    after = models.CharField(max_length=20, choices=FilingState)
    title = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("办理过程")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.title


class Amendment(OfFiling):
    """备案后变更: what was changed after acceptance, from what to what, and why; only ever added to."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="amendments")
    reason = models.CharField(_("变更原因"), max_length=300)
    changes = models.JSONField(_("变更内容"))  # [[what, before, after], …] in words
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("变更时间"))
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(_("审核工会知悉时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("备案变更")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.reason


class FilingFile(OfFiling):
    """Files of the filing itself: basis, committee, scheme."""

    filing = models.ForeignKey(CompetitionFiling, on_delete=models.CASCADE, related_name="files")
    purpose = models.CharField(_("类别"), max_length=20, choices=FilePurpose)
    file = models.FileField(upload_to="filings/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("备案文件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


__all__ = [
    "Amendment",
    "BudgetLine",
    "CoHost",
    "CommitteeMember",
    "FilingFile",
    "FilingIndicator",
    "FilingPhase",
    "FilingStep",
    "InnerOfFiling",
    "Tagging",
]  # fmt: skip
