"""年度复查: a campaign of the level that gave the labels, one re-check per holder, its evidence and its steps."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.labels.enums import TONE_OF_STATUS, RecheckStatus, Step
from competitions.labels.kinds import title_of
from competitions.labels.models.teams import TeamLabel
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class RecheckCampaign(ScopedModel, TimeStamped):
    """复查安排: all valid labels of one kind that ``owner`` gave, in one year, by the criteria of that day."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"  # units read the call of the union above them

    owner = models.ForeignKey(Organisation, verbose_name=_("组织单位"), on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("称号"), max_length=20)
    year = models.PositiveIntegerField(_("年度"))
    words = models.TextField(_("要求"))
    due_on = models.DateField(_("自查截止"))
    criteria = models.JSONField(_("标准"))  # [{code, text, veto}] of ``version``
    version = models.CharField(_("标准版本"), max_length=20)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("发起时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("复查安排")
        ordering = ["-year", "-opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "kind", "year"], name="competitions_recheck_campaign_once"),
        ]

    def __str__(self) -> str:
        return _("%(year)d年%(kind)s复查") % {"year": self.year, "kind": self.title}

    def get_absolute_url(self) -> str:
        return reverse("competitions:campaign.detail", kwargs={"pk": self.pk})

    @property
    def title(self) -> str:
        return title_of(self.kind)

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class Recheck(ScopedModel, TimeStamped):
    """复查: what the unit says of itself, and what the level that gave the label found. ``due_on`` moves with mending."""

    scope_owner = "label__team__organisation__path"

    campaign = models.ForeignKey(RecheckCampaign, on_delete=models.PROTECT, related_name="rechecks")
    label = models.ForeignKey(TeamLabel, on_delete=models.PROTECT, related_name="rechecks")
    status = models.CharField(_("状态"), max_length=20, choices=RecheckStatus, default=RecheckStatus.WAITING)
    due_on = models.DateField(_("截止"))
    answers = models.JSONField(_("自查"), default=dict)  # criterion code → {"met": …, "words": …}
    words = models.TextField(_("自查说明"), blank=True)
    filed_at = models.DateTimeField(_("报送时间"), null=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("年度复查")
        ordering = ["due_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "label"], name="competitions_recheck_once")]

    def __str__(self) -> str:
        return f"{self.label.team.name} {self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:recheck.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        tones = {str(key): tone for key, tone in TONE_OF_STATUS.items()}
        return Badge(self.get_status_display(), tones[self.status])

    @property
    def has_ended(self) -> bool:
        return self.status in {RecheckStatus.CONFIRMED, RecheckStatus.REMOVED}

    def audit_paths(self) -> tuple[str, str]:
        return self.label.paths


class RecheckStep(ScopedModel):
    """复查经过: only added, never changed."""

    scope_owner = "recheck__label__team__organisation__path"

    recheck = models.ForeignKey(Recheck, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(_("事项"), max_length=20, choices=Step)
    words = models.TextField(_("说明"), blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("复查经过")
        ordering = ["-at", "-pk"]


class RecheckFile(ScopedModel):
    """自查佐证材料."""

    scope_owner = "recheck__label__team__organisation__path"

    recheck = models.ForeignKey(Recheck, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="labels/%Y/")
    file_name = models.CharField(max_length=200)
    file_size = models.PositiveBigIntegerField(default=0)
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("复查佐证")
        ordering = ["pk"]
