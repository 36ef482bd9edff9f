"""Delegations, competitors, their benches, marks and results; promotion and honours that follow."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.contests.enums import (
    TONE_OF_COMPETITOR,
    TONE_OF_PROMOTION,
    AppealKind,
    CompetitorState,
    Honour,
    Level,
    Medal,
    PromotionState,
    Ruling,
    Sex,
)
from competitions.contests.models.contest import (
    PUBLIC_RESULTS,
    Contest,
    ContestFile,
    ContestPart,
    ContestSession,
)
from competitions.contests.rules import HonourRule, honour_rule
from portal.accounts.models import Organisation, User
from portal.core.crypto import EncryptedTextField
from portal.core.scoping import ScopedModel
from portal.core.text import mask_id_number, mask_name, mask_phone
from portal.lifecycle.entries.models import Entry
from portal.web.ui import Badge

MARK = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class Delegation(ScopedModel):
    """代表队: whom one union sends. Seen by it, by the unions above it, and by the host."""

    scope_owner = "organisation__path"
    scope_shared = "contest__seen_by"

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="delegations")
    organisation = models.ForeignKey(Organisation, verbose_name=_("代表队"), on_delete=models.PROTECT, related_name="+")
    leader = models.CharField(_("领队"), max_length=40)
    leader_phone = EncryptedTextField(_("领队电话"), blank=True, default="")
    coach = models.CharField(_("技术指导"), max_length=40, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("报名时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("代表队")
        ordering = ["organisation__path", "pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "organisation"], name="competitions_delegation_once")]

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:delegation.detail", kwargs={"pk": self.pk})

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.leader_phone)

    def audit_paths(self) -> tuple[str, str]:
        return self.contest.owner.path, self.organisation.path


class Competitor(ScopedModel):
    """选手: a person in one contest; one contest a year under one host (database constraint)."""

    scope_owner = "delegation__organisation__path"
    scope_shared = "contest__seen_by"

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="competitors")
    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="competitors")
    host = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+"
    )  # = contest.owner, for the constraint
    year = models.PositiveIntegerField(_("年度"))  # = contest.year
    name = models.CharField(_("姓名"), max_length=60)
    id_number = EncryptedTextField(_("身份证号"))
    id_index = models.CharField(max_length=64, editable=False, db_index=True)
    sex = models.CharField(_("性别"), max_length=2, choices=Sex)
    phone = EncryptedTextField(_("手机"), blank=True, default="")
    employer = models.CharField(_("所在单位"), max_length=120)
    level = models.CharField(_("现有技能等级"), max_length=2, choices=Level, default=Level.NONE)
    certificate_number = models.CharField(_("等级证书编号"), max_length=40, blank=True)
    trade_years = models.PositiveSmallIntegerField(_("工种年限"), default=0)
    is_insured = models.BooleanField(_("在本市缴纳社会保险"), default=False)
    is_employed = models.BooleanField(_("在岗"), default=False)
    is_champion = models.BooleanField(_("已获同职业技术能手及以上称号"), default=False)
    is_nonpublic = models.BooleanField(_("非公企业"), default=False)
    training_hours = models.PositiveIntegerField(_("赛前集训学时"), default=0)
    state = models.CharField(_("资格"), max_length=20, choices=CompetitorState, default=CompetitorState.REGISTERED)
    reasons = models.JSONField(_("审核意见"), default=list)  # of the check: [{"code", "passed", "words"}]
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("审核时间"), null=True)
    draw_number = models.PositiveSmallIntegerField(_("抽签号"), null=True)
    code = models.CharField(_("加密号"), max_length=10, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("选手")
        ordering = ["draw_number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "year", "id_index"],
                condition=Q(state__in=("registered", "qualified")),
                name="competitions_competitor_one_contest",
            ),
            models.UniqueConstraint(
                fields=["contest", "draw_number"], condition=Q(draw_number__isnull=False), name="competitions_draw_once"
            ),
            models.UniqueConstraint(fields=["contest", "code"], condition=~Q(code=""), name="competitions_code_once"),
        ]
        indexes = [models.Index(fields=["contest", "state"], name="competitions_competitor_state")]

    def __str__(self) -> str:
        return _("选手 %s") % self.pk  # never the name: this text goes into logs and audit rows

    def get_absolute_url(self) -> str:
        return reverse("competitions:competitor.detail", kwargs={"pk": self.pk})

    @property
    def masked_id(self) -> str:
        return mask_id_number(self.id_number)

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def badge(self) -> Badge:
        return Badge(CompetitorState(self.state).label, TONE_OF_COMPETITOR[self.state])

    def audit_paths(self) -> tuple[str, str]:
        return self.contest.owner.path, self.delegation.organisation.path


class OfCompetitor(ScopedModel):
    """What belongs to a competitor is seen by the host, the delegation's union and those above."""

    scope_owner = "competitor__delegation__organisation__path"
    scope_shared = "competitor__contest__seen_by"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.competitor.audit_paths()


