"""Visits to the place: who goes when, what was found, pictures."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry


class VisitState(models.TextChoices):
    PLANNED = "planned", _("已安排")
    FILED = "filed", _("已归档")


class Conclusion(models.TextChoices):
    PASSED = "passed", _("通过")
    MOSTLY = "mostly", _("基本符合")
    FAILED = "failed", _("不符合")


class Visit(ScopedModel, TimeStamped):
    """实地考察: one record per entry. ``findings`` maps a code of the sheet to what was found."""

    scope_owner = "entry__cycle__owner__path"
    scope_reviewer = "entry__assignments__expert_id"
    scope_reviewer_where = Q(entry__assignments__state__in=("open", "submitted"))

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="visit")
    planned_on = models.DateField(_("计划日期"), null=True, blank=True)
    agenda = models.TextField(_("议程"), max_length=500, blank=True)
    visitors = models.ManyToManyField(User, verbose_name=_("考察人员"), related_name="+")
    others = models.JSONField(_("其他考察人员"), default=list)  # names of people without an account
    visited_on = models.DateField(_("考察日期"), null=True, blank=True)
    findings = models.JSONField(_("考察情况"), default=dict)
    summary = models.TextField(_("综合意见"), max_length=1000, blank=True)
    conclusion = models.CharField(_("结论"), max_length=10, choices=Conclusion, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=VisitState, default=VisitState.PLANNED)
    filed_by = models.ForeignKey(
        User, verbose_name=_("归档人"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_at = models.DateTimeField(_("归档时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("实地考察")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="filed") | (Q(visited_on__isnull=False) & ~Q(conclusion="")),
                name="lifecycle_visit_filed_is_complete",
            )
        ]

    def __str__(self) -> str:
        return str(_("“%(entry)s”的实地考察")) % {"entry": self.entry}

    @property
    def is_filed(self) -> bool:
        return self.state == VisitState.FILED

    @property
    def people(self) -> list[str]:
        """Everybody who goes: staff, then others by name."""
        return [*(str(user) for user in self.visitors.all()), *self.others]

    def audit_paths(self) -> tuple[str, str]:
        return self.entry.cycle.owner.path, ""


class VisitPhoto(ScopedModel):
    """考察照片: stored without what the camera wrote into it."""

    scope_owner = "visit__entry__cycle__owner__path"
    scope_reviewer = "visit__entry__assignments__expert_id"
    scope_reviewer_where = Q(visit__entry__assignments__state__in=("open", "submitted"))

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")
    file = models.ImageField(_("照片"), upload_to="visits/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(_("指纹"), max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("考察照片")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "sha256"], name="lifecycle_visitphoto_once")]

    def __str__(self) -> str:
        return self.name

    def audit_paths(self) -> tuple[str, str]:
        return self.visit.audit_paths()
