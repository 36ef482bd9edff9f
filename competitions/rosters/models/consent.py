"""What people were told, what they answered, and the papers behind answers given on paper."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from competitions.rosters.enums import Answer, Means
from competitions.rosters.models.people import OfRoster, Participation, Roster, RosterTeam
from portal.accounts.models import User
from portal.core.scoping import ScopedModel


class ConsentText(models.Model):
    """告知书的一个版本: what is collected, by whom, why, how long, how to withdraw. Never changed once it is there."""

    version = models.PositiveIntegerField(_("版本"), unique=True)
    title = models.CharField(_("标题"), max_length=120)
    content = models.JSONField()  # sections of definitions/consent.toml
    fingerprint = models.CharField(_("指纹"), max_length=64, unique=True)
    loaded_at = models.DateTimeField(_("启用时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("个人信息告知书")
        ordering = ["-version"]

    def __str__(self) -> str:
        return _("%(title)s（第%(n)d版）") % {"title": self.title, "n": self.version}


class ConsentBatch(OfRoster):
    """书面同意: a signed sheet for several people, with its scan."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="consent_batches")
    team = models.ForeignKey(RosterTeam, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    signed_on = models.DateField(_("签字日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    people = models.PositiveIntegerField(_("人数"))
    file = models.FileField(_("签字表扫描件"), upload_to="consents/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"), default=0)
    content_type = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("书面同意")
        ordering = ["-recorded_at", "-pk"]


class Consent(ScopedModel):
    """One answer of one person; answers follow one another and none is ever changed."""

    scope_owner = "participation__roster__organisation__path"

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("答复"), max_length=20, choices=Answer)
    means = models.CharField(_("方式"), max_length=20, choices=Means)
    batch = models.ForeignKey(ConsentBatch, on_delete=models.PROTECT, null=True, related_name="answers")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("知情同意记录")
        ordering = ["at", "pk"]

    def audit_paths(self) -> tuple[str, str]:
        return self.participation.audit_paths()
