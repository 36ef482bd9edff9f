"""What a co-host itself says about an entry."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.host_models import CycleHost


class HostVerdict(models.TextChoices):
    AGREED = "agreed", _("同意")
    REFUSED = "refused", _("不同意")
    UNKNOWN = "unknown", _("不掌握情况")


class HostOpinion(ScopedModel):
    """联合主办单位意见: one per entry and co-host, the last word counts. The owner may go on against a refusal with a
    reason (``overruled_…``); a new opinion takes that back.
    """

    scope_owner = "entry__cycle__owner__path"
    scope_route = "host__organisation__path"
    scope_guest = "host__organisation__path"
    scope_guest_where: ClassVar = models.Q(host__ended_at=None)

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="host_opinions")
    host = models.ForeignKey(CycleHost, on_delete=models.PROTECT, related_name="opinions")
    verdict = models.CharField(_("意见"), max_length=20, choices=HostVerdict)
    note = models.TextField(_("说明"), blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("时间"))
    file = models.FileField(_("盖章扫描件"), upload_to="opinions/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=120, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    overruled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    overruled_at = models.DateTimeField(_("继续办理时间"), null=True)
    overruled_reason = models.TextField(_("继续办理的理由"), blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("联合主办单位意见")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "host"], name="lifecycle_opinion_once")]

    def __str__(self) -> str:
        return f"{self.host} · {self.entry}"

    @property
    def is_objection(self) -> bool:
        """Refused, and the owner has not said why it goes on."""
        return self.verdict == HostVerdict.REFUSED and self.overruled_at is None

    def audit_paths(self) -> tuple[str, str]:
        return self.host.audit_paths()
