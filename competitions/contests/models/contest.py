"""Trades, the year's plan, and a contest with its parts, sessions and papers."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.contests.enums import (
    SHOWN,
    TONE_OF_CONTEST,
    ContestClass,
    ContestState,
    FilePurpose,
    Group,
    ImportedSheet,
    PartKind,
    TieKey,
    TradeField,
)
from portal.accounts.enums import ImportState
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


def default_ties() -> list[str]:
    """用时 → 实操 → 理论 (domain.md 2.2)."""
    return [TieKey.TIME, TieKey.PRACTICAL, TieKey.THEORY]


class Trade(ScopedModel):
    """工种, loaded from definitions/trades.toml; the code of the 2022 职业分类大典 only where it is certain."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"
    scope_public = Q(pk__isnull=False)

    owner = models.ForeignKey(Organisation, verbose_name=_("制定单位"), on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(_("代码"), max_length=60)
    name = models.CharField(_("工种"), max_length=60)
    field = models.CharField(_("领域"), max_length=20, choices=TradeField)
    occupation_code = models.CharField(_("职业编码"), max_length=20, blank=True)  # blank: not certain

    class Meta:
        verbose_name = verbose_name_plural = _("工种")
        ordering = ["field", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="competitions_trade_once")]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class YearPlan(ScopedModel, TimeStamped):
    """年度工种计划: the federation's target of the year; contests of all levels count towards it."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("制定单位"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField(_("年度"))
    target = models.PositiveIntegerField(_("目标工种数"), default=100)
    basis = models.CharField(_("依据"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("年度工种计划")
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["owner", "year"], name="competitions_yearplan_once")]

    def __str__(self) -> str:
        return _("%d年工种计划") % self.year

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class Contest(ScopedModel, TimeStamped):
    """赛项: one trade in one year under one host; known to all unions below it, and to those above."""

    scope_owner = "owner__path"
    scope_shared = "seen_by"
    scope_downward = "owner__path"
    scope_public = ~Q(state__in=(ContestState.DRAFT, ContestState.CANCELLED))

    number = models.CharField(_("赛项编号"), max_length=20, unique=True)
    owner = models.ForeignKey(Organisation, verbose_name=_("主办工会"), on_delete=models.PROTECT, related_name="+")
    seen_by = ArrayField(models.CharField(max_length=200), default=list)  # derived: the host and those above it
    year = models.PositiveIntegerField(_("年度"))
    trade = models.ForeignKey(Trade, verbose_name=_("工种"), on_delete=models.PROTECT, related_name="contests")
    name = models.CharField(_("赛项名称"), max_length=120)
    klass = models.CharField(_("竞赛等级"), max_length=20, choices=ContestClass)
    group = models.CharField(_("组别"), max_length=20, choices=Group, default=Group.WORKER)
    team_size = models.PositiveSmallIntegerField(_("每队人数"), default=1, validators=[MinValueValidator(1)])
    cohosts = models.CharField(_("联合主办、承办单位"), max_length=300, blank=True)
    planned_on = models.DateField(_("比赛日期"))
    ends_on = models.DateField(_("结束日期"))
    venue = models.CharField(_("赛场"), max_length=120, blank=True)
    entry_until = models.DateTimeField(_("报名截止"), null=True, blank=True)
    per_delegation = models.PositiveSmallIntegerField(_("每队选手上限"), default=3)
    min_field = models.PositiveSmallIntegerField(_("最少参赛人数"), default=30)
    min_level = models.CharField(_("技能等级要求"), max_length=2, blank=True)
    min_years = models.PositiveSmallIntegerField(_("工种年限要求"), default=0)
    ties = ArrayField(models.CharField(max_length=20), verbose_name=_("同分规则"), default=default_ties)
    with_medals = models.BooleanField(_("设金银铜牌"), default=False)
    medal_gap = models.DecimalField(_("并列奖牌分差"), max_digits=4, decimal_places=2, default=0)  # on the 700 scale
    with_scale = models.BooleanField(_("出具700分制报告"), default=False)
    scale_k = models.PositiveSmallIntegerField(_("700分制系数"), default=50)
    state = models.CharField(_("状态"), max_length=20, choices=ContestState, default=ContestState.DRAFT)
    is_selection_only = models.BooleanField(_("成绩只用于选拔"), default=False)
    decided = models.CharField(_("取消或改为选拔的理由"), max_length=300, blank=True)
    draw_seed = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(_("抽签时间"), null=True)
    locked_at = models.DateTimeField(_("成绩锁定时间"), null=True)
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("公示时间"), null=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    archived_at = models.DateTimeField(_("归档时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("赛项")
        ordering = ["planned_on", "number"]
        indexes = [
            GinIndex(fields=["seen_by"], name="competitions_contest_seen"),
            models.Index(fields=["year", "klass"], name="competitions_contest_year"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "year", "trade", "group"],
                condition=~Q(state="cancelled"),
                name="competitions_contest_once",
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("planned_on")), name="competitions_contest_dates"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:contest.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(ContestState(self.state).label, TONE_OF_CONTEST[self.state])

    @property
    def is_single(self) -> bool:
        return self.team_size == 1

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class OfContest(ScopedModel):
    """What the host says of its contest is known to all who know the contest."""

    scope_owner = "contest__owner__path"
    scope_shared = "contest__seen_by"
    scope_downward = "contest__owner__path"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.contest.audit_paths()


class ContestPart(OfContest):
    """理论、实操: on a base of 100 marks each; entered by one person, confirmed by another."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(_("部分"), max_length=20, choices=PartKind)
    title = models.CharField(_("名称"), max_length=60)
    weight = models.DecimalField(_("权重%"), max_digits=5, decimal_places=2, validators=PERCENT)
    minutes = models.PositiveSmallIntegerField(_("限时（分钟）"), default=60)
    source = models.CharField(_("成绩来源"), max_length=40, blank=True)  # "": by form or file; else a MarkSource
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"), null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("复核时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("比赛部分")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("entered_by")),
                name="competitions_partmarks_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest} · {self.title}"


