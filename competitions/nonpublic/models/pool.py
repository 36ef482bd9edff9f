"""培育库: enterprises a union brings on towards the demonstration units, and what was done with each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.nonpublic.enums import ENDED, TONE_OF_STAGE, Stage
from portal.accounts.models import Employer, Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class Cultivated(ScopedModel, TimeStamped):
    """培育对象: one enterprise in the pool of one union; at most once while it is being brought on."""

    scope_owner = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("培育工会"), on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField(_("入库年度"))
    stage = models.CharField(_("培育阶段"), max_length=20, choices=Stage, default=Stage.FOUND)
    coach = models.CharField(_("联系指导人"), max_length=60)
    helper = models.ForeignKey(
        Employer, verbose_name=_("结对帮扶单位"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    highlights = models.TextField(_("竞赛亮点"))
    plan = models.TextField(_("培育措施"), blank=True)
    goal_year = models.PositiveIntegerField(_("目标申报年度"))

    class Meta:
        verbose_name = verbose_name_plural = _("培育对象")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=~Q(stage__in=[s.value for s in ENDED]),
                name="competitions_cultivated_once",
            ),
            models.CheckConstraint(condition=Q(goal_year__gte=models.F("year")), name="competitions_cultivated_goal"),
        ]

    def __str__(self) -> str:
        return self.employer.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:cultivated.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_stage_display(), TONE_OF_STAGE[Stage(self.stage)])

    @property
    def has_ended(self) -> bool:
        return self.stage in ENDED

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, self.employer.organisation.path


class CultivationStep(ScopedModel):
    """培育记录: what was done, and the stage it led to. Only added, never changed."""

    scope_owner = "cultivated__owner__path"

    cultivated = models.ForeignKey(Cultivated, on_delete=models.CASCADE, related_name="steps")
    on = models.DateField(_("日期"))
    stage = models.CharField(_("培育阶段"), max_length=20, choices=Stage)
    words = models.TextField(_("做了什么"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("培育记录")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_stage_display()}"

    def audit_paths(self) -> tuple[str, str]:
        return self.cultivated.audit_paths()
