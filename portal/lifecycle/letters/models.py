"""Letters: drafted as a batch, read by people, sent once; what went out stands with its reader."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.blueprints.letters import HEADING_LENGTH, LetterEvent
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.web.ui import Badge


class BatchState(models.TextChoices):
    DRAFT = "draft", _("拟稿")
    SENDING = "sending", _("正在发送")
    PARTLY = "partly", _("部分发送")
    SENT = "sent", _("已发送")
    DISCARDED = "discarded", _("已作废")


BATCH_TONES = {"draft": "neutral", "sending": "waiting", "partly": "waiting", "sent": "ok", "discarded": "stopped"}


class Channel(models.TextChoices):
    SITE = "site", _("站内")
    EMAIL = "email", _("电子邮件")
    SMS = "sms", _("短信")


class LetterBatch(ScopedModel, TimeStamped):
    """一批函件: one event of one cycle, the text with words in braces, and the letters that came of it."""

    scope_owner = "cycle__owner__path"

    cycle = models.ForeignKey(Cycle, verbose_name=_("届次"), on_delete=models.PROTECT, related_name="letter_batches")
    event = models.CharField(_("告知事项"), max_length=20, choices=LetterEvent)
    state = models.CharField(_("状态"), max_length=20, choices=BatchState, default=BatchState.DRAFT)
    heading = models.CharField(_("标题"), max_length=HEADING_LENGTH)
    body = models.TextField(_("正文"))
    channels = models.JSONField(_("发送方式"), default=list)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("发送时间"), null=True)
    runs = models.PositiveIntegerField(_("发送次数"), default=0)
    discard_reason = models.CharField(_("作废原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("函件")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "event"], condition=Q(state="draft"), name="lifecycle_letters_one_draft"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_event_display()}"

    @property
    def badge(self) -> Badge:
        return Badge(BatchState(self.state).label, BATCH_TONES[self.state])

    @property
    def channel_names(self) -> str:
        return "、".join(str(Channel(code).label) for code in self.channels)

    def audit_paths(self) -> tuple[str, str]:
        return self.cycle.owner.path, ""


class LetterState(models.TextChoices):
    DRAFT = "draft", _("待发送")
    LEFT_OUT = "left_out", _("不发")
    HELD = "held", _("暂缓")
    SENT = "sent", _("已发送")


LETTER_TONES = {"draft": "neutral", "left_out": "stopped", "held": "waiting", "sent": "ok"}


class Letter(ScopedModel):
    """函件: one reader's letter as people read it before it goes out; the reader sees deliveries, never drafts."""

    scope_owner = "batch__cycle__owner__path"

    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="letters")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("收件单位"), on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(User, verbose_name=_("收件人"), on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey(
        Entry, verbose_name=_("申报件"), on_delete=models.PROTECT, null=True, related_name="letters"
    )
    reader = models.CharField(_("收件"), max_length=200)
    values = models.JSONField(_("填入的内容"), default=dict)
    heading = models.CharField(_("标题"), max_length=300)
    body = models.TextField(_("正文"))
    is_own = models.BooleanField(_("单独改过"), default=False)  # its text no longer follows the batch
    state = models.CharField(_("状态"), max_length=20, choices=LetterState, default=LetterState.DRAFT)
    note = models.CharField(_("说明"), max_length=300, blank=True)  # why it is left out or held

    class Meta:
        verbose_name = verbose_name_plural = _("函件")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "organisation", "user", "entry"],
                nulls_distinct=False,
                name="lifecycle_letter_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader}：{self.heading}"

    @property
    def badge(self) -> Badge:
        return Badge(LetterState(self.state).label, LETTER_TONES[self.state])

    def audit_paths(self) -> tuple[str, str]:
        return self.batch.cycle.owner.path, ""


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("结果待确认")
    SENT = "sent", _("已送达")
    FAILED = "failed", _("发送失败")


class Delivery(ScopedModel):
    """送达: one letter to one person by one way. On the site it is what the person reads in the inbox.

    ``SENDING`` is written before the mail or text message leaves: when the worker is lost in between, nobody knows
    whether it arrived, so it is never sent again by itself.
    """

    scope_owner = "organisation__path"
    scope_route = "letter__batch__cycle__owner__path"  # the sender follows what became of it
    scope_reviewer = "user_id"

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, null=True, related_name="deliveries")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sender_name = models.CharField(_("发件"), max_length=120)
    channel = models.CharField(_("方式"), max_length=10, choices=Channel)
    state = models.CharField(_("状态"), max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    heading = models.CharField(_("标题"), max_length=300)
    body = models.TextField(_("正文"))
    error = models.CharField(_("失败原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("送达")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "channel", "read_at"], name="lifecycle_delivery_inbox")]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "user", "channel"], condition=Q(letter__isnull=False), name="lifecycle_delivery_once"
            )
        ]

    def __str__(self) -> str:
        return self.heading

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class Frequency(models.TextChoices):
    NEVER = "never", _("不提醒")
    DAILY = "daily", _("每个工作日")
    WEEKLY = "weekly", _("每周第一个工作日")


class DigestRule(ScopedModel):
    """待办提醒: when a desk's list of things to do is sent to the person who works there."""

    scope_owner = "membership__organisation__path"
    scope_reviewer = "membership__user_id"

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")
    frequency = models.CharField(_("频次"), max_length=10, choices=Frequency, default=Frequency.NEVER)
    hour = models.PositiveSmallIntegerField(_("时间"), default=8)
    only_due = models.BooleanField(_("只在有逾期或当天到期事项时提醒"), default=False)
    channels = models.JSONField(_("提醒方式"), default=list)
    last_sent_on = models.DateField(_("上次提醒"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("待办提醒")

    def __str__(self) -> str:
        return f"{self.membership} · {self.get_frequency_display()}"

    def audit_paths(self) -> tuple[str, str]:
        return self.membership.organisation.path, ""