class ContestSession(OfContest):
    """场次: when and where a part is taken, and how many benches there are."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="sessions")
    part = models.ForeignKey(ContestPart, verbose_name=_("部分"), on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(_("场次"), max_length=60)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    venue = models.CharField(_("赛场"), max_length=120)
    benches = models.PositiveSmallIntegerField(_("工位数"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = verbose_name_plural = _("场次")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="competitions_session_times")
        ]

    def __str__(self) -> str:
        return f"{self.part.title} · {self.title}"


class ContestFile(OfContest):
    """技术文件 in versions, and papers of appeals; checked by content."""

    scope_public = Q(purpose=FilePurpose.DOCUMENT, published_at__isnull=False) & ~Q(
        contest__state__in=(ContestState.DRAFT, ContestState.CANCELLED)
    )

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="files")
    purpose = models.CharField(max_length=20, choices=FilePurpose, default=FilePurpose.DOCUMENT)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    note = models.CharField(_("版本说明"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    file = models.FileField(upload_to="contests/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(_("指纹"), max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("赛项文件")
        ordering = ["-version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "version"], condition=Q(purpose="document"), name="competitions_document_version"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ContestImport(ScopedModel):
    """A workbook on its way in: checked and written by a job, all of it or nothing; it goes with its last line.

    Competitors' sheets hold personal data: their content is encrypted.
    """

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(Organisation, verbose_name=_("工会"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("内容"), max_length=20, choices=ImportedSheet)
    part = models.ForeignKey(ContestPart, on_delete=models.CASCADE, null=True, related_name="+")  # of marks
    delegation = models.ForeignKey(
        "Delegation", on_delete=models.CASCADE, null=True, related_name="+"
    )  # of competitors
    file_name = models.CharField(_("文件名"), max_length=200)
    content = models.BinaryField(null=True)  # until it is settled
    state = models.CharField(_("状态"), max_length=20, choices=ImportState, default=ImportState.APPLYING)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    problems = models.JSONField(_("错误"), default=list)
    job_id = models.BigIntegerField(null=True)
    uploaded_by = models.ForeignKey(User, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("赛项导入")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("competitions:contest_import.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


PUBLIC_RESULTS = Q(contest__state__in=SHOWN)
