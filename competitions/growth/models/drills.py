"""岗位练兵、技术比武: what was held, who came where, the evidence."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.growth.enums import DrillKind, DrillLevel
from competitions.growth.models.people import WorkerFile
from portal.accounts.enums import ImportState
from portal.accounts.models import Organisation, User
from portal.core.crypto import EncryptedTextField
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel


class Drill(ScopedModel, TimeStamped):
    """One drill or match held by one union."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("举办单位"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("类别"), max_length=20, choices=DrillKind)
    level = models.CharField(_("层级"), max_length=20, choices=DrillLevel)
    title = models.CharField(_("名称"), max_length=120)
    trade = models.CharField(_("工种"), max_length=60)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    people = models.PositiveIntegerField(_("参加人数"))
    summary = models.TextField(_("内容和效果"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("练兵比武记录")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "title", "starts_on"], name="competitions_drill_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), people__gt=0), name="competitions_drill_sound"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "starts_on"], name="competitions_drill_year")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:drill.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class OfDrill(ScopedModel):
    scope_owner = "drill__organisation__path"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.drill.audit_paths()


class DrillResult(OfDrill):
    """A worker's place; equal ranks are allowed, a person once."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="results")
    worker = models.ForeignKey(WorkerFile, verbose_name=_("职工"), on_delete=models.PROTECT, related_name="results")
    rank = models.PositiveSmallIntegerField(_("名次"), null=True, blank=True)
    mark = models.DecimalField(_("成绩"), max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("练兵比武成绩")
        ordering = [F("rank").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["drill", "worker"], name="competitions_drill_result_once"),
            models.CheckConstraint(
                condition=(Q(rank=None) | Q(rank__gt=0)) & (Q(mark=None) | Q(mark__gte=0)),
                name="competitions_drill_result_sound",
            ),
        ]

    def __str__(self) -> str:
        return _("成绩 %s") % self.pk  # never the name


class DrillFile(OfDrill):
    """佐证材料."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="drills/%Y/")
    file_name = models.CharField(_("文件名"), max_length=200)
    file_size = models.PositiveBigIntegerField(default=0)
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("练兵比武佐证材料")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file_name


class DrillImport(OfDrill):
    """A list of results: tried, then applied whole or given up. The rows are kept encrypted until then."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(_("文件名"), max_length=200)
    rows = EncryptedTextField(blank=True, default="")
    count = models.PositiveIntegerField(_("行数"), default=0)
    state = models.CharField(_("状态"), max_length=20, choices=ImportState)
    problems = models.JSONField(_("错误"), default=list)  # never with a name or a number in it
    changes = models.JSONField(_("变化"), default=list)  # names masked
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("练兵比武成绩导入")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("competitions:drill.import_detail", kwargs={"pk": self.pk})
