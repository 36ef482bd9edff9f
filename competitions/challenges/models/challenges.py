"""揭榜挂帅: a picked problem published, who claims it, what they do step by step, and what the owner accepts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.challenges.enums import CHALLENGE_TONES, CLAIM_TONES, LIVE, Audience, ChallengeState, ClaimState
from competitions.challenges.models.outcome import Outcome
from competitions.challenges.models.problems import Problem
from portal.accounts.models import Organisation, User
from portal.accounts.queries.codes import industry_label
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

PATHS = {"base_field": models.CharField(max_length=200), "default": list, "blank": True}


class Challenge(ScopedModel, TimeStamped):
    """榜单. Words of its own: what claimers read is what the publisher wrote for them, never the problem itself.

    ``shown_path`` is the federation whose unions read it, empty when only those in ``seen_by`` were asked.
    """

    scope_owner = "owner__path"
    scope_downward = "shown_path"
    scope_shared = "seen_by"
    scope_public = Q(audience=Audience.PUBLIC) & ~Q(state=ChallengeState.STOPPED)

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="challenges")
    owner = models.ForeignKey(Organisation, verbose_name=_("难题提出工会"), on_delete=models.PROTECT, related_name="+")
    publisher = models.ForeignKey(Organisation, verbose_name=_("发榜工会"), on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(_("张榜范围"), max_length=20, choices=Audience)
    shown_path = models.CharField(max_length=200, blank=True, default="")
    seen_by = ArrayField(**PATHS)
    year = models.PositiveIntegerField(_("年度"))
    title = models.CharField(_("榜单名称"), max_length=80)
    industry = models.CharField(_("行业门类"), max_length=10)
    kind = models.CharField(_("难题类别"), max_length=20)
    task = models.TextField(_("攻关任务"))
    wished = models.TextField(_("验收标准"))
    reward = models.CharField(_("激励办法"), max_length=200, blank=True)
    contact = models.CharField(_("联系科室及电话"), max_length=80)
    state = models.CharField(_("状态"), max_length=20, choices=ChallengeState, default=ChallengeState.OPEN)
    published_at = models.DateTimeField(_("发榜时间"))
    claim_until = models.DateField(_("揭榜截止"))
    finish_by = models.DateField(_("攻关完成期限"))
    closed_at = models.DateTimeField(_("结榜时间"), null=True)
    reason = models.CharField(_("结榜、撤榜说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("揭榜榜单")
        ordering = ["-published_at", "-pk"]
        indexes = [
            GinIndex(fields=["seen_by"], name="competitions_challenge_seen"),
            models.Index(fields=["audience", "state"], name="competitions_challenge_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["problem"], condition=Q(state__in=LIVE), name="competitions_challenge_once"
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.INVITED, shown_path="")
                | (~Q(audience=Audience.INVITED) & ~Q(shown_path="")),
                name="competitions_challenge_shown",
            ),
            models.CheckConstraint(
                condition=Q(finish_by__gt=models.F("claim_until")), name="competitions_challenge_dates"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:challenge.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_state_display(), CHALLENGE_TONES[self.state])

    @property
    def industry_name(self) -> str:
        return industry_label(self.industry)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, self.publisher.path


class Claim(ScopedModel, TimeStamped, Outcome):
    """揭榜: one team of one union at one challenge. Read by its union and those above, by the problem's union and the
    publisher (``seen_by``); other claimers never see it.
    """

    scope_owner = "organisation__path"
    scope_shared = "seen_by"

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="claims")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("揭榜工会"), on_delete=models.PROTECT, related_name="+"
    )
    seen_by = ArrayField(**PATHS)
    team = models.CharField(_("攻关团队"), max_length=80)
    leader = models.CharField(_("领衔人"), max_length=60)
    headcount = models.PositiveIntegerField(_("团队人数"))
    strength = models.TextField(_("攻关基础"))
    plan = models.TextField(_("攻关思路"))
    contact = models.CharField(_("联系电话"), max_length=60)
    state = models.CharField(_("状态"), max_length=20, choices=ClaimState, default=ClaimState.SUBMITTED)
    claimed_at = models.DateTimeField(_("揭榜时间"))
    decided_at = models.DateTimeField(_("确认时间"), null=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)
    judged_at = models.DateTimeField(_("验收时间"), null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("揭榜")
        ordering = ["claimed_at", "pk"]
        indexes = [GinIndex(fields=["seen_by"], name="competitions_claim_seen")]
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "organisation", "team"],
                condition=~Q(state=ClaimState.WITHDRAWN),
                name="competitions_claim_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(ClaimState.DELIVERED, ClaimState.PASSED))
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="competitions_claim_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.team

    def get_absolute_url(self) -> str:
        return reverse("competitions:claim.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_state_display(), CLAIM_TONES[self.state])

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.challenge.owner.path


class OfClaim(ScopedModel):
    scope_owner = "claim__organisation__path"
    scope_shared = "claim__seen_by"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.claim.audit_paths()


class ClaimMilestone(OfClaim):
    """攻关节点, agreed between both sides."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(_("节点"), max_length=80)
    due_on = models.DateField(_("计划完成"))
    done_on = models.DateField(_("实际完成"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("攻关节点")
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title


class ClaimProgress(OfClaim):
    """攻关进展. Only added, never changed."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="progress")
    milestone = models.ForeignKey(
        ClaimMilestone, verbose_name=_("完成的节点"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    percent = models.PositiveSmallIntegerField(_("总体进度"))
    words = models.TextField(_("进展和困难"))
    file = models.FileField(upload_to="challenges/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    written_at = models.DateTimeField(_("登记时间"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("攻关进展")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="competitions_claim_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.percent}%"
