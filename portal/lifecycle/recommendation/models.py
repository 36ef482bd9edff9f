"""What each union on the route decided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation, User
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry


class Decision(models.TextChoices):
    ENDORSED = "endorsed", _("同意推荐")
    RETURNED = "returned", _("退回补正")
    DECLINED = "declined", _("不予推荐")


class Recommendation(ScopedModel):
    """推荐意见: one decision of one union on one entry; earlier ones stay when an entry comes back."""

    scope_owner = "entry__organisation__path"
    scope_route = "entry__route_path"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="recommendations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(_("层级"), max_length=20)
    decision = models.CharField(_("意见"), max_length=20, choices=Decision)
    opinion = models.TextField(_("意见内容"), blank=True)
    rank = models.PositiveIntegerField(_("排序"), null=True, blank=True)
    is_reserve = models.BooleanField(_("递补"), default=False)
    decided_by = models.ForeignKey(User, verbose_name=_("经办人"), on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("时间"))
    due_at = models.DateTimeField(_("补正期限"), null=True, blank=True)
    field_reasons = models.JSONField(_("逐项原因"), default=dict, blank=True)  # {field code: what to mend}
    vetoes_checked = models.BooleanField(_("已核对一票否决情形"), default=False)
    is_current = models.BooleanField(_("有效"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("推荐意见")
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "level"], condition=Q(is_current=True), name="lifecycle_recommendation_once"
            ),
        ]

    def audit_paths(self) -> tuple[str, str]:
        return self.entry.audit_paths()
