"""Marking of one contest: its scheme in versions, who judges what, and the benches – numbers, never names."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.marking.enums import (
    TONE_OF_BOARD,
    TONE_OF_PART,
    TONE_OF_SCHEME,
    AspectKind,
    BoardState,
    PartState,
    RuleKind,
    SchemeState,
)
from competitions.marking.scheme import Aspect as PlainAspect
from competitions.marking.scheme import Rule
from competitions.marking.scoring import JUDGES
from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

FIGURE = {"max_digits": 12, "decimal_places": 4, "null": True, "blank": True}
SHOWN = (BoardState.LIVE, BoardState.FROZEN, BoardState.REVEALED)


class Marking(ScopedModel):
    """评分: run by the contest's organiser, seen by its judges; the public sees the board once it is shown."""

    scope_owner = "owner__path"
    scope_reviewer = "judges__user"
    scope_public = Q(board_state__in=SHOWN)

    contest = models.PositiveBigIntegerField(
        _("赛项"), unique=True, null=True
    )  # in the register of contests, if it is there
    owner = models.ForeignKey(Organisation, verbose_name=_("主办单位"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("名称"), max_length=160)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("建立时间"))
    started_at = models.DateTimeField(_("开始评分"), null=True)
    closed_at = models.DateTimeField(_("成绩移交"), null=True)
    board_state = models.CharField(_("榜单"), max_length=20, choices=BoardState, default=BoardState.HIDDEN)
    freezes_at = models.DateTimeField(_("封存时间"), null=True, blank=True)
    published_at = models.DateTimeField(_("榜单更新"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评分")
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:marking.detail", kwargs={"pk": self.pk})

    @property
    def board_badge(self) -> Badge:
        return Badge(BoardState(self.board_state).label, TONE_OF_BOARD[self.board_state])

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class OfMarking(ScopedModel):
    """What belongs to one marking is seen by those who see it."""

    scope_owner = "marking__owner__path"
    scope_reviewer = "marking__judges__user"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.marking.audit_paths()


class MarkingScheme(OfMarking):
    """评分方案的一个版本: changed only as a draft; one version is in force."""

    marking = models.ForeignKey(Marking, on_delete=models.CASCADE, related_name="schemes")
    version = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=20, choices=SchemeState, default=SchemeState.DRAFT)
    sections = models.JSONField(_("职业标准"))  # [[code, title, weight as text], …]
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    fingerprint = models.CharField(_("指纹"), max_length=64)
    reason = models.CharField(_("变更原因"), max_length=300, blank=True)
    loaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField(_("导入时间"))
    frozen_at = models.DateTimeField(_("启用时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评分方案")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["marking", "version"], name="competitions_scheme_version"),
            models.UniqueConstraint(
                fields=["marking"], condition=Q(state=SchemeState.FROZEN), name="competitions_scheme_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state=SchemeState.DRAFT) | Q(version=1) | ~Q(reason=""),
                name="competitions_scheme_reason",
            ),
        ]

    def __str__(self) -> str:
        return _("第%d版") % self.version

    @property
    def badge(self) -> Badge:
        return Badge(SchemeState(self.state).label, TONE_OF_SCHEME[self.state])

    @property
    def is_in_force(self) -> bool:
        return self.state == SchemeState.FROZEN


