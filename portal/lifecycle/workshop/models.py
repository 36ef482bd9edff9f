"""Drafts of blueprints: what an administrator is still working on."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.programmes.models import Blueprint, Programme


class DraftStatus(models.TextChoices):
    OPEN = "open", _("编辑中")
    PUBLISHED = "published", _("已发布")
    DISCARDED = "discarded", _("已放弃")


class BlueprintDraft(ScopedModel, TimeStamped):
    """方案草稿: a definition that may be incomplete or wrong; publishing makes a version of it."""

    scope_owner = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("主办工会"), on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(
        Programme, verbose_name=_("项目"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    base = models.ForeignKey(
        Blueprint, verbose_name=_("取自"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("名称"), max_length=120)
    definition = models.JSONField(_("内容"), default=dict)
    version = models.PositiveIntegerField(_("保存次数"), default=1)
    status = models.CharField(_("状态"), max_length=20, choices=DraftStatus, default=DraftStatus.OPEN, db_index=True)
    created_by = models.ForeignKey(
        User, verbose_name=_("起草人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_by = models.ForeignKey(
        User, verbose_name=_("修改人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    published = models.ForeignKey(
        Blueprint, verbose_name=_("发布为"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("方案草稿")
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("lifecycle:draft.edit", kwargs={"pk": self.pk})

    @property
    def is_open(self) -> bool:
        return self.status == DraftStatus.OPEN

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""
