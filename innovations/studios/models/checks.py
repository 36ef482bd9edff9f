"""年度考核 with evidence; proposals to take a plate away; requests to change the leader or to end a studio."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovations.studios.enums import TONE_OF_CHECK, CheckStatus, RequestKind, RequestReason
from innovations.studios.models.base import OfStudio
from innovations.studios.models.studios import Studio
from portal.accounts.models import Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.web.ui import Badge


class YearCheck(ScopedModel, TimeStamped):
    """年度考核 of one studio: ``criteria`` and ``grades`` are those of the day it was opened; marks are texts of decimals."""

    scope_owner = "studio__organisation__path"

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="checks")
    owner = models.ForeignKey(Organisation, verbose_name=_("考核单位"), on_delete=models.PROTECT, related_name="+")
    year = models.PositiveIntegerField(_("年度"))
    due_on = models.DateField(_("自评截止"))
    status = models.CharField(_("状态"), max_length=20, choices=CheckStatus, default=CheckStatus.WAITING)
    criteria = models.JSONField(_("指标"))
    grades = models.JSONField(_("等级"))
    version = models.CharField(_("指标版本"), max_length=20)
    pass_mark = models.PositiveSmallIntegerField(_("合格分"))
    own_marks = models.JSONField(_("自评"), default=dict)
    marks = models.JSONField(_("考核得分"), default=dict)
    facts = models.JSONField(_("报送时的记录"), default=dict)  # what the records said when it was handed in
    summary = models.TextField(_("年度工作总结"), blank=True)
    plan = models.TextField(_("下一年计划"), blank=True)
    opinion = models.TextField(_("考核意见"), blank=True)
    total = models.DecimalField(_("得分"), max_digits=5, decimal_places=1, null=True)
    grade = models.CharField(_("等级"), max_length=20, blank=True)
    first_total = models.DecimalField(_("整改前得分"), max_digits=5, decimal_places=1, null=True)
    filed_at = models.DateTimeField(_("报送时间"), null=True)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("考核时间"), null=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("工作室年度考核")
        ordering = ["-year", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["studio", "year"], name="innovations_check_once"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=models.F("filed_by")),
                name="innovations_check_second_person",
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(total__gte=0, total__lte=100), name="innovations_check_total"
            ),
        ]

    def __str__(self) -> str:
        return _("%(year)d年度考核 %(studio)s") % {"year": self.year, "studio": self.studio.name}

    def get_absolute_url(self) -> str:
        return reverse("innovations:check.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        tone, label = TONE_OF_CHECK[CheckStatus(self.status)], self.get_status_display()
        return Badge(f"{label}（{self.grade}）" if self.grade and self.status == CheckStatus.PASSED else label, tone)

    @property
    def full(self) -> Decimal:
        return Decimal(sum(c["max"] for c in self.criteria))

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, self.studio.organisation.path


class CheckFile(OfStudio):
    """考核佐证材料; ``check`` and the studio are one and the same."""

    kind_of_record = "check"

    check_of = models.ForeignKey(YearCheck, on_delete=models.PROTECT, related_name="files")

    class Meta:
        verbose_name = verbose_name_plural = _("考核佐证")
        ordering = ["pk"]


class StudioRemoval(ScopedModel):
    """摘牌建议: one person proposes with a reason, another decides; kept whatever was decided."""

    scope_owner = "studio__organisation__path"

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="removals")
    reason = models.CharField(_("摘牌原因"), max_length=300)
    was = models.CharField(max_length=20)  # the status to which the studio goes back when it is kept
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("提出时间"))
    agreed = models.BooleanField(_("同意摘牌"), null=True)
    decided_words = models.CharField(_("复核意见"), max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("复核时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("工作室摘牌建议")
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(fields=["studio"], condition=Q(agreed=None), name="innovations_removal_open"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("proposed_by")),
                name="innovations_removal_second_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.studio)

    def get_absolute_url(self) -> str:
        return self.studio.get_absolute_url()

    def audit_paths(self) -> tuple[str, str]:
        return self.studio.audit_paths()


class StudioRequest(OfStudio):
    """变更、注销申请 of the unit, decided by the union that named the studio (unnamed: by the unit's second person)."""

    kind_of_record = "request"

    kind = models.CharField(_("申请事项"), max_length=20, choices=RequestKind)
    reason = models.CharField(_("原因"), max_length=20, choices=RequestReason)
    on = models.DateField(_("发生日期"))
    words = models.TextField(_("说明"))
    new_leader = models.CharField(_("新领衔人"), max_length=40, blank=True)
    new_post = models.CharField(_("新领衔人岗位、职务"), max_length=60, blank=True)
    new_honour = models.CharField(_("新领衔人主要荣誉"), max_length=120, blank=True)
    agreed = models.BooleanField(_("同意"), null=True)
    opinion = models.CharField(_("审核意见"), max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("审核时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("工作室变更申请")
        ordering = ["-entered_at"]
        constraints = [
            models.UniqueConstraint(fields=["studio"], condition=Q(agreed=None), name="innovations_request_open"),
            models.CheckConstraint(
                condition=Q(kind="close") | ~Q(new_leader=""), name="innovations_request_new_leader"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("entered_by")),
                name="innovations_request_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.studio} {self.get_kind_display()}"

    @property
    def badge(self) -> Badge:
        if self.agreed is None:
            return Badge(_("待审核"), "waiting")
        return Badge(_("已同意"), "ok") if self.agreed else Badge(_("未同意"), "stopped")
