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

    at = models.DateTimeField(_("时间"), db_index=True)
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
        indexes = [models.Index(fields=["object_type", "object_id", "-at"], name="audit_event_object")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("the audit log cannot be changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the audit log cannot be deleted")
