"""Who hosts a cycle together with its owner, and what was agreed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.blueprints.editions import HostRight
from portal.lifecycle.programmes.models import Cycle


class CycleHost(ScopedModel, TimeStamped):
    """联合主办单位: named on the call, the notice and the certificate; with a desk of its own it does what was agreed.

    ``organisation`` is a department of the owner's tree or another municipal root. Hosting that has ended stays, for what
    the host has said and signed.
    """

    scope_owner = "cycle__owner__path"
    scope_route = "organisation__path"
    scope_downward = "cycle__owner__path"
    scope_guest = "organisation__path"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField(_("名称"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("对应工作台"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    can_see = models.BooleanField(_("查看申报件"), default=False)
    can_clear = models.BooleanField(_("出具审查意见"), default=False)
    can_decide = models.BooleanField(_("会签评选结果"), default=False)
    is_awaited = models.BooleanField(_("须等其意见方可继续"), default=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    acknowledged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(_("确认时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("联合主办单位")
        ordering = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cycle", "name"], condition=Q(ended_at__isnull=True), name="lifecycle_host_name"
            ),
            models.UniqueConstraint(
                fields=["cycle", "organisation"], condition=Q(ended_at__isnull=True), name="lifecycle_host_desk"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("lifecycle:joint.detail", kwargs={"pk": self.pk})

    @property
    def rights(self) -> list[HostRight]:
        """What was agreed, as the blueprint writes it."""
        agreed = {HostRight.SEE: self.can_see, HostRight.CLEAR: self.can_clear, HostRight.DECIDE: self.can_decide}
        return [right for right, given in agreed.items() if given]

    @property
    def rights_text(self) -> str:
        return "、".join(str(right.label) for right in self.rights) or str(_("只列名"))

    def audit_paths(self) -> tuple[str, str]:
        return self.cycle.owner.path, self.organisation.path if self.organisation else ""
