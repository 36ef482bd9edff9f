"""Certificates as they were issued: every version with its signature."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.register.models import HonourRecord, HonourStatus
from portal.accounts.models import User
from portal.core.scoping import ScopedModel


class CertificateIssue(ScopedModel):
    """证书签发: version 1 with the conferral; a re-issued certificate is the next version and supersedes the one before."""

    scope_owner = "honour__recipient_path"
    scope_public = Q(honour__status__in=HonourStatus.values)

    honour = models.ForeignKey(HonourRecord, on_delete=models.PROTECT, related_name="issues")
    version = models.PositiveSmallIntegerField(_("版本"))
    token = models.TextField(_("签名内容"))
    key = models.CharField(_("密钥编号"), max_length=8)
    issued_at = models.DateTimeField(_("签发时间"))
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("换发原因"), max_length=300, blank=True)
    superseded_at = models.DateTimeField(_("被换发时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("证书签发")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["honour", "version"], name="awards_issue_version"),
            models.UniqueConstraint(
                fields=["honour"], condition=Q(superseded_at__isnull=True), name="awards_issue_current_once"
            ),
        ]

    def audit_paths(self) -> tuple[str, str]:
        return self.honour.audit_paths()
