"""Results of a contest: who recorded them, who confirmed them, out of which file."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage


class ResultBatchState(models.TextChoices):
    FAULTY = "faulty", _("有错误")
    CHECKED = "checked", _("待导入")
    APPLIED = "applied", _("已导入")
    CANCELLED = "cancelled", _("已放弃")


class MarksFile(ScopedModel):
    """One uploaded workbook, what the dry run found, and – as one unit or not at all – its application."""

    scope_owner = "stage__cycle__owner__path"

    stage = models.ForeignKey(CycleStage, on_delete=models.CASCADE, related_name="+")
    file = models.FileField(_("文件"), upload_to="results/%Y/%m/")
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=20, choices=ResultBatchState)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    problems = models.JSONField(_("错误"), default=list)  # [{"row", "column", "message"}]; row 0 = whole file
    changes = models.JSONField(_("变化"), default=list)  # [{"row", "kind", "title", "details"}]
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    uploaded_by = models.ForeignKey(User, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        abstract = True
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def faulty_rows(self) -> int:
        return len({problem["row"] for problem in self.problems})

    def audit_paths(self) -> tuple[str, str]:
        return self.stage.cycle.owner.path, ""


class ResultBatch(MarksFile):
    """成绩单: lines by the number of the entry."""

    class Meta(MarksFile.Meta):
        verbose_name = verbose_name_plural = _("成绩单")


class ResultState(models.TextChoices):
    RECORDED = "recorded", _("待确认")
    RETURNED = "returned", _("退回核对")
    CONFIRMED = "confirmed", _("已确认")


class ContestResult(ScopedModel, TimeStamped):
    """竞赛成绩: becomes marks only when a second person has confirmed it (domain.md 2.2 复核).

    ``marks`` maps a part of the rubric to its mark as text; empty when the contestant was ``absent``.
    """

    scope_owner = "entry__cycle__owner__path"

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="contest_result")
    marks = models.JSONField(_("成绩"), default=dict)
    absent = models.BooleanField(_("缺考"), default=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=ResultState, default=ResultState.RECORDED)
    batch = models.ForeignKey(ResultBatch, on_delete=models.SET_NULL, null=True, related_name="results")
    recorded_by = models.ForeignKey(User, verbose_name=_("录入人"), on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("录入时间"))
    confirmed_by = models.ForeignKey(
        User, verbose_name=_("确认人"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    return_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("竞赛成绩")
        ordering = ["entry__code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("recorded_by")) | Q(confirmed_by=None),
                name="lifecycle_result_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_by__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_by=None)),
                name="lifecycle_result_confirmed_by",
            ),
        ]

    def __str__(self) -> str:
        return str(_("“%(entry)s”的成绩")) % {"entry": self.entry}

    @property
    def is_confirmed(self) -> bool:
        return self.state == ResultState.CONFIRMED

    def audit_paths(self) -> tuple[str, str]:
        return self.entry.cycle.owner.path, ""
