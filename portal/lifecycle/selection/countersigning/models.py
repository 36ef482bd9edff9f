"""What a co-host that decides too has said about the list of a round."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.scoping import ScopedModel
from portal.lifecycle.programmes.host_models import CycleHost
from portal.lifecycle.selection.models import SelectionRound


class SignVerdict(models.TextChoices):
    AGREED = "agreed", _("同意")
    REFUSED = "refused", _("不同意")


class Countersignature(ScopedModel):
    """会签: bound to the fingerprint of the list it was given for; a list that has changed is no longer signed.

    One stands per list and co-host; another word on the same list takes its place (``replaced_at``). ``answer`` is what
    the owner replied to a refusal when it asked to reconsider.
    """

    scope_owner = "round__stage__cycle__owner__path"
    scope_route = "host__organisation__path"
    scope_guest = "host__organisation__path"
    scope_guest_where: ClassVar = models.Q(host__ended_at=None)

    round = models.ForeignKey(SelectionRound, on_delete=models.CASCADE, related_name="countersignatures")
    host = models.ForeignKey(CycleHost, on_delete=models.PROTECT, related_name="countersignatures")
    verdict = models.CharField(_("会签意见"), max_length=20, choices=SignVerdict)
    reason = models.TextField(_("说明"), blank=True)
    list_sha256 = models.CharField(_("名单指纹"), max_length=64)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(_("会签时间"))
    replaced_at = models.DateTimeField(null=True)
    answer = models.TextField(_("主办工会答复"), blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("会签")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "host", "list_sha256"],
                condition=models.Q(replaced_at__isnull=True),
                name="lifecycle_countersign_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.host} · {self.round}"

    def audit_paths(self) -> tuple[str, str]:
        return self.host.audit_paths()
