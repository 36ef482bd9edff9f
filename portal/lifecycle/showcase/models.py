"""Public pages of what was conferred; a record, not a state (a thing can be conferred and not shown)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Attachment, Entry


class ShowcaseItem(ScopedModel, TimeStamped):
    """成果展示: the consented text and pictures of a winner."""

    scope_owner = "entry__cycle__owner__path"
    scope_public = Q(published_at__isnull=False, withdrawn_at__isnull=True)

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="showcase_item")
    title = models.CharField(_("标题"), max_length=160)
    unit_name = models.CharField(_("单位"), max_length=120)
    summary = models.CharField(_("摘要"), max_length=300, blank=True)
    shown = models.JSONField(_("展示内容"), default=list)  # [{"label", "text"}]
    picture = models.ForeignKey(Attachment, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("成果展示")
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return self.title

    def audit_paths(self) -> tuple[str, str]:
        return self.entry.cycle.owner.path, ""