class SubCriterion(ScopedModel):
    """小项: what one group of judges marks on one day; confirmed by a second person, locked by the chief judge."""

    scope_owner = "scheme__marking__owner__path"
    scope_reviewer = "scheme__marking__judges__user"

    scheme = models.ForeignKey(MarkingScheme, on_delete=models.CASCADE, related_name="parts")
    order = models.PositiveSmallIntegerField()
    criterion_code = models.CharField(_("大项"), max_length=1)
    criterion_title = models.CharField(_("大项名称"), max_length=60)
    code = models.CharField(_("小项"), max_length=3)
    title = models.CharField(_("小项名称"), max_length=60)
    day = models.PositiveSmallIntegerField(_("评分日"))
    state = models.CharField(_("状态"), max_length=20, choices=PartState, default=PartState.OPEN)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("复核时间"), null=True)
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    locked_at = models.DateTimeField(_("锁定时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("小项")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="competitions_subcriterion_once"),
            models.CheckConstraint(
                condition=Q(state=PartState.OPEN) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="competitions_subcriterion_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(locked_by=None) | ~Q(locked_by=F("confirmed_by")), name="competitions_subcriterion_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:marking.sheet", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(PartState(self.state).label, TONE_OF_PART[self.state])

    @property
    def is_open(self) -> bool:
        return self.state == PartState.OPEN

    def audit_paths(self) -> tuple[str, str]:
        return self.scheme.marking.audit_paths()


class Aspect(ScopedModel):
    """评分点: judged by three against four descriptions, or measured by a rule (``scheme.Rule``)."""

    scope_owner = "part__scheme__marking__owner__path"
    scope_reviewer = "part__scheme__marking__judges__user"

    part = models.ForeignKey(SubCriterion, on_delete=models.CASCADE, related_name="aspects")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(_("编号"), max_length=8)
    kind = models.CharField(_("类型"), max_length=20, choices=AspectKind)
    title = models.CharField(_("评分点"), max_length=200)
    max_mark = models.DecimalField(
        _("满分"), max_digits=5, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    section = models.CharField(_("标准章节"), max_length=20)
    rule = models.CharField(_("评分规则"), max_length=20, choices=RuleKind, blank=True)
    unit = models.CharField(_("单位"), max_length=12, blank=True)
    low = models.DecimalField(_("最小值"), **FIGURE)
    high = models.DecimalField(_("最大值"), **FIGURE)
    target = models.DecimalField(_("目标值"), **FIGURE)
    best = models.DecimalField(_("满分值"), **FIGURE)
    worst = models.DecimalField(_("零分值"), **FIGURE)
    step = models.DecimalField(_("每处扣分"), **FIGURE)
    limits = ArrayField(models.DecimalField(max_digits=12, decimal_places=4), default=list)  # of bands, narrowest first
    shares = ArrayField(models.DecimalField(max_digits=5, decimal_places=2), default=list)  # percent of the maximum
    descriptions = ArrayField(models.CharField(max_length=300), default=list)  # of the scores 0 to 3

    class Meta:
        verbose_name = verbose_name_plural = _("评分点")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["part", "code"], name="competitions_aspect_once"),
            models.CheckConstraint(
                condition=Q(kind=AspectKind.JUDGEMENT, rule="") | (Q(kind=AspectKind.MEASUREMENT) & ~Q(rule="")),
                name="competitions_aspect_rule",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_judged(self) -> bool:
        return self.kind == AspectKind.JUDGEMENT

    @property
    def plain(self) -> PlainAspect:
        """As the pure calculation takes it."""
        return PlainAspect(
            self.code, self.kind, self.title, self.max_mark, self.section, self.plain_rule, tuple(self.descriptions)
        )

    @property
    def plain_rule(self) -> Rule | None:
        if not self.rule:
            return None
        figures = {name: getattr(self, name) for name in ("low", "high", "target", "best", "worst", "step")}
        return Rule(self.rule, self.unit, bands=tuple(zip(self.limits, self.shares, strict=True)), **figures)

    def audit_paths(self) -> tuple[str, str]:
        return self.part.audit_paths()


class Judge(OfMarking):
    """裁判: one person of the contest; one of them is the chief judge."""

    marking = models.ForeignKey(Marking, on_delete=models.CASCADE, related_name="judges")
    user = models.ForeignKey(User, verbose_name=_("裁判"), on_delete=models.PROTECT, related_name="+")
    is_chief = models.BooleanField(_("裁判长"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("裁判")
        ordering = ["-is_chief", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["marking", "user"], name="competitions_judge_once"),
            models.UniqueConstraint(
                fields=["marking"], condition=Q(is_chief=True), name="competitions_one_chief_judge"
            ),
        ]

    def __str__(self) -> str:
        return self.user.name


class Seat(ScopedModel):
    """席位: a judge's place at a sub-criterion; where there is judgement there are three."""

    scope_owner = "part__scheme__marking__owner__path"
    scope_reviewer = "part__scheme__marking__judges__user"

    part = models.ForeignKey(SubCriterion, on_delete=models.CASCADE, related_name="seats")
    judge = models.ForeignKey(Judge, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField(_("席位"), validators=[MinValueValidator(1), MaxValueValidator(JUDGES)])

    class Meta:
        verbose_name = verbose_name_plural = _("席位")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["part", "number"], name="competitions_seat_number"),
            models.UniqueConstraint(fields=["part", "judge"], name="competitions_seat_judge"),
            models.CheckConstraint(condition=Q(number__range=(1, JUDGES)), name="competitions_seat_range"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.judge}"

    def audit_paths(self) -> tuple[str, str]:
        return self.part.audit_paths()


class Bench(OfMarking):
    """工位: a competitor as judges meet them – a code and a session. No query of a judge's page reads who it is."""

    marking = models.ForeignKey(Marking, on_delete=models.CASCADE, related_name="benches")
    competitor = models.PositiveBigIntegerField(_("选手"), null=True)  # in the register; None for a listed bench
    name = models.CharField(_("姓名"), max_length=80)  # for the board, masked; never on a judge's page
    organisation = models.ForeignKey(Organisation, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("工位号"), max_length=20)
    session = models.CharField(_("场次"), max_length=80, blank=True)
    order = models.PositiveIntegerField()
    is_absent = models.BooleanField(_("缺考"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("工位")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["marking", "competitor"], name="competitions_bench_competitor"),
            models.UniqueConstraint(fields=["marking", "code"], name="competitions_bench_code"),
        ]

    def __str__(self) -> str:
        return self.code
