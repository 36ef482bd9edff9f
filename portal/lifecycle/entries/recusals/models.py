"""Staff who keep away from an entry, and who acts for them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.web.ui import Badge


class Recusal(ScopedModel):
    """经办回避: a person of one union's staff has no part in one entry; a colleague acts (decision 0019).

    The row hangs on the entry: like everything about it, the person does not see it.
    """

    scope_owner = "organisation__path"

    entry = models.ForeignKey(Entry, verbose_name=_("申报件"), on_delete=models.CASCADE, related_name="recusals")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所在工会"), on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(User, verbose_name=_("回避人"), on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(User, verbose_name=_("代办人"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("回避事由"), max_length=300)
    recorded_by = models.ForeignKey(User, verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    ended_by = models.ForeignKey(
        User, verbose_name=_("解除人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("解除时间"), null=True, blank=True)
    end_reason = models.CharField(_("解除理由"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("经办回避")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "user", "organisation"], condition=Q(ended_at=None), name="lifecycle_recusal_once"
            ),
            models.CheckConstraint(condition=~Q(deputy=F("user")), name="lifecycle_recusal_deputy_is_another"),
            models.CheckConstraint(
                condition=Q(ended_by=None) | ~Q(ended_by=F("user")), name="lifecycle_recusal_ended_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.code} {self.user}"

    def get_absolute_url(self) -> str:
        return reverse("lifecycle:recusal.list")

    @property
    def badge(self) -> Badge:
        return Badge(_("已解除"), "neutral") if self.ended_at else Badge(_("回避中"), "waiting", "user-off")

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""
