"""What people decided about one expert and one entry, on top of what the system finds and what was declared."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry


class RulingKind(models.TextChoices):
    CLEARED = "cleared", _("已核实解除")
    PINNED = "pinned", _("固定回避")


class ConflictRuling(ScopedModel):
    """回避认定: clearing a conflict counts only when a second person has confirmed it; a pinned one always excludes."""

    scope_owner = "owner__path"

    owner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    expert = models.ForeignKey(User, verbose_name=_("专家"), on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="conflict_rulings")
    kind = models.CharField(_("认定"), max_length=10, choices=RulingKind)
    reason = models.CharField(_("理由"), max_length=300)
    ruled_by = models.ForeignKey(User, verbose_name=_("认定人"), on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(_("认定时间"))
    confirmed_by = models.ForeignKey(
        User, verbose_name=_("复核人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("回避认定")
        ordering = ["-ruled_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["expert", "entry"], name="lifecycle_ruling_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("ruled_by")), name="lifecycle_ruling_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert} {self.get_kind_display()}"

    @property
    def counts(self) -> bool:
        return self.kind == RulingKind.PINNED or self.confirmed_at is not None

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""
