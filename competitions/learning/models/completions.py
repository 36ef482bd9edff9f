"""结业记录: who finished which course when; a person is told apart by the keyed fingerprint of the document's number."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.learning.models.resources import TrainingResource
from competitions.rosters.enums import IdKind
from portal.accounts.enums import ImportState
from portal.accounts.models import Organisation, User
from portal.core.crypto import EncryptedTextField
from portal.core.scoping import ScopedModel
from portal.core.text import mask_id_number

ZERO = MinValueValidator(Decimal(0))


class Completion(ScopedModel):
    """One person, one course, one day: entered once in a federation, by whichever union."""

    scope_owner = "organisation__path"

    root_path = models.CharField(max_length=20)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("登记单位"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("姓名"), max_length=60)
    id_kind = models.CharField(_("证件类型"), max_length=20, choices=IdKind, default=IdKind.CITIZEN)
    id_number = EncryptedTextField(_("证件号码"))
    id_index = models.CharField(max_length=64, editable=False, db_index=True)  # as in the register of workers
    person_index = models.CharField(max_length=64, blank=True, default="", db_index=True)  # as contests know a citizen
    platform = models.CharField(_("学习平台"), max_length=80)
    course = models.CharField(_("课程"), max_length=120)
    resource = models.ForeignKey(
        TrainingResource, verbose_name=_("培训资源"), on_delete=models.SET_NULL, null=True, related_name="completions"
    )
    hours = models.DecimalField(_("学时"), max_digits=6, decimal_places=1, validators=[ZERO])
    finished_on = models.DateField(_("日期"))
    is_finished = models.BooleanField(_("已结业"), default=True)
    score = models.DecimalField(
        _("成绩"), max_digits=5, decimal_places=1, null=True, validators=[ZERO, MaxValueValidator(Decimal(1000))]
    )
    certificate_number = models.CharField(_("证书编号"), max_length=60, blank=True)
    batch = models.ForeignKey(
        "competitions.CompletionImport", on_delete=models.PROTECT, null=True, related_name="completions"
    )
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("结业记录")
        ordering = ["-finished_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["root_path", "id_index", "course", "finished_on"], name="competitions_completion_once"
            ),
            models.CheckConstraint(condition=Q(hours__gte=0), name="competitions_completion_hours"),
        ]
        indexes = [models.Index(fields=["organisation", "finished_on"], name="competitions_completion_year")]

    def __str__(self) -> str:
        return _("结业记录 %s") % self.pk  # never the name: this text goes into logs and audit rows

    @property
    def masked_id(self) -> str:
        return mask_id_number(self.id_number)

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class CompletionImport(ScopedModel):
    """结业导入: one uploaded workbook (encrypted on disk), its dry run, and – whole or not at all – its application."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("登记单位"), on_delete=models.PROTECT, related_name="+"
    )
    file = models.FileField(_("文件"), upload_to="completions/%Y/%m/")
    file_name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=20, choices=ImportState, default=ImportState.CHECKING)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    creates = models.PositiveIntegerField(_("新增"), default=0)
    updates = models.PositiveIntegerField(_("更新"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    errors = models.PositiveIntegerField(_("有误行数"), default=0)
    problems = models.JSONField(_("错误"), default=list)  # never with a name or a number in it
    changes = models.JSONField(_("变化"), default=list)  # names masked
    job_id = models.BigIntegerField(null=True)
    uploaded_by = models.ForeignKey(User, verbose_name=_("上传人"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    applied_at = models.DateTimeField(_("导入时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("结业导入")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("competitions:completion_import.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""
