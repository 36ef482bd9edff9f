"""Programmes, their immutable blueprints, and the cycles that pin one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.blueprints import schema
from portal.lifecycle.blueprints.loader import cached, sha256_of
from portal.lifecycle.blueprints.overlay import overlaid


class Programme(ScopedModel, TimeStamped):
    """项目: what the plan runs again and again; how it runs is its blueprint's matter."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"
    scope_public = Q(is_active=True)

    code = models.SlugField(_("代码"), max_length=60)
    pillar = models.CharField(_("板块"), max_length=30)
    owner = models.ForeignKey(Organisation, verbose_name=_("主办工会"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("名称"), max_length=120)
    short_title = models.CharField(_("简称"), max_length=40, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("项目")
        ordering = ["pillar", "code"]
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="lifecycle_programme_code")]

    def __str__(self) -> str:
        return self.title

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class Blueprint(ScopedModel):
    """方案: one version of a programme's rules as data; never changed once published."""

    scope_owner = "programme__owner__path"
    scope_downward = "programme__owner__path"
    scope_public = Q(published_at__isnull=False)

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="blueprints")
    version = models.PositiveIntegerField(_("版本"))
    definition = models.JSONField(_("内容"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    reason = models.CharField(_("修改说明"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("方案")
        ordering = ["programme", "-version"]
        constraints = [models.UniqueConstraint(fields=["programme", "version"], name="lifecycle_blueprint_version")]

    def __str__(self) -> str:
        return f"{self.programme} v{self.version}"

    @property
    def rules(self) -> schema.Blueprint:
        """The definition as typed rules (parsed once per fingerprint)."""
        return cached(self.definition, self.sha256)

    def audit_paths(self) -> tuple[str, str]:
        return self.programme.owner.path, ""


class CycleStatus(models.TextChoices):
    PLANNED = "planned", _("筹备中")
    RUNNING = "running", _("进行中")
    FINISHED = "finished", _("已结束")
    CANCELLED = "cancelled", _("已取消")


class Cycle(ScopedModel, TimeStamped):
    """届次: one run of a programme over one period, on one pinned blueprint version."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"
    scope_public = Q(status__in=[CycleStatus.RUNNING, CycleStatus.FINISHED])

    programme = models.ForeignKey(Programme, verbose_name=_("项目"), on_delete=models.PROTECT, related_name="cycles")
    blueprint = models.ForeignKey(Blueprint, verbose_name=_("方案"), on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, verbose_name=_("主办工会"), on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("届次"), max_length=60)
    year = models.PositiveIntegerField(_("评选年度"))
    period_start = models.DateField(_("成果起始"))
    period_end = models.DateField(_("成果截止"))
    status = models.CharField(_("状态"), max_length=20, choices=CycleStatus, default=CycleStatus.PLANNED, db_index=True)
    call_number = models.CharField(_("通知文号"), max_length=60, blank=True)
    # What was changed of the pinned rules inside this run: ``{"texts": …, "stages": {kind: …}, "tracks": {code: …}}``.
    amended = models.JSONField(_("本届调整"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("届次")
        ordering = ["-year", "programme"]
        constraints = [
            # Opening the cycle of a year happens once, also when beat ticks twice or two workers race.
            models.UniqueConstraint(fields=["programme", "owner", "year"], name="lifecycle_cycle_once"),
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start")), name="lifecycle_cycle_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.short_title or self.programme.title} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("lifecycle:cycle.detail", kwargs={"pk": self.pk})

    @property
    def is_edition(self) -> bool:
        """下级届次: run by a union below the one whose programme it is."""
        return self.owner_id != self.programme.owner_id

    @property
    def rules(self) -> schema.Blueprint:
        """The pinned blueprint as typed rules, with what was amended inside this run."""
        if not self.amended:
            return self.blueprint.rules
        return cached(self.definition, sha256_of({"pinned": self.blueprint.sha256, "amended": self.amended}))

    @property
    def definition(self) -> dict[str, Any]:
        """The pinned definition with the amendments of this run laid over it."""
        return overlaid(self.blueprint.definition, self.amended)

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class StageStatus(models.TextChoices):
    PENDING = "pending", _("未开始")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已完成")


class CycleStage(ScopedModel):
    """环节: one step of a cycle with its dates and a copy of the blueprint's parameters."""

    scope_owner = "cycle__owner__path"
    scope_downward = "cycle__owner__path"
    scope_public = Q(cycle__status__in=[CycleStatus.RUNNING, CycleStatus.FINISHED])

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="stages")
    kind = models.CharField(_("环节"), max_length=20)
    title = models.CharField(_("名称"), max_length=60)
    position = models.PositiveSmallIntegerField(_("顺序"))
    opens_at = models.DateTimeField(_("开始"))
    closes_at = models.DateTimeField(_("结束"))
    status = models.CharField(_("状态"), max_length=20, choices=StageStatus, default=StageStatus.PENDING)
    params = models.JSONField(_("参数"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("环节")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "position"], name="lifecycle_stage_position"),
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="lifecycle_stage_dates"),
        ]
        indexes = [models.Index(fields=["status", "opens_at"], name="lifecycle_stage_due")]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.title}"

    @property
    def grace(self) -> dt.timedelta:
        """宽限: typing over the deadline loses nothing (blueprint ``grace_minutes``)."""
        return dt.timedelta(minutes=int(self.params.get("grace_minutes", 0)))

    def is_open_at(self, now: dt.datetime) -> bool:
        """Applications open and close to the minute; later stages when people or beat open them."""
        if self.kind == "application":
            return self.status != StageStatus.CLOSED and self.opens_at <= now <= self.closes_at + self.grace
        return self.status == StageStatus.OPEN

    def audit_paths(self) -> tuple[str, str]:
        return self.cycle.owner.path, ""


