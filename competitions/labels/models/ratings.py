"""服务评价: the code a window shows, and what people said who scanned it. Nothing in it says who they are."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.labels.enums import Dimension, RemarkStatus
from competitions.labels.models.teams import WorkTeam
from portal.accounts.models import User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

SCORES = tuple(Dimension.values)


class RatingPoint(ScopedModel, TimeStamped):
    """评价码: one per team; ``token`` is the address in the code, made anew when the old one was misused."""

    scope_owner = "team__organisation__path"

    team = models.OneToOneField(WorkTeam, on_delete=models.PROTECT, related_name="rating_point")
    token = models.CharField(max_length=40, unique=True)
    service = models.CharField(_("服务事项"), max_length=120)
    is_open = models.BooleanField(_("接受评价"), default=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("服务评价码")
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return self.team.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:ratingpoint.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(_("接受评价"), "ok") if self.is_open else Badge(_("已停用"), "stopped")

    def audit_paths(self) -> tuple[str, str]:
        return self.team.organisation.path, self.team.organisation.path


def _score(label: object) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(1), MaxValueValidator(5)])


class Rating(ScopedModel):
    """一次评价: five marks 1–5. ``device`` and ``network`` are keyed fingerprints of the day, useless on the next."""

    scope_owner = "point__team__organisation__path"

    point = models.ForeignKey(RatingPoint, on_delete=models.PROTECT, related_name="ratings")
    day = models.DateField(_("日期"))
    at = models.DateTimeField(_("时间"))
    attitude = _score(Dimension.ATTITUDE.label)
    quality = _score(Dimension.QUALITY.label)
    innovation = _score(Dimension.INNOVATION.label)
    ability = _score(Dimension.ABILITY.label)
    efficiency = _score(Dimension.EFFICIENCY.label)
    remark = models.CharField(_("留言"), max_length=300, blank=True)
    remark_status = models.CharField(_("留言状态"), max_length=20, choices=RemarkStatus, default=RemarkStatus.NONE)
    remark_reason = models.CharField(_("不公开的原因"), max_length=200, blank=True)
    device = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    left_out = models.BooleanField(_("不计入"), default=False)
    left_out_reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务评价")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["point", "day", "device"], name="competitions_rating_once_a_day"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__range": (1, 5) for name in SCORES}), name="competitions_rating_scores"
            ),
            models.CheckConstraint(
                condition=Q(left_out=False) | ~Q(left_out_reason=""), name="competitions_rating_reason"
            ),
        ]
        indexes = [models.Index(fields=["point", "at"], name="competitions_rating_point_at")]

    def __str__(self) -> str:
        return f"{self.point} {self.day}"

    @property
    def counted_badge(self) -> Badge:
        return Badge(_("不计入"), "stopped") if self.left_out else Badge(_("计入"), "ok")

    def audit_paths(self) -> tuple[str, str]:
        return self.point.audit_paths()
