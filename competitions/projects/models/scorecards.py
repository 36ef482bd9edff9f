"""“五比一创”: versions of the definition, and cards that keep the one they were marked under."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects.models.project import KeyProject, OfProject
from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel


class ScorecardDefinition(ScopedModel):
    """评分标准的一个版本: never changed once it is there; known to everybody below its owner."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("制定单位"), on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(_("代码"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=120)
    content = models.JSONField()  # as read from the TOML file, see domain.definitions
    fingerprint = models.CharField(_("指纹"), max_length=64)
    loaded_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("评分标准")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "code", "version"], name="competitions_definition_version"),
            models.UniqueConstraint(fields=["owner", "code", "fingerprint"], name="competitions_definition_content"),
        ]

    def __str__(self) -> str:
        return _("%(title)s（第%(n)d版）") % {"title": self.title, "n": self.version}

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class Scorecard(OfProject):
    """一次评分: marks by dimension under one version; the total is computed and kept."""

    project = models.ForeignKey(KeyProject, on_delete=models.CASCADE, related_name="scorecards")
    definition = models.ForeignKey(ScorecardDefinition, on_delete=models.PROTECT, related_name="+")
    scored_on = models.DateField(_("评分日期"))
    marks = models.JSONField(_("得分"))  # {dimension code: mark as text}
    total = models.DecimalField(_("总分"), max_digits=6, decimal_places=2)
    veto = models.CharField(_("一票否决情形"), max_length=200, blank=True)
    words = models.TextField(_("评语"), blank=True)
    scored_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("评分单位"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    scored_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("评分卡")
        ordering = ["-scored_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.project} {self.scored_on}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:scorecard.detail", kwargs={"pk": self.pk})