class Track(ScopedModel):
    """赛道: 工种、赛项或类别, with places of its own where the blueprint says so."""

    scope_owner = "cycle__owner__path"
    scope_downward = "cycle__owner__path"
    scope_public = Q(cycle__status__in=[CycleStatus.RUNNING, CycleStatus.FINISHED])

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="tracks")
    code = models.SlugField(_("代码"), max_length=60)
    title = models.CharField(_("名称"), max_length=80)
    places = models.PositiveIntegerField(_("名额"), null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("赛道")
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["cycle", "code"], name="lifecycle_track_code")]

    def __str__(self) -> str:
        return self.title


class QuotaAllocation(ScopedModel, TimeStamped):
    """名额账户: the places of one union in one cycle (and track). Only ``places/posting.py`` changes the numbers.

    ``count`` are all main places (正选) it holds, of which ``used`` are in use by entries and ``lapsed`` were not used in
    time; what is left is free and never below zero, by the database's own word. Likewise the reserves (递补).
    """

    scope_owner = "organisation__path"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="quotas")
    track = models.ForeignKey(Track, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("推荐工会"), on_delete=models.PROTECT, related_name="+"
    )
    count = models.PositiveIntegerField(_("正选名额"))
    used = models.PositiveIntegerField(_("正选已用"), default=0)
    lapsed = models.PositiveIntegerField(_("正选作废"), default=0)
    reserves = models.PositiveIntegerField(_("递补名额"), default=0)
    reserves_used = models.PositiveIntegerField(_("递补已用"), default=0)
    reserves_lapsed = models.PositiveIntegerField(_("递补作废"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("推荐名额")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "track", "organisation"], nulls_distinct=False, name="lifecycle_quota_unique"
            ),
            models.CheckConstraint(
                condition=Q(count__gte=models.F("used") + models.F("lapsed")), name="lifecycle_quota_free"
            ),
            models.CheckConstraint(
                condition=Q(reserves__gte=models.F("reserves_used") + models.F("reserves_lapsed")),
                name="lifecycle_quota_reserves_free",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("lifecycle:place.account", kwargs={"pk": self.pk})

    @property
    def free(self) -> int:
        """余额: main places that can still be used, handed on or given back."""
        return self.count - self.used - self.lapsed

    @property
    def reserves_free(self) -> int:
        return self.reserves - self.reserves_used - self.reserves_lapsed

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""
