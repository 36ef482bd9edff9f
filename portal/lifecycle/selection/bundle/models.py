"""The result bundle of an approved round (成绩包)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.scoping import ScopedModel
from portal.lifecycle.selection.models import SelectionRound


class ResultBundle(ScopedModel):
    """成绩包: canonical JSON of an approved round without names; everybody can recompute it once the list is in notice."""

    scope_owner = "round__stage__cycle__owner__path"
    scope_public = Q(
        round__status="approved",
        round__stage__cycle__notices__kind="selection",
        round__stage__cycle__notices__status__in=("published", "closed"),
    )

    round = models.OneToOneField(SelectionRound, on_delete=models.PROTECT, related_name="bundle")
    text = models.TextField(_("内容"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    made_at = models.DateTimeField(_("生成时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("成绩包")

    def __str__(self) -> str:
        return f"成绩包 {self.round}"

    def audit_paths(self) -> tuple[str, str]:
        return self.round.audit_paths()
