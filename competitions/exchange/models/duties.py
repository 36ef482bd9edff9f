"""What comes of a case: who follows it, who wants to hear of the next one, and what a model owes every year."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.exchange.enums import TONES, CaseKind, DutyState
from competitions.exchange.models.cases import ExchangeCase
from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.web.ui import Badge


class CaseSubscription(ScopedModel):
    """订阅: the desks of a union hear of every new case of a kind."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("案例类别"), max_length=20, choices=CaseKind)
    since = models.DateTimeField(_("订阅时间"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("案例订阅")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind"], name="competitions_case_subscription_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_kind_display()}"

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class CaseNotice(ScopedModel):
    """新案例提示: waits in the work list of a union that subscribed until somebody of it opens the case."""

    scope_owner = "organisation__path"

    case = models.ForeignKey(ExchangeCase, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("新案例提示")
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["case", "organisation"], name="competitions_case_notice_once")]
        indexes = [
            models.Index(fields=["organisation"], condition=Q(read_at=None), name="competitions_case_notice_new")
        ]

    def __str__(self) -> str:
        return f"{self.case} → {self.organisation}"

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class CaseFollow(ScopedModel):
    """学用登记: a union takes up a case; seen by it, by those above, and by the case's union (``seen_by``)."""

    scope_owner = "organisation__path"
    scope_shared = "seen_by"

    case = models.ForeignKey(ExchangeCase, on_delete=models.PROTECT, related_name="follows")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("学用单位"), on_delete=models.PROTECT, related_name="+"
    )
    seen_by = ArrayField(models.CharField(max_length=200), default=list)
    words = models.TextField(_("准备怎样用"))
    followed_at = models.DateTimeField(_("登记时间"))
    followed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("学用登记")
        ordering = ["-followed_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["case", "organisation"], name="competitions_case_follow_once")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.case}"

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class ShareDuty(ScopedModel):
    """年度交流任务: what a holder of an honour shares in a year – set by a union above, reported by the holder's, checked."""

    scope_owner = "organisation__path"

    entry = models.ForeignKey(Entry, verbose_name=_("获奖对象"), on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所属工会"), on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveIntegerField(_("年度"))
    wanted = models.PositiveSmallIntegerField(_("交流次数要求"), default=1, validators=[MinValueValidator(1)])
    due_on = models.DateField(_("完成期限"))
    words = models.TextField(_("任务内容"))
    state = models.CharField(_("状态"), max_length=20, choices=DutyState, default=DutyState.OPEN)
    set_from = models.ForeignKey(Organisation, verbose_name=_("布置工会"), on_delete=models.PROTECT, related_name="+")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(_("布置时间"))
    report = models.TextField(_("完成情况"), blank=True)
    done_times = models.PositiveSmallIntegerField(_("已交流次数"), default=0)  # counted when it was reported
    reported_at = models.DateTimeField(_("报告时间"), null=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(_("检查意见"), max_length=300, blank=True)
    checked_at = models.DateTimeField(_("检查时间"), null=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("年度交流任务")
        ordering = ["-year", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "year"], name="competitions_share_duty_once"),
            models.CheckConstraint(
                condition=Q(state=DutyState.OPEN)
                | Q(state=DutyState.REPORTED, reported_at__isnull=False)
                | (Q(state__in=(DutyState.PASSED, DutyState.FAILED), checked_at__isnull=False) & ~Q(verdict="")),
                name="competitions_share_duty_checked",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="competitions_share_duty_state")]

    def __str__(self) -> str:
        return f"{self.entry} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:duty.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(DutyState(self.state).label, "waiting" if self.state == DutyState.OPEN else TONES[self.state])

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.set_from.path
