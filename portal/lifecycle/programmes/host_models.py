"""Who hosts a cycle together with its owner, and what was agreed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.core.scoping import ScopedModel
from portal.lifecycle.programmes.models import Cycle


class CycleHost(ScopedModel):
    """联合主办单位: named on the call, the notice and the certificate; with a desk of its own it sees what was agreed."""

    scope_owner = "cycle__owner__path"
    scope_downward = "cycle__owner__path"

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField(_("名称"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("部门工作台"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    can_see = models.BooleanField(_("查看申报件"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("联合主办单位")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "name"], name="lifecycle_host_name"),
            models.UniqueConstraint(fields=["cycle", "organisation"], name="lifecycle_host_desk"),
        ]

    def __str__(self) -> str:
        return self.name
