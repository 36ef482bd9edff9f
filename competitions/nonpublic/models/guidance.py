"""分类指导模板: competition schemes for kinds of enterprises, kept by the municipal federation in versions."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings.enums import Layer
from competitions.nonpublic.enums import TONE_OF_GUIDANCE, GuidanceStatus
from portal.accounts.enums import EmergingKind, OwnershipClass, SizeClass
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge

KINDS = {"ownerships": OwnershipClass, "sizes": SizeClass, "emerging": EmergingKind, "layers": Layer}


def kinds_field(label: object, choices: list) -> ArrayField:
    """Kinds of one sort; none chosen = whatever they are."""
    return ArrayField(models.CharField(max_length=20, choices=choices), verbose_name=label, default=list, blank=True)


class GuidanceTemplate(ScopedModel, TimeStamped):
    """One version of a template. Everybody below its owner may read it once it was published; only a draft is changed."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("发布工会"), on_delete=models.PROTECT, related_name="+")
    series = models.UUIDField(default=uuid.uuid4, editable=False)  # the same for all versions of one template
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    status = models.CharField(_("状态"), max_length=20, choices=GuidanceStatus, default=GuidanceStatus.DRAFT)
    title = models.CharField(_("模板名称"), max_length=120)
    sizes = kinds_field(_("规模"), SizeClass.choices)
    ownerships = kinds_field(_("所有制"), OwnershipClass.choices)
    layers = kinds_field(_("四个层面"), Layer.choices)
    emerging = kinds_field(_("三新和八大群体"), EmergingKind.choices)
    aims = models.TextField(_("竞赛目标"))
    indicators = models.TextField(_("竞赛指标"))
    procedure = models.TextField(_("组织步骤"))
    rewards = models.TextField(_("奖励办法"))
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("发布时间"), null=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_reason = models.CharField(_("撤回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("分类指导模板")
        ordering = ["title", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="competitions_guidance_version"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(status="published"), name="competitions_guidance_published"
            ),
            models.UniqueConstraint(fields=["series"], condition=Q(status="draft"), name="competitions_guidance_draft"),
            models.CheckConstraint(
                condition=Q(status="draft", published_at=None)
                | Q(status="published", published_at__isnull=False, withdrawn_at=None)
                | (Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="competitions_guidance_status",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:guidance.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_status_display(), TONE_OF_GUIDANCE[GuidanceStatus(self.status)])

    @property
    def is_draft(self) -> bool:
        return self.status == GuidanceStatus.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == GuidanceStatus.PUBLISHED

    def words_of(self, name: str) -> str:
        """Chosen kinds of one sort as people read them; “不限” when none is chosen."""
        labels = dict(KINDS[name].choices)
        return "、".join(str(labels.get(value, value)) for value in getattr(self, name)) or str(_("不限"))

    @property
    def kinds_label(self) -> str:
        """All sorts that are narrowed down, in one line."""
        return "；".join(self.words_of(name) for name in KINDS if getattr(self, name)) or str(_("各类单位"))

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""
