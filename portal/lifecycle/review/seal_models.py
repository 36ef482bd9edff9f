"""Seals of submitted sheets (封存评分)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.crypto import EncryptedTextField
from portal.core.scoping import ScopedModel
from portal.lifecycle.review.models import Assignment


class SheetSeal(ScopedModel):
    """封存: the hash of a sheet and a salt, taken when it was submitted; a sheet that was given back gets a new version.

    Salt and marks stay encrypted until the result bundle reveals them.
    """

    scope_owner = "assignment__panel__stage__cycle__owner__path"
    scope_reviewer = "assignment__expert_id"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="seals")
    version = models.PositiveSmallIntegerField(_("版本"))
    sha256 = models.CharField(_("封存值"), max_length=64)
    salt = EncryptedTextField(_("随机数"))
    marks = EncryptedTextField(_("封存的评分"))
    sealed_at = models.DateTimeField(_("封存时间"))
    reopened_at = models.DateTimeField(_("退回时间"), null=True)
    reopened_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评分封存")
        ordering = ["assignment", "version"]
        constraints = [models.UniqueConstraint(fields=["assignment", "version"], name="lifecycle_seal_version")]
