"""What the unit gives itself, and what each reviewer gives, item by item. Sections become ``Score`` rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import Assignment


class ItemValue(models.Model):
    """``value``: marks of an ``add`` item, the deduction of a ``deduct`` item. ``found``: whether a veto holds."""

    item = models.CharField(_("考核项"), max_length=80)
    value = models.DecimalField(_("分值"), max_digits=6, decimal_places=2, null=True, blank=True)
    found = models.BooleanField(_("存在否决情形"), null=True)

    class Meta:
        abstract = True


class SelfMark(ScopedModel, TimeStamped, ItemValue):
    """自评: filled in before the entry is submitted, then fixed."""

    scope_owner = "entry__organisation__path"
    scope_route = "entry__route_path"
    scope_reviewer = "entry__assignments__expert_id"
    scope_reviewer_where = Q(entry__assignments__state__in=("open", "submitted"))

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="self_marks")
    evidence = models.CharField(_("佐证说明"), max_length=500, blank=True)
    file = models.FileField(_("佐证材料"), upload_to="checklists/%Y/%m/", blank=True)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    content_type = models.CharField(_("类型"), max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("大小"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("自评得分")
        constraints = [
            models.UniqueConstraint(fields=["entry", "item"], name="lifecycle_selfmark_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="lifecycle_selfmark_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.item}"

    def audit_paths(self) -> tuple[str, str]:
        return self.entry.audit_paths()


class ItemMark(ScopedModel, TimeStamped, ItemValue):
    """考核项评分: one reviewer's finding on one item, with the reason where it differs from the unit's."""

    scope_owner = "assignment__panel__stage__cycle__owner__path"
    scope_reviewer = "assignment__expert_id"
    scope_reviewer_where = Q(assignment__state__in=("open", "submitted"))

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="item_marks")
    comment = models.CharField(_("评审说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("考核项评分")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "item"], name="lifecycle_itemmark_once"),
            models.CheckConstraint(condition=Q(value=None) | Q(value__gte=0), name="lifecycle_itemmark_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.item}"

    def audit_paths(self) -> tuple[str, str]:
        return self.assignment.audit_paths()
