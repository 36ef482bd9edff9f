"""What happened, for ever."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.scoping import ScopedManager, ScopedModel, ScopedQuerySet


class AuditQuerySet(ScopedQuerySet):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("the audit log cannot be changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("the audit log cannot be deleted")


class AuditEvent(ScopedModel):
    """审计事件: one registered action on one object; facts, not sentences (text is rendered on display)."""

    scope_owner = "owner_path"
    scope_route = "route_path"

    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("操作人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_label = models.CharField(_("操作人（当时）"), max_length=200)
    desk_label = models.CharField(_("工作台（当时）"), max_length=200, blank=True)
    action = models.CharField(_("动作"), max_length=80, db_index=True)
    object_type = models.CharField(_("对象类型"), max_length=80)
    object_id = models.BigIntegerField(_("对象编号"), null=True)
    object_title = models.CharField(_("对象名称（当时）"), max_length=300, blank=True)
    owner_path = models.CharField(max_length=200, blank=True, db_index=True)
    route_path = models.CharField(max_length=200, blank=True, db_index=True)
    before = models.JSONField(_("之前"), default=dict)
    after = models.JSONField(_("之后"), default=dict)
    data = models.JSONField(_("补充"), default=dict)
    request_id = models.CharField(_("请求编号"), max_length=64, blank=True, db_index=True)
    client = models.CharField(_("来源地址"), max_length=64, blank=True)

    objects = ScopedManager.from_queryset(AuditQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("审计事件")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-at"], name="audit_event_object"),
            models.Index(fields=["-at", "-id"], name="audit_event_newest"),  # what a job does in bulk has one moment
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the audit log cannot be changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the audit log cannot be deleted")


class AppendOnly(ScopedModel):
    """Rows of the evidence chain: added, read, never changed."""

    objects = ScopedManager.from_queryset(AuditQuerySet)()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the evidence chain cannot be deleted")


class AuditLink(AppendOnly):
    """证据链环节: seals one event in the chain of its federation; ``chain`` is the root of the organisation path.

    No foreign key in the database: a link must outlive an event that somebody removed, to tell that it is missing.
    """

    scope_owner = "chain"

    event = models.OneToOneField(
        AuditEvent, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="link"
    )
    chain = models.CharField(_("证据链"), max_length=20, blank=True)
    sequence = models.PositiveBigIntegerField(_("序号"))
    digest = models.CharField(_("事件指纹"), max_length=64)
    previous = models.CharField(_("前一校验码"), max_length=64)
    code = models.CharField(_("校验码"), max_length=64)
    key = models.CharField(_("密钥编号"), max_length=8)
    sealed_at = models.DateTimeField(_("封存时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("证据链环节")
        ordering = ["chain", "sequence"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_link_sequence")]


class AuditHead(ScopedModel):
    """证据链末端: how far the chain reaches, under its own code; the one row of a chain that moves on."""

    scope_owner = "chain"

    chain = models.CharField(_("证据链"), max_length=20, blank=True, unique=True)
    sequence = models.PositiveBigIntegerField(_("最后序号"))
    last = models.CharField(_("最后校验码"), max_length=64)
    code = models.CharField(_("末端校验码"), max_length=64)
    key = models.CharField(_("密钥编号"), max_length=8)
    sealed_at = models.DateTimeField(_("最近封存"))

    class Meta:
        verbose_name = verbose_name_plural = _("证据链末端")


class AuditRoot(AppendOnly):
    """每日根值: the end of a chain on one day, to be printed, sent and kept outside the system."""

    scope_owner = "chain"

    chain = models.CharField(_("证据链"), max_length=20, blank=True)
    day = models.DateField(_("日期"))
    sequence = models.PositiveBigIntegerField(_("累计条数"))
    last = models.CharField(_("最后校验码"), max_length=64)
    previous = models.CharField(_("前一根值"), max_length=64)
    sha256 = models.CharField(_("根值"), max_length=64)
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("每日根值")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["chain", "day"], name="audit_root_day")]


class AuditCheck(AppendOnly):
    """证据链核验: one complete verification of a chain and what it found."""

    scope_owner = "chain"

    chain = models.CharField(_("证据链"), max_length=20, blank=True)
    at = models.DateTimeField(_("核验时间"))
    events = models.PositiveBigIntegerField(_("核验条数"))
    findings = models.JSONField(_("发现的问题"), default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("证据链核验")
        ordering = ["-at"]
        indexes = [models.Index(fields=["chain", "-at"], name="audit_check_chain")]
