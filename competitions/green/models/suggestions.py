"""Suggestions with what they were to save and what they did save, proposals for the instant honour, and files."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.green.enums import TONE_OF_SUGGESTION, FilePurpose, Proposer, SavingKind, SuggestionState
from competitions.green.models.dictionary import CoefficientTable
from competitions.green.models.subjects import Baseline, BenchmarkSubject, MonthlyReading
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.web.ui import Badge

NOT_NEGATIVE = [MinValueValidator(0)]


def _figure(label: Any, places: int = 2) -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=16, decimal_places=places, null=True, blank=True, validators=NOT_NEGATIVE
    )


class OfUnit(ScopedModel):
    """Belongs to a unit; the co-hosting department reads what is about a subject of its groups."""

    scope_owner = "organisation__path"
    scope_guest = "subject__group__cohost__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("单位工会"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def unit(self) -> Organisation:
        return self.organisation

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class SavingSuggestion(OfUnit, TimeStamped):
    """节能降碳建议: estimated by those who propose it, verified by the union above after it was carried out."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    year = models.PositiveIntegerField(_("年度"))
    subject = models.ForeignKey(
        BenchmarkSubject, verbose_name=_("参赛主体"), on_delete=models.PROTECT, null=True, blank=True,
        related_name="suggestions",
    )  # fmt: skip
    title = models.CharField(_("建议名称"), max_length=80)
    kind = models.CharField(_("节能类别"), max_length=20, choices=SavingKind)
    proposer_kind = models.CharField(_("建议人类别"), max_length=10, choices=Proposer)
    proposer = models.CharField(_("建议人"), max_length=40)
    baseline = models.CharField(_("基准期与数据"), max_length=200)
    measures = models.TextField(_("措施"))
    investment = _figure(_("投资"))  # 元
    coefficients = models.ForeignKey(CoefficientTable, on_delete=models.PROTECT, related_name="+")
    estimated_kwh = _figure(_("预计年节电"), 0)
    estimated_other = _figure(_("预计年节约其他能源"))  # tce
    estimated_yuan = _figure(_("预计年效益"))  # 元
    estimated_tce = _figure(_("预计年节能量"), 4)
    estimated_co2 = _figure(_("预计年减碳"), 4)
    verified_kwh = _figure(_("核定年节电"), 0)
    verified_other = _figure(_("核定年节约其他能源"))
    verified_yuan = _figure(_("核定年效益"))
    verified_tce = _figure(_("核定年节能量"), 4)
    verified_co2 = _figure(_("核定年减碳"), 4)
    verified_coefficients = models.ForeignKey(CoefficientTable, on_delete=models.PROTECT, null=True, related_name="+")
    verifier = models.CharField(_("核实单位"), max_length=60, blank=True)
    done_on = models.DateField(_("实施完成日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=SuggestionState, default=SuggestionState.PROPOSED)
    opinion = models.TextField(_("意见"), blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("核定时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("节能建议")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "verified"])
                | Q(verified_tce__isnull=False, verified_co2__isnull=False, done_on__isnull=False),
                name="competitions_saving_told",
            )
        ]
        indexes = [models.Index(fields=["year", "state"], name="competitions_saving_year")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:green.suggestion", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(SuggestionState(self.state).label, TONE_OF_SUGGESTION[self.state])


class AwardProposal(OfUnit):
    """即时授予建议: a union above proposes, the unit writes the entry of the honour's programme."""

    suggestion = models.ForeignKey(SavingSuggestion, on_delete=models.PROTECT, related_name="proposals")
    subject = models.ForeignKey(BenchmarkSubject, on_delete=models.PROTECT, null=True, related_name="+")
    year = models.PositiveIntegerField(_("年度"))
    kind = models.CharField(_("对象类别"), max_length=10, choices=Proposer)
    candidate = models.CharField(_("推荐对象"), max_length=40)
    reason = models.TextField(_("推荐理由"))
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    entry = models.OneToOneField(Entry, on_delete=models.SET_NULL, null=True, related_name="+")
    drafted_at = models.DateTimeField(_("起草时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("即时授予建议")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "candidate", "year"],
                condition=Q(withdrawn_at=None),
                name="competitions_proposal_once",
            )
        ]

    def __str__(self) -> str:
        return self.candidate

    def get_absolute_url(self) -> str:
        return self.suggestion.get_absolute_url()

    @property
    def badge(self) -> Badge:
        if self.withdrawn_at:
            return Badge(_("已撤回"), "neutral")
        return Badge(_("已起草"), "ok") if self.drafted_at else Badge(_("待单位起草"), "waiting")


class GreenFile(OfUnit):
    """Evidence of a reading, a baseline or a saving."""

    purpose = models.CharField(_("用途"), max_length=20, choices=FilePurpose)
    subject = models.ForeignKey(BenchmarkSubject, on_delete=models.CASCADE, null=True, related_name="+")
    reading = models.ForeignKey(MonthlyReading, on_delete=models.CASCADE, null=True, related_name="files")
    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, null=True, related_name="files")
    suggestion = models.ForeignKey(SavingSuggestion, on_delete=models.CASCADE, null=True, related_name="files")
    file = models.FileField(_("文件"), upload_to="green/%Y/%m", max_length=200)
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=100)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("双碳竞赛材料")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