class SessionPlace(OfCompetitor):
    """场次和工位 of a competitor, by lot: one bench for one person in a session, one session of a part for each."""

    competitor = models.ForeignKey(Competitor, on_delete=models.CASCADE, related_name="places")
    part = models.ForeignKey(ContestPart, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(ContestSession, on_delete=models.PROTECT, related_name="places")
    bench = models.PositiveSmallIntegerField(_("工位"))

    class Meta:
        verbose_name = verbose_name_plural = _("工位")
        ordering = ["session", "bench"]
        constraints = [
            models.UniqueConstraint(fields=["session", "bench"], name="competitions_bench_once"),
            models.UniqueConstraint(fields=["part", "competitor"], name="competitions_place_once"),
        ]


class PartMark(OfCompetitor):
    """成绩 of a competitor in a part, of 100; ``mark`` None is an absence."""

    part = models.ForeignKey(ContestPart, on_delete=models.CASCADE, related_name="marks")
    competitor = models.ForeignKey(Competitor, on_delete=models.CASCADE, related_name="marks")
    mark = models.DecimalField(_("成绩"), max_digits=6, decimal_places=2, null=True, validators=MARK)
    seconds = models.PositiveIntegerField(_("用时（秒）"), null=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("部分成绩")
        ordering = ["part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["part", "competitor"], name="competitions_partmark_once"),
            models.CheckConstraint(
                condition=Q(mark=None) | Q(mark__gte=0, mark__lte=100), name="competitions_partmark_range"
            ),
        ]


class ContestResult(OfCompetitor):
    """名次, as computed from confirmed marks; what the public reads is kept masked."""

    scope_public = PUBLIC_RESULTS

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="results")
    competitor = models.OneToOneField(Competitor, on_delete=models.CASCADE, related_name="result")
    shown_name = models.CharField(_("公示姓名"), max_length=60)  # masked
    shown_unit = models.CharField(_("所在单位"), max_length=120)
    total = models.DecimalField(_("总成绩"), max_digits=6, decimal_places=2)
    rank = models.PositiveSmallIntegerField(_("名次"))
    medal = models.CharField(_("奖牌"), max_length=20, choices=Medal, blank=True)
    scaled = models.DecimalField(_("700分制"), max_digits=7, decimal_places=2, null=True)
    certificate_number = models.CharField(_("证书编号"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛成绩")
        ordering = ["rank", "pk"]

    def __str__(self) -> str:
        return _("第%d名") % self.rank


class ContestAppeal(ScopedModel):
    """申诉: in writing by the delegation, in time; ruled with reasons."""

    scope_owner = "delegation__organisation__path"
    scope_shared = "contest__seen_by"

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="appeals")
    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, related_name="appeals")
    kind = models.CharField(_("申诉事项"), max_length=20, choices=AppealKind)
    session = models.ForeignKey(
        ContestSession, verbose_name=_("场次"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.TextField(_("申诉内容和理由"))
    paper = models.ForeignKey(ContestFile, on_delete=models.PROTECT, null=True, related_name="+")
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    filed_at = models.DateTimeField(_("提出时间"))
    ruling = models.CharField(_("裁决"), max_length=20, choices=Ruling, blank=True)
    reasons = models.TextField(_("裁决理由"), blank=True)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(_("裁决时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("申诉")
        ordering = ["-filed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ruling="", ruled_at=None) | (~Q(ruling="") & ~Q(reasons="") & Q(ruled_at__isnull=False)),
                name="competitions_appeal_reasons",
            )
        ]

    def __str__(self) -> str:
        return _("申诉 %s") % self.pk

    def get_absolute_url(self) -> str:
        return reverse("competitions:contest_appeal.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.contest.owner.path, self.delegation.organisation.path


class Promotion(OfCompetitor):
    """技能等级晋升: one per person and calendar year by competition (database constraint)."""

    competitor = models.OneToOneField(Competitor, on_delete=models.PROTECT, related_name="promotion")
    root_path = models.CharField(max_length=20)  # the federation in which a person is promoted once a year
    year = models.PositiveIntegerField(_("年度"))
    id_index = models.CharField(max_length=64, editable=False)
    before = models.CharField(_("现有等级"), max_length=2, choices=Level)
    after = models.CharField(_("晋升等级"), max_length=2, choices=Level)
    rules = models.CharField(_("规则版本"), max_length=40)
    reason = models.CharField(_("依据"), max_length=300)
    state = models.CharField(_("状态"), max_length=20, choices=PromotionState, default=PromotionState.PROPOSED)
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_at = models.DateTimeField(_("办理时间"), null=True)
    certificate_number = models.CharField(_("新证书编号"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("技能等级晋升")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["root_path", "year", "id_index"],
                condition=~Q(state="dropped"),
                name="competitions_promotion_once_a_year",
            )
        ]

    @property
    def badge(self) -> Badge:
        return Badge(PromotionState(self.state).label, TONE_OF_PROMOTION[self.state])


class HonourCandidate(ScopedModel):
    """荣誉人选 by contest: the unit drafts the entry of the honour's programme; what other departments grant is reported to them.

    Seen by the union that nominates and those above it – a unit to which a delegation's union handed it sees no competitor.
    """

    scope_owner = "unit__path"
    scope_shared = "competitor__contest__seen_by"

    competitor = models.ForeignKey(Competitor, on_delete=models.PROTECT, related_name="honours")
    honour = models.CharField(_("荣誉"), max_length=20, choices=Honour)
    unit = models.ForeignKey(Organisation, verbose_name=_("推荐单位"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("依据"), max_length=300)
    proposed_at = models.DateTimeField(_("提出时间"))
    entry = models.OneToOneField(Entry, on_delete=models.SET_NULL, null=True, related_name="+")
    drafted_at = models.DateTimeField(_("起草时间"), null=True)
    sent_at = models.DateTimeField(_("报送时间"), null=True)  # honours of other departments

    class Meta:
        verbose_name = verbose_name_plural = _("荣誉人选")
        ordering = ["-proposed_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["competitor", "honour"], name="competitions_honour_once")]

    def __str__(self) -> str:
        return _("荣誉人选 %s") % self.pk  # never the name

    def get_absolute_url(self) -> str:
        return reverse("competitions:contest_honour.detail", kwargs={"pk": self.pk})

    @property
    def rule(self) -> HonourRule:
        """Which programme takes the candidate, or which department grants the honour."""
        return honour_rule(self.honour)

    @property
    def badge(self) -> Badge:
        if self.rule.programme:
            return Badge(_("已起草"), "ok") if self.drafted_at else Badge(_("待单位起草"), "waiting")
        return Badge(_("已报送"), "ok") if self.sent_at else Badge(_("待报送"), "waiting")

    def audit_paths(self) -> tuple[str, str]:
        return self.competitor.contest.owner.path, self.unit.path
