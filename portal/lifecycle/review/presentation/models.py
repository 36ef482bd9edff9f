"""The order in which entries are presented, drawn by lot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage


class PresentationDraw(ScopedModel):
    """抽签: ``seed`` and the entries give the order; the draw with the highest number counts."""

    scope_owner = "stage__cycle__owner__path"

    stage = models.ForeignKey(CycleStage, on_delete=models.CASCADE, related_name="draws")
    number = models.PositiveIntegerField(_("第几次抽签"))
    seed = models.CharField(_("随机种子"), max_length=64)
    reason = models.CharField(_("重新抽签原因"), max_length=300, blank=True)
    drawn_by = models.ForeignKey(User, verbose_name=_("抽签人"), on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("抽签时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("展示抽签")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="lifecycle_draw_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="lifecycle_draw_again_has_reason"),
        ]

    def __str__(self) -> str:
        return str(_("%(cycle)s展示抽签第%(n)s次")) % {"cycle": self.stage.cycle, "n": self.number}

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""


class PresentationSlot(ScopedModel):
    """展示次序"""

    scope_owner = "draw__stage__cycle__owner__path"
    scope_reviewer = "entry__assignments__expert_id"
    scope_reviewer_where = Q(entry__assignments__state__in=("open", "submitted"))

    draw = models.ForeignKey(PresentationDraw, on_delete=models.CASCADE, related_name="slots")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="presentation_slots")
    place = models.PositiveIntegerField(_("次序"))

    class Meta:
        verbose_name = verbose_name_plural = _("展示次序")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "entry"], name="lifecycle_slot_entry"),
            models.UniqueConstraint(fields=["draw", "place"], name="lifecycle_slot_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.entry}"

    def audit_paths(self) -> tuple[str, str]:
        return self.draw.audit_paths()
