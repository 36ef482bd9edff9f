"""Decisions, numbering, and what was conferred."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle
from portal.web.ui import Badge


class ConferralStatus(models.TextChoices):
    DRAFT = "draft", _("拟稿")
    ISSUED = "issued", _("已印发")


class Conferral(ScopedModel, TimeStamped):
    """命名决定: the document that confers the honours of a cycle."""

    scope_owner = "cycle__owner__path"

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="conferrals")
    status = models.CharField(_("状态"), max_length=20, choices=ConferralStatus, default=ConferralStatus.DRAFT)
    title = models.CharField(_("标题"), max_length=160)
    document_number = models.CharField(_("发文字号"), max_length=60)
    decided_on = models.DateField(_("决定日期"))
    body = models.TextField(_("正文"))
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("印发时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("命名决定")
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document_number"], condition=Q(status="issued"), name="lifecycle_conferral_number"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def badge(self) -> Badge:
        issued = self.status == ConferralStatus.ISSUED
        return Badge(ConferralStatus(self.status).label, "gold" if issued else "neutral")

    def audit_paths(self) -> tuple[str, str]:
        return self.cycle.owner.path, ""


class ConferralItem(ScopedModel):
    """命名（拨付）名单: one entry with its certificate number; a grant has its sum, and a certificate only by the blueprint."""

    scope_owner = "conferral__cycle__owner__path"

    conferral = models.ForeignKey(Conferral, on_delete=models.PROTECT, related_name="items")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="conferral_item")
    serial = models.PositiveIntegerField(_("顺序号"))
    certificate_number = models.CharField(_("证书编号"), max_length=60, unique=True, null=True)
    amount = models.DecimalField(_("拨付金额（元）"), max_digits=14, decimal_places=2, null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("命名名单")
        ordering = ["serial"]


class WithdrawalGrounds(models.TextChoices):
    FRAUD = "fraud", _("弄虚作假取得")
    DISCIPLINE = "discipline", _("受到开除党籍、撤职以上处分")
    CRIME = "crime", _("受到刑事处罚")
    ACCIDENT = "accident", _("发生安全生产责任事故")
    OBJECTION = "objection", _("异议、举报查实")
    OTHER = "other", _("其他法定情形")


class Withdrawal(ScopedModel):
    """撤销: one honour taken back later, by a decision of its own; the register keeps the record and says so."""

    scope_owner = "item__conferral__cycle__owner__path"

    item = models.OneToOneField(ConferralItem, on_delete=models.PROTECT, related_name="withdrawal")
    grounds = models.CharField(_("撤销情形"), max_length=20, choices=WithdrawalGrounds)
    document_number = models.CharField(_("撤销决定文号"), max_length=60)
    decided_on = models.DateField(_("决定日期"))
    reason = models.CharField(_("事实和依据"), max_length=300)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("撤销荣誉")
        ordering = ["-decided_on", "-pk"]


class NumberSequence(ScopedModel):
    """编号序列: taken under a row lock, so that two clerks never get the same number and none is skipped."""

    scope_owner = "owner__path"

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("编号序列")
        constraints = [models.UniqueConstraint(fields=["owner", "key", "year"], name="lifecycle_sequence_once")]
