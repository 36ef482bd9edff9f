"""What a studio works on and brings: topics, results, trainings, people, money."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from innovations.studios.enums import (
    INCOME,
    TONE_OF_TOPIC,
    ActivityKind,
    GrowthKind,
    MoneyKind,
    Reach,
    ResultKind,
    TopicStatus,
)
from innovations.studios.models.base import OfStudio
from portal.accounts.models import User
from portal.web.ui import Badge

YUAN = {"max_digits": 14, "decimal_places": 2}
FEN = Decimal("0.01")


class Topic(OfStudio):
    """课题 of one year; ``approval_number`` is the enterprise's own."""

    kind_of_record = "topic"

    year = models.PositiveIntegerField(_("年度"))
    title = models.CharField(_("课题名称"), max_length=120)
    goal = models.TextField(_("要解决的问题和目标"))
    head = models.CharField(_("课题负责人"), max_length=40)
    due_on = models.DateField(_("计划完成"))
    budget = models.DecimalField(_("预算"), default=Decimal(0), validators=[MinValueValidator(Decimal(0))], **YUAN)
    status = models.CharField(_("状态"), max_length=20, choices=TopicStatus, default=TopicStatus.PROPOSED)
    approval_number = models.CharField(_("单位立项文号"), max_length=60, blank=True)
    approved_on = models.DateField(_("立项日期"), null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(_("完成（中止）日期"), null=True)
    outcome = models.TextField(_("完成情况"), blank=True)
    benefit = models.DecimalField(_("年效益"), default=Decimal(0), validators=[MinValueValidator(Decimal(0))], **YUAN)

    class Meta:
        verbose_name = verbose_name_plural = _("工作室课题")
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "year", "title"], name="innovations_topic_once"),
            models.CheckConstraint(
                condition=Q(status="proposed", approved_on=None)
                | Q(status="stopped")
                | (Q(status__in=("approved", "done"), approved_on__isnull=False) & ~Q(approval_number="")),
                name="innovations_topic_approved",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("done", "stopped"), ended_on__isnull=False)
                | Q(status__in=("proposed", "approved"), ended_on=None),
                name="innovations_topic_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def badge(self) -> Badge:
        return Badge(self.get_status_display(), TONE_OF_TOPIC[TopicStatus(self.status)])


class Result(OfStudio):
    """成果 with its yearly benefit in yuan."""

    kind_of_record = "result"

    topic = models.ForeignKey(
        Topic, verbose_name=_("来自课题"), on_delete=models.PROTECT, null=True, blank=True, related_name="results"
    )
    title = models.CharField(_("成果名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=20, choices=ResultKind)
    number = models.CharField(_("编号"), max_length=60, blank=True)
    on = models.DateField(_("取得日期"))
    applied_in = models.CharField(_("应用单位"), max_length=120)
    benefit = models.DecimalField(_("年效益"), default=Decimal(0), validators=[MinValueValidator(Decimal(0))], **YUAN)

    class Meta:
        verbose_name = verbose_name_plural = _("工作室成果")
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.title


class Activity(OfStudio):
    """培训、交流: one theme on a day, in so many sessions, so many attendances."""

    kind_of_record = "activity"

    on = models.DateField(_("日期"))
    title = models.CharField(_("主题"), max_length=120)
    kind = models.CharField(_("形式"), max_length=20, choices=ActivityKind)
    reach = models.CharField(_("范围"), max_length=20, choices=Reach)
    sessions = models.PositiveIntegerField(_("场次"), default=1, validators=[MinValueValidator(1)])
    people = models.PositiveIntegerField(_("人次"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = verbose_name_plural = _("培训交流")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(sessions__gte=1, people__gte=1), name="innovations_activity_counted")
        ]

    def __str__(self) -> str:
        return self.title


class Growth(OfStudio):
    """带徒 (from ``on`` until ``until``) or 晋级 (from ``before`` to ``after`` on that day)."""

    kind_of_record = "growth"

    kind = models.CharField(_("类别"), max_length=20, choices=GrowthKind)
    name = models.CharField(_("姓名"), max_length=40)
    on = models.DateField(_("日期"))
    mentor = models.CharField(_("师傅"), max_length=40, blank=True)
    trade = models.CharField(_("工种、专业"), max_length=60)
    until = models.DateField(_("出徒日期"), null=True, blank=True)
    before = models.CharField(_("晋级前"), max_length=40, blank=True)
    after = models.CharField(_("晋级后"), max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("带徒和晋级")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="apprentice") & ~Q(mentor="")) | (Q(kind="promotion") & ~Q(after="")),
                name="innovations_growth_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class MoneyLine(OfStudio):
    """经费账: never changed; what is wrong is reversed by a line of its own. ``amount`` is yuan, always above nought."""

    kind_of_record = "money"

    on = models.DateField(_("日期"))
    kind = models.CharField(_("科目"), max_length=20, choices=MoneyKind)
    amount = models.DecimalField(_("金额"), validators=[MinValueValidator(FEN)], **YUAN)
    words = models.CharField(_("摘要"), max_length=120)
    voucher = models.CharField(_("凭证号"), max_length=40)
    overdraft = models.CharField(_("垫支说明"), max_length=200, blank=True)  # why the account may be below nought
    reverses = models.OneToOneField(
        "self", verbose_name=_("冲销"), on_delete=models.PROTECT, null=True, related_name="reversal"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("工作室经费")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="innovations_money_positive")]

    def __str__(self) -> str:
        return f"{self.words} {self.amount}"

    @property
    def is_income(self) -> bool:
        return self.kind in INCOME

    @property
    def signed(self) -> Decimal:
        """What the line does to the balance; a reversal does the opposite of its kind."""
        amount = self.amount if self.is_income else -self.amount
        return -amount if self.reverses_id else amount
