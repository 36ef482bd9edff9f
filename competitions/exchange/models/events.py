"""交流活动 with places, and 参观预约: days a model unit opens its doors."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.exchange.enums import TONES, BookingState, EventKind, EventState, PlaceState
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

PATHS = {"base_field": models.CharField(max_length=200), "default": list}


class ExchangeEvent(ScopedModel, TimeStamped):
    """交流活动: planned by one union; once open, found by all unions of the federation."""

    scope_owner = "owner__path"
    scope_downward = "shown_path"

    owner = models.ForeignKey(Organisation, verbose_name=_("主办工会"), on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("活动名称"), max_length=80)
    kind = models.CharField(_("形式"), max_length=20, choices=EventKind)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    register_until = models.DateTimeField(_("报名截止"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    link = models.URLField(_("线上地址"), max_length=300, blank=True)
    capacity = models.PositiveIntegerField(_("名额"), validators=[MinValueValidator(1)])
    agenda = models.TextField(_("议程"))
    minutes = models.TextField(_("活动小结"), blank=True)
    reason = models.CharField(_("取消原因"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=EventState, default=EventState.PLANNED)
    shown_path = models.CharField(max_length=200, blank=True, default="")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("交流活动")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), register_until__lte=F("starts_at"), capacity__gt=0),
                name="competitions_event_times",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:exchange.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_state_display(), TONES[self.state])

    def takes_registrations(self, now: dt.datetime) -> bool:
        return self.state == EventState.OPEN and now < self.register_until

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class EventRegistration(ScopedModel):
    """活动报名: so many people of one union; ``seen_by`` holds the paths of the union and of the host."""

    scope_owner = "organisation__path"
    scope_shared = "seen_by"

    event = models.ForeignKey(ExchangeEvent, on_delete=models.CASCADE, related_name="registrations")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("报名单位"), on_delete=models.PROTECT, related_name="+"
    )
    seen_by = ArrayField(**PATHS)
    people = models.PositiveIntegerField(_("人数"), validators=[MinValueValidator(1)])
    contact = models.CharField(_("联系人"), max_length=60)
    state = models.CharField(_("状态"), max_length=20, choices=PlaceState)
    registered_at = models.DateTimeField(_("报名时间"))
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    came = models.PositiveIntegerField(_("实到人数"), null=True)
    score = models.PositiveSmallIntegerField(
        _("评价"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    feedback = models.TextField(_("收获和建议"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("活动报名")
        ordering = ["registered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation"], name="competitions_registration_once"),
            models.CheckConstraint(condition=Q(people__gt=0), name="competitions_registration_people"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.people}"

    @property
    def badge(self) -> Badge:
        return Badge(self.get_state_display(), TONES[self.state])

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.event.owner.path


class OpenDay(ScopedModel, TimeStamped):
    """开放日: one day on which a unit receives visitors; all unions of the federation find it."""

    scope_owner = "owner__path"
    scope_downward = "shown_path"

    owner = models.ForeignKey(Organisation, verbose_name=_("开放单位"), on_delete=models.PROTECT, related_name="+")
    shown_path = models.CharField(max_length=200)
    topic = models.CharField(_("交流主题"), max_length=80)
    on = models.DateField(_("日期"))
    hours = models.CharField(_("时间"), max_length=40)
    place = models.CharField(_("地点"), max_length=120)
    capacity = models.PositiveIntegerField(_("可接待人数"), validators=[MinValueValidator(1)])
    notes = models.TextField(_("参观要求"), blank=True)
    is_closed = models.BooleanField(_("已关闭"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("开放日")
        ordering = ["on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(capacity__gt=0), name="competitions_openday_capacity")]

    def __str__(self) -> str:
        return f"{self.topic} {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:openday.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class VisitBooking(ScopedModel):
    """参观预约: people of one union who want to come; ``seen_by`` holds the paths of the union and of the host."""

    scope_owner = "organisation__path"
    scope_shared = "seen_by"

    day = models.ForeignKey(OpenDay, on_delete=models.PROTECT, related_name="bookings")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("预约单位"), on_delete=models.PROTECT, related_name="+"
    )
    seen_by = ArrayField(**PATHS)
    people = models.PositiveIntegerField(_("人数"), validators=[MinValueValidator(1)])
    contact = models.CharField(_("联系人"), max_length=60)
    purpose = models.TextField(_("想学什么"))
    state = models.CharField(_("状态"), max_length=20, choices=BookingState, default=BookingState.ASKED)
    asked_at = models.DateTimeField(_("预约时间"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    came = models.PositiveIntegerField(_("实到人数"), null=True)
    record = models.TextField(_("接待记录"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("参观预约")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "organisation"],
                condition=Q(state__in=("asked", "accepted", "done")),
                name="competitions_booking_once",
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="competitions_booking_people"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.people}"

    @property
    def badge(self) -> Badge:
        return Badge(self.get_state_display(), TONES[self.state])

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.day.owner.path
