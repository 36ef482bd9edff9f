"""Lists that grow: forms of competitions, campaigns, and the tags by which the federation counts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import CatalogueGroup
from portal.accounts.models import Organisation
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel


class CatalogueItem(ScopedModel, TimeStamped):
    """目录项: kept by the federation, known to everybody below; withdrawn ones stay for what was filed under them."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("制定单位"), on_delete=models.PROTECT, related_name="+")
    group = models.CharField(_("类别"), max_length=20, choices=CatalogueGroup)
    code = models.SlugField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    first_year = models.PositiveIntegerField(_("启用年度"), null=True, blank=True)
    last_year = models.PositiveIntegerField(_("截止年度"), null=True, blank=True)
    is_new_form = models.BooleanField(_("新形式"), default=False)  # counted as 创新形式
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛目录")
        ordering = ["group", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "group", "code"], name="competitions_catalogue_code"),
            models.UniqueConstraint(fields=["owner", "group", "name"], name="competitions_catalogue_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""
