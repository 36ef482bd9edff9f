"""薄弱企业帮扶: non-public enterprises below large size without a competition, who helps them, and what was done."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.filings.models import CompetitionFiling
from competitions.nonpublic.enums import TONE_OF_SUPPORT, Origin, Support
from portal.accounts.models import Employer, Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class WeakUnit(ScopedModel, TimeStamped):
    """帮扶对象: seen by the unit itself and every union above it; in the list at most once while it is being helped."""

    scope_owner = "employer__organisation__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("帮扶工会"), on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, verbose_name=_("企业"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField(_("列入年度"))
    origin = models.CharField(_("来源"), max_length=20, choices=Origin)
    status = models.CharField(_("帮扶状态"), max_length=20, choices=Support, default=Support.ACTIVE)
    helper = models.ForeignKey(
        Employer, verbose_name=_("帮扶单位"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    helper_name = models.CharField(_("其他帮扶单位"), max_length=120, blank=True)  # not in the desk's part of the tree
    contact = models.CharField(_("联系人"), max_length=80)
    plan = models.TextField(_("帮扶计划"))
    due_on = models.DateField(_("帮扶期限"))
    filing = models.ForeignKey(
        CompetitionFiling,
        verbose_name=_("开展的竞赛"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField(_("暂不具备条件的原因"), blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("帮扶对象")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer"], condition=Q(status="active"), name="competitions_weak_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(status="active", filing=None, reason="", ended_at=None)
                | Q(status="held", filing__isnull=False, reason="", ended_at__isnull=False)
                | (Q(status="unable", filing=None, ended_at__isnull=False) & ~Q(reason="")),
                name="competitions_weak_unit_end",
            ),
            models.CheckConstraint(
                condition=(Q(helper__isnull=False) & Q(helper_name="")) | (Q(helper=None) & ~Q(helper_name="")),
                name="competitions_weak_unit_helper",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.employer.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:weak.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_status_display(), TONE_OF_SUPPORT[Support(self.status)])

    @property
    def is_active(self) -> bool:
        return self.status == Support.ACTIVE

    @property
    def helper_label(self) -> str:
        return self.helper.name if self.helper_id else self.helper_name

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, self.employer.organisation.path


class SupportStep(ScopedModel):
    """帮扶措施: planned for a day, then ticked off with what came of it; written once, ticked off once."""

    scope_owner = "weak_unit__employer__organisation__path"

    weak_unit = models.ForeignKey(WeakUnit, on_delete=models.CASCADE, related_name="steps")
    words = models.CharField(_("措施"), max_length=200)
    due_on = models.DateField(_("计划完成"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    result = models.TextField(_("完成情况"), blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("帮扶措施")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, result="") | (Q(done_on__isnull=False) & ~Q(result="")),
                name="competitions_support_step_done",
            )
        ]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return self.weak_unit.get_absolute_url()

    @property
    def is_open(self) -> bool:
        """Still to be done: steps left over when the help ended are not."""
        return self.done_on is None and self.weak_unit.is_active

    def audit_paths(self) -> tuple[str, str]:
        return self.weak_unit.audit_paths()
