"""班组竞赛: points per day or week by items, copied from a template; ranked, closed by the unit."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.labels.enums import Among, Rhythm
from competitions.labels.models.teams import WorkTeam
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

POINTS = {"max_digits": 10, "decimal_places": 2}


class TeamContestTemplate(ScopedModel, TimeStamped):
    """模板 of a union, beside the library; seen by all below it. ``items``: [{title, unit, points, most}] as texts."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("制定单位"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("模板名称"), max_length=60)
    rhythm = models.CharField(_("计分周期"), max_length=10, choices=Rhythm)
    among = models.CharField(_("参赛对象"), max_length=10, choices=Among)
    words = models.TextField(_("规则"), blank=True)
    items = models.JSONField(_("计分项目"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("班组竞赛模板")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "title"], name="competitions_team_template_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class TeamContest(ScopedModel, TimeStamped):
    """班组竞赛 of one unit; ``standing`` is the final ranking as it was when the unit closed it."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("举办工会"), on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("竞赛名称"), max_length=80)
    rhythm = models.CharField(_("计分周期"), max_length=10, choices=Rhythm)
    among = models.CharField(_("参赛对象"), max_length=10, choices=Among)
    words = models.TextField(_("规则"), blank=True)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    summary = models.TextField(_("总结"), blank=True)
    standing = models.JSONField(_("最终名次"), default=list)  # [{rank, name, total, periods}]
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("班组竞赛")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="competitions_team_contest_term"
            ),
            models.UniqueConstraint(
                fields=["organisation", "title", "starts_on"], name="competitions_team_contest_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:teamcontest.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(_("已结束"), "neutral") if self.closed_at else Badge(_("进行中"), "ok")

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class TeamContestItem(ScopedModel):
    """计分项目: ``points`` for each unit, below nought for deductions; ``most`` bounds one period."""

    scope_owner = "contest__organisation__path"

    contest = models.ForeignKey(TeamContest, on_delete=models.CASCADE, related_name="items")
    title = models.CharField(_("项目"), max_length=60)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    points = models.DecimalField(_("每单位分值"), **POINTS)
    most = models.DecimalField(_("每期最多"), null=True, validators=[MinValueValidator(0)], **POINTS)

    class Meta:
        verbose_name = verbose_name_plural = _("计分项目")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "title"], name="competitions_team_item_title")]

    def __str__(self) -> str:
        return self.title


class TeamContestant(ScopedModel):
    """参赛班组或职工."""

    scope_owner = "contest__organisation__path"

    contest = models.ForeignKey(TeamContest, on_delete=models.CASCADE, related_name="contestants")
    name = models.CharField(_("名称"), max_length=80)
    team = models.ForeignKey(WorkTeam, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("参赛对象")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "name"], name="competitions_contestant_name")]

    def __str__(self) -> str:
        return self.name


class TeamScore(ScopedModel):
    """积分 of one contestant, item and period; ``points`` as they were counted."""

    scope_owner = "contestant__contest__organisation__path"

    contestant = models.ForeignKey(TeamContestant, on_delete=models.CASCADE, related_name="scores")
    item = models.ForeignKey(TeamContestItem, on_delete=models.PROTECT, related_name="+")
    period = models.DateField(_("日期"))  # the day, or the Monday of the week
    value = models.DecimalField(_("数值"), max_digits=12, decimal_places=2)
    points = models.DecimalField(_("得分"), **POINTS)

    class Meta:
        verbose_name = verbose_name_plural = _("班组竞赛积分")
        ordering = ["period", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contestant", "item", "period"], name="competitions_team_score_once")
        ]
        indexes = [models.Index(fields=["contestant", "period"], name="competitions_team_score_period")]
