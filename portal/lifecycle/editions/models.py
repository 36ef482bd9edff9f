"""From which lower entry an entry came."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry


class Forwarding(ScopedModel):
    """上报记录: a winner of an edition below became an entry above; each lower entry goes up at most once."""

    scope_owner = "entry__organisation__path"
    scope_route = "entry__route_path"

    origin = models.OneToOneField(
        Entry, verbose_name=_("下级届次的申报件"), on_delete=models.PROTECT, related_name="forwarding"
    )
    entry = models.OneToOneField(
        Entry, verbose_name=_("上级届次的申报件"), on_delete=models.PROTECT, related_name="origin_record"
    )
    by_organisation = models.ForeignKey(
        Organisation, verbose_name=_("上报工会"), on_delete=models.PROTECT, related_name="+"
    )
    forwarded_by = models.ForeignKey(User, verbose_name=_("上报人"), on_delete=models.PROTECT, related_name="+")
    forwarded_at = models.DateTimeField(_("上报时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("上报记录")
        ordering = ["-forwarded_at"]

    def __str__(self) -> str:
        return f"{self.origin.code} → {self.entry.code}"
