"""培训资源: what a union offers its workers to learn from, with the right to do so."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.learning.enums import TONE_OF_STATE, Licence, Platform, Reach, ResourceKind, ResourceState, Theme
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class TrainingResource(ScopedModel, TimeStamped):
    """One resource of one union. ``shown_path`` is empty until it is published: then the organisation whose subtree finds it."""

    scope_owner = "owner__path"
    scope_downward = "shown_path"
    scope_public = Q(state=ResourceState.PUBLISHED, reach=Reach.EVERYBODY)

    owner = models.ForeignKey(Organisation, verbose_name=_("提供单位"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=20, choices=ResourceKind)
    theme = models.CharField(_("主题"), max_length=20, choices=Theme, default=Theme.SKILL)
    platform = models.CharField(_("学习平台"), max_length=20, choices=Platform, default=Platform.LOCAL)
    field = models.CharField(_("工种或领域"), max_length=60)
    summary = models.TextField(_("内容简介"))
    audience = models.CharField(_("适合人群"), max_length=120)
    hours = models.DecimalField(
        _("学时"), max_digits=6, decimal_places=1, default=Decimal(0), validators=[MinValueValidator(Decimal(0))]
    )
    pass_mark = models.PositiveSmallIntegerField(  # of a quiz: per cent of the questions
        _("合格线"), default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    rights_holder = models.CharField(_("版权所有人"), max_length=120)
    licence = models.CharField(_("使用权利"), max_length=20, choices=Licence)
    rights_until = models.DateField(_("授权截止"), null=True, blank=True)
    is_free = models.BooleanField(_("免费"), default=True)
    fee_note = models.CharField(_("收费说明"), max_length=120, blank=True)
    link = models.URLField(_("学习链接"), max_length=300, blank=True)
    place = models.CharField(_("地点和联系方式"), max_length=200, blank=True)
    file = models.FileField(upload_to="learning/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    reach = models.CharField(_("开放范围"), max_length=20, choices=Reach, default=Reach.FEDERATION)
    shown_path = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(_("状态"), max_length=20, choices=ResourceState, default=ResourceState.DRAFT)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_reason = models.CharField(_("下架原因"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("培训资源")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "title"], name="competitions_resource_once"),
            models.CheckConstraint(
                condition=Q(state=ResourceState.PUBLISHED, published_at__isnull=False) & ~Q(shown_path="")
                | (~Q(state=ResourceState.PUBLISHED) & Q(shown_path="")),
                name="competitions_resource_shown",
            ),
        ]
        indexes = [models.Index(fields=["state", "shown_path"], name="competitions_resource_shown")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:learning.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_state_display(), TONE_OF_STATE[self.state])

    @property
    def is_published(self) -> bool:
        return self.state == ResourceState.PUBLISHED

    def may_be_used_on(self, day: dt.date) -> bool:
        """The right still holds on ``day``; without a date it holds until somebody withdraws it."""
        return self.rights_until is None or day <= self.rights_until

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class QuizQuestion(ScopedModel):
    """测验题: one question with its options and which of them are right; seen like its quiz."""

    scope_owner = "resource__owner__path"
    scope_downward = "resource__shown_path"
    scope_public = Q(resource__state=ResourceState.PUBLISHED, resource__reach=Reach.EVERYBODY)

    resource = models.ForeignKey(TrainingResource, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(_("题目"), max_length=300)
    options = ArrayField(models.CharField(max_length=200), verbose_name=_("选项"))
    right = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("正确选项"))  # positions, from 0
    explanation = models.CharField(_("解析"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("测验题")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["resource", "text"], name="competitions_question_once"),
            models.CheckConstraint(
                condition=Q(options__len__gte=2, right__len__gte=1), name="competitions_question_answerable"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_multiple(self) -> bool:
        return len(self.right) > 1

    @property
    def letters(self) -> str:
        """The right options as people write them: “AC”."""
        return "".join("ABCDEF"[n] for n in sorted(self.right))

    def audit_paths(self) -> tuple[str, str]:
        return self.resource.audit_paths()
