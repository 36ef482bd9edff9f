"""名额流水: every movement of a nomination place, written once and never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.audit.models import AuditQuerySet
from portal.core.scoping import ScopedManager, ScopedModel
from portal.lifecycle.programmes.models import QuotaAllocation


class PlaceAction(models.TextChoices):
    GRANT = "grant", _("下达")
    RECALL = "recall", _("收回")
    TRANSFER = "transfer", _("划转")
    GIVE_BACK = "give_back", _("退回")
    USE = "use", _("使用")
    RELEASE = "release", _("释放")
    LAPSE = "lapse", _("作废")
    RESTORE = "restore", _("恢复")
    REVERSAL = "reversal", _("冲销")


class Purse(models.TextChoices):
    """What stands behind one side of a posting. ``issued`` belongs to the organiser and to no account."""

    ISSUED = "issued", _("主办工会")
    FREE = "free", _("可用")
    USED = "used", _("已用")
    LAPSED = "lapsed", _("作废")


MANUAL = (PlaceAction.GRANT, PlaceAction.RECALL, PlaceAction.TRANSFER, PlaceAction.GIVE_BACK)


class PlacePosting(ScopedModel):
    """One posting has two sides of one amount – out of ``giver``, into ``taker`` – so that every posting adds up to zero.

    The cycle is the accounts' cycle; a key of its own would make every posting wait for who moves the cycle's stages.
    ``giver_after`` and ``taker_after`` are the balances of the two purses behind it (None for the organiser's).
    """

    scope_owner = "organisation__path"

    is_reserve = models.BooleanField(_("递补"), default=False)
    action = models.CharField(_("事项"), max_length=12, choices=PlaceAction)
    amount = models.PositiveIntegerField(_("数量"))
    giver = models.ForeignKey(QuotaAllocation, on_delete=models.CASCADE, null=True, related_name="outgoing")
    giver_purse = models.CharField(_("转出"), max_length=8, choices=Purse)
    giver_after = models.PositiveIntegerField(_("转出后余额"), null=True)
    taker = models.ForeignKey(QuotaAllocation, on_delete=models.CASCADE, null=True, related_name="incoming")
    taker_purse = models.CharField(_("转入"), max_length=8, choices=Purse)
    taker_after = models.PositiveIntegerField(_("转入后余额"), null=True)
    entry = models.ForeignKey("lifecycle.Entry", on_delete=models.CASCADE, null=True, related_name="place_postings")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversal")
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    # Whose book it was written from: the union whose desk posted it, the organiser for what the calendar does.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    posted_by = models.ForeignKey(User, verbose_name=_("经办人"), on_delete=models.PROTECT, null=True, related_name="+")
    posted_at = models.DateTimeField(_("时间"))

    objects = ScopedManager.from_queryset(AuditQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("名额流水")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="lifecycle_posting_amount"),
            models.CheckConstraint(
                condition=Q(giver__isnull=True, giver_purse=Purse.ISSUED)
                | Q(giver__isnull=False) & ~Q(giver_purse=Purse.ISSUED),
                name="lifecycle_posting_giver",
            ),
            models.CheckConstraint(
                condition=Q(taker__isnull=True, taker_purse=Purse.ISSUED)
                | Q(taker__isnull=False) & ~Q(taker_purse=Purse.ISSUED),
                name="lifecycle_posting_taker",
            ),
            models.CheckConstraint(
                condition=~Q(giver_purse=F("taker_purse")) | ~Q(giver=F("taker")), name="lifecycle_posting_moves"
            ),
        ]
        indexes = [models.Index(fields=["entry", "-id"], name="lifecycle_posting_entry")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.amount}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Written once; what was wrong is put right by a posting the other way."""
        if self.pk is not None:
            raise TypeError("a posting is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("a posting is never deleted")

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""
