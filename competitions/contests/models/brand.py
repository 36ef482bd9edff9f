"""媒体报道: what was written about the contests of a year, for the brand's page."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from competitions.contests.enums import Medium
from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel


class MediaReport(ScopedModel):
    """One report; entered by the federation's own desk or a union below, read by everybody."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"
    scope_public = Q(pk__isnull=False)

    owner = models.ForeignKey(Organisation, verbose_name=_("登记工会"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField(_("年度"), validators=[MinValueValidator(2000)])
    title = models.CharField(_("标题"), max_length=120)
    outlet = models.CharField(_("媒体"), max_length=60)
    medium = models.CharField(_("媒体类别"), max_length=20, choices=Medium)
    published_on = models.DateField(_("刊发日期"))
    link = models.URLField(_("链接"), max_length=300, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("媒体报道")
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "outlet", "title", "published_on"], name="competitions_media_once")
        ]
        indexes = [models.Index(fields=["year"], name="competitions_media_year")]

    def __str__(self) -> str:
        return self.title

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""
